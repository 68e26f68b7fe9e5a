import { fingerprint, type Token, TokenCache } from "@application-connector/credentials";
import {
  type Client,
  type SubjectAccessReview,
  subjectAccessReviews,
  type TokenReview,
  tokenReviews,
} from "@application-connector/kube";
import { Problem } from "@application-connector/problem";
import { bearerToken, type Guard } from "./guard.ts";

type Verdict = "allowed" | "denied" | "nobody";

/** How long an answer holds: rights that are taken back end that much later. */
const verdictMs = 15_000;
/** Beyond so many open questions none is asked: tokens that somebody makes up must not flood the API server. */
const mostAtOnce = 4;
const deadlineMs = 5_000;

/**
 * Lets in who may `get` the path as a non-resource URL, by the RBAC of the cluster, with a token of the Kubernetes API.
 * Needs the rights of the ClusterRole `system:auth-delegator`.
 */
export function accessReviewGuard(client: Client, path: string): Guard {
  const verdicts = new TokenCache<Verdict>({ maxTokens: 1_000 });
  let asking = 0;

  async function ask(token: string): Promise<Token<Verdict>> {
    if (asking >= mostAtOnce)
      throw new Problem("ACCESS_UNVERIFIED", "too many tokens wait for their review; try again");
    asking++;
    try {
      return { value: await review(client, token, path), lifetimeMs: verdictMs };
    } catch (cause) {
      throw new Problem("ACCESS_UNVERIFIED", "the Kubernetes API could not be asked who this is", { cause });
    } finally {
      asking--;
    }
  }

  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) return new Problem("AUTHENTICATION_REQUIRED", "a bearer token is required");
    try {
      const verdict = await verdicts.get(fingerprint(token), () => ask(token));
      if (verdict === "allowed") return undefined;
      return verdict === "nobody"
        ? new Problem("AUTHENTICATION_REQUIRED", "the Kubernetes API does not know this token")
        : new Problem("ACCESS_DENIED", `the user may not get the non-resource URL ${path}`);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  };
}

async function review(client: Client, token: string, path: string): Promise<Verdict> {
  const options = { timeoutMs: deadlineMs, maxTries: 1 };
  const asked = await client.send<TokenReview>({
    verb: "create",
    method: "POST",
    resource: tokenReviews,
    target: {},
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } },
    ...options,
  });
  const { authenticated, user } = asked.body.status ?? {};
  if (authenticated !== true || user?.username === undefined) return "nobody";
  const { username, groups = [], uid, extra } = user;
  const answer = await client.send<SubjectAccessReview>({
    verb: "create",
    method: "POST",
    resource: subjectAccessReviews,
    target: {},
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: username,
        groups,
        ...(uid === undefined ? {} : { uid }),
        ...(extra === undefined ? {} : { extra }),
        nonResourceAttributes: { path, verb: "get" },
      },
    },
    ...options,
  });
  return answer.body.status?.allowed === true ? "allowed" : "denied";
}
