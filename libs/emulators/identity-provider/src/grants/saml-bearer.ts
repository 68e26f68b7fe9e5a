import { type Grant, requiredParameter } from "./grant.ts";

/** RFC 7522, section 2.1. */
export const samlBearer: Grant = (request, { saml }) => ({
  subject: saml.subjectOf(requiredParameter(request, "assertion"), request.audiences),
});
