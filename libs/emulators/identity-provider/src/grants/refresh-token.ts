import { OAuthError } from "../oauth-error.ts";
import { type Grant, requiredParameter } from "./grant.ts";

/** RFC 6749, section 6. */
export const refreshToken: Grant = (request, { refreshTokens }) => {
  const used = refreshTokens.use(requiredParameter(request, "refresh_token"), request.client.id);
  if (used === undefined) throw new OAuthError("invalid_grant", "the refresh token is not known");
  return used;
};
