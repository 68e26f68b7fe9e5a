import { Problem, type ProblemCode } from "@application-connector/problem";
import type { Credential } from "./credential.ts";

const noToken: ReadonlySet<ProblemCode> = new Set(["TOKEN_REQUEST_FAILED", "TOKEN_CERTIFICATE_FAILED", "OVERLOADED"]);

/** Lets a call go without its token when none can be had: the target decides what it is worth then. */
export function withoutToken(credential: Credential): Credential {
  return {
    ...credential,
    authorize: (call) =>
      credential.authorize(call)?.catch((error: unknown) => {
        if (!(error instanceof Problem) || !noToken.has(error.code)) throw error;
      }),
  };
}
