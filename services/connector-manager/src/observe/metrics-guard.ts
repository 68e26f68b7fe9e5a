import { createHash } from "node:crypto";
import {
  type Client,
  type SubjectAccessReview,
  subjectAccessReviews,
  type TokenReview,
  tokenReviews,
} from "@application-connector/kube";

/** What becomes of a request for metrics, as an HTTP status. */
export type Verdict = 200 | 401 | 403 | 503;

const deadlineMs = 3_000;
/** How long answers hold: a right that is taken away ends so much later, one that is given is heard of soon. */
const allowedMs = 60_000;
const refusedMs = 5_000;
const mostKept = 100;
const mostAtOnce = 8;
const longestToken = 8 * 1024;

/**
 * Lets through who holds a token of this cluster and may `get` the path, as the Kubernetes API says. It is asked once per
 * token and minute, and not for more than some tokens at a time: what somebody makes up must not flood it.
 */
export function createMetricsGuard(client: Client, path: string): (authorization?: string) => Promise<Verdict> {
  const kept = new Map<string, { verdict: Verdict; until: number }>();
  let asking = 0;

  const ask = async (token: string): Promise<Verdict> => {
    const user = await reviewToken(client, token);
    if (user === undefined) return 401;
    return (await mayGet(client, user, path)) ? 200 : 403;
  };

  return async (authorization = "") => {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > longestToken) return 401;
    const key = createHash("sha256").update(token).digest("base64");
    const known = kept.get(key);
    if (known !== undefined && known.until > client.clock.now()) return known.verdict;
    if (asking >= mostAtOnce) return 503;
    asking++;
    try {
      const verdict = await ask(token);
      kept.delete(key);
      for (const oldest of kept.keys()) {
        if (kept.size < mostKept) break;
        kept.delete(oldest);
      }
      kept.set(key, { verdict, until: client.clock.now() + (verdict === 200 ? allowedMs : refusedMs) });
      return verdict;
    } catch {
      return 503;
    } finally {
      asking--;
    }
  };
}

type User = NonNullable<NonNullable<TokenReview["status"]>["user"]>;

async function reviewToken(client: Client, token: string): Promise<User | undefined> {
  const { body } = await client.send<TokenReview>({
    verb: "create",
    method: "POST",
    resource: tokenReviews,
    target: {},
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } },
    timeoutMs: deadlineMs,
    maxTries: 1,
  });
  return body.status?.authenticated === true ? body.status.user : undefined;
}

async function mayGet(client: Client, { username = "", ...rest }: User, path: string): Promise<boolean> {
  const nonResourceAttributes = { path, verb: "get" };
  const { body } = await client.send<SubjectAccessReview>({
    verb: "create",
    method: "POST",
    resource: subjectAccessReviews,
    target: {},
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: username, ...rest, nonResourceAttributes },
    },
    timeoutMs: deadlineMs,
    maxTries: 1,
  });
  return body.status?.allowed === true;
}
