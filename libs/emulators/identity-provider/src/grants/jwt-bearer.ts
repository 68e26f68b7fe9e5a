import { type Grant, requiredParameter } from "./grant.ts";

/** RFC 7523, section 2.1. */
export const jwtBearer: Grant = async (request, { userTokens }) => ({
  subject: await userTokens.subjectOf(requiredParameter(request, "assertion")),
});
