import { OAuthError } from "../oauth-error.ts";
import { type Grant, requiredParameter } from "./grant.ts";

const type = (name: string): string => `urn:ietf:params:oauth:token-type:${name}`;
const accepted = new Set([type("access_token"), type("jwt"), type("id_token")]);

/** RFC 8693. */
export const tokenExchange: Grant = async (request, { userTokens }) => {
  const { parameter } = request;
  for (const party of ["subject", "actor"]) {
    const token = parameter(`${party}_token`);
    const tokenType = parameter(`${party}_token_type`);
    if (party === "subject" || token !== undefined || tokenType !== undefined) {
      if (token === undefined || tokenType === undefined || !accepted.has(tokenType)) {
        throw new OAuthError("invalid_request", `${party}_token and ${party}_token_type belong together`);
      }
    }
  }
  const actor = parameter("actor_token");
  if (actor !== undefined) await userTokens.subjectOf(actor);
  const requested = parameter("requested_token_type") ?? type("access_token");
  if (requested !== type("access_token") && requested !== type("jwt")) {
    throw new OAuthError("invalid_request", "requested_token_type is not supported");
  }
  return {
    subject: await userTokens.subjectOf(requiredParameter(request, "subject_token")),
    issuedTokenType: requested,
  };
};
