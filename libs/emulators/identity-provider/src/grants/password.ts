import { secretMatches } from "../client-authentication.ts";
import { OAuthError } from "../oauth-error.ts";
import { type Grant, requiredParameter } from "./grant.ts";

/** RFC 6749, section 4.3. */
export const password: Grant = (request, { users, refreshTokens }) => {
  const subject = requiredParameter(request, "username");
  if (!secretMatches(requiredParameter(request, "password"), users.get(subject))) {
    throw new OAuthError("invalid_grant", "user name or password is wrong");
  }
  return { subject, refreshToken: refreshTokens.issue(request.client.id, subject) };
};
