import { review } from "../auth/reviews.ts";
import { serverAudience, type Tokens } from "../auth/tokens.ts";
import { type Fields, fieldsAt, isFields } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { timestamp } from "../objects.ts";
import type { Cluster } from "../operations/cluster.ts";
import { finalizeNamespace } from "../operations/finalize.ts";
import { notFound } from "../status.ts";
import { scale } from "../verbs/scale.ts";
import { decodeBody, readBody } from "./body.ts";
import { type Call, header } from "./call.ts";
import type { SpecialHandler } from "./dispatch.ts";
import { send } from "./respond.ts";

/** Subresources that are no part of the object, and kinds that are answers rather than objects. */
export function specialHandler(tokens: Tokens): SpecialHandler {
  return async (cluster, kind, call) => {
    const { info } = call;
    if (info.subresource === "scale") return scale(cluster, kind, call);
    if (info.verb === "create" && info.subresource === "token" && kind.collection === "/serviceaccounts") {
      await issueToken(cluster, tokens, kind, call);
      return true;
    }
    if (info.verb === "update" && info.subresource === "finalize" && kind.collection === "/namespaces") {
      const body = await readObject(call, kind);
      send(call, { body: JSON.stringify(finalizeNamespace(cluster, kind, info.name, body)) });
      return true;
    }
    if (info.verb !== "create" || kind.verbs.length !== 1) return false;
    const spec = fieldsAt(await readObject(call, kind), "spec") ?? {};
    const answer = review(cluster.store, tokens, kind, call, spec, timestamp(cluster.now()));
    if (!answer) return false;
    send(call, { status: 201, body: JSON.stringify(answer) });
    return true;
  };
}

async function readObject(call: Call, kind: Kind): Promise<Fields> {
  const { value } = decodeBody(await readBody(call.request), header(call, "content-type"), kind.kind);
  return isFields(value) ? value : {};
}

async function issueToken({ now }: Cluster, tokens: Tokens, kind: Kind, call: Call): Promise<void> {
  const { info } = call;
  const body = await readObject(call, kind);
  const spec = fieldsAt(body, "spec") ?? {};
  const seconds = Number(spec["expirationSeconds"] ?? 3600);
  const asked = (spec["audiences"] ?? []) as string[];
  const audiences = asked.length === 0 ? [serverAudience] : asked;
  const issued = tokens.issue(info.namespace, info.name, seconds, audiences);
  if (!issued) throw notFound(kind, info.name);
  const answer = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name: info.name, namespace: info.namespace, creationTimestamp: timestamp(now()) },
    spec: { ...spec, audiences, expirationSeconds: seconds },
    status: { token: issued.token, expirationTimestamp: timestamp(issued.expiresAt) },
  };
  send(call, { status: 201, body: JSON.stringify(answer) });
}
