import { type Client, type TokenReview, tokenReviews } from "@application-connector/kube";
import type { ReviewToken } from "./token-reviewer.ts";

/** A caller waits for it: better to send it away than to let it wait. */
const deadlineMs = 3_000;

/** Asks the Kubernetes API whose token it is, for one audience. Needs the right to create tokenreviews. */
export function reviewToken(client: Client, audience: string): ReviewToken {
  return async (token) => {
    const { body } = await client.send<TokenReview>({
      verb: "create",
      method: "POST",
      resource: tokenReviews,
      target: {},
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        spec: { token, audiences: [audience] },
      },
      timeoutMs: deadlineMs,
      maxTries: 1,
    });
    const { authenticated, audiences, user } = body.status ?? {};
    // A server that does not know audiences would take a token that was meant for somebody else.
    return authenticated === true && audiences?.includes(audience) ? user?.username : undefined;
  };
}
