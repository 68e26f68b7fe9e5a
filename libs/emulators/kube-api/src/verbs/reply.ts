import type { Call } from "../http/call.ts";
import { send } from "../http/respond.ts";
import { entryIn, inVersion } from "../kinds/form.ts";
import type { Kind } from "../kinds/kind.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import type { Status } from "../status.ts";
import type { Entry } from "../store/entry.ts";
import { projectionOf } from "../table/negotiate.ts";
import type { ListMetadata } from "../table/projection.ts";

/** Answers with one object, in the form the client asked for. */
export function sendObject(call: Call, kind: Kind, object: KubeObject, now: number, status = 200): void {
  const projection = projectionOf(call, kind, now);
  const shown = inVersion(kind, object);
  const body = projection ? projection.single(shown) : JSON.stringify(shown);
  send(call, { status, body });
}

/** Answers with a list. Objects are not serialised again: each keeps its JSON. */
export function sendList(call: Call, kind: Kind, entries: readonly Entry[], metadata: ListMetadata, now: number): void {
  const projection = projectionOf(call, kind, now);
  if (projection) {
    send(call, {
      body: projection.list(
        entries.map(({ object }) => object),
        metadata,
      ),
    });
    return;
  }
  const items = entries.map((entry) => (kind.custom ? jsonIn(kind, entry) : entryIn(kind, entry).itemJson)).join(",");
  // Untyped lists always have the field.
  const shown = kind.custom ? { continue: "", ...metadata } : metadata;
  const head = JSON.stringify({ kind: kind.listKind, apiVersion: apiVersionOf(kind), metadata: shown }).slice(0, -1);
  send(call, { body: `${head},"items":[${items}]}` });
}

/** An object as it reads in the kind's version. */
export function jsonIn(kind: Kind, { object, json }: Entry): string {
  const shown = inVersion(kind, object);
  return shown === object ? json : JSON.stringify(shown);
}

/** What a deletion answers when the object is gone. */
export function deletedStatus(kind: Kind, { metadata }: KubeObject): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: metadata.name,
      ...(kind.group && { group: kind.group }),
      kind: kind.resource,
      ...(metadata.uid && { uid: metadata.uid }),
    },
  };
}
