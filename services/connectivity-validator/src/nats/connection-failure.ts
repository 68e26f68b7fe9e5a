import { AuthorizationError, UserAuthenticationExpiredError } from "@nats-io/transport-node";

/** Why there is no connection to NATS, for the log and `/readyz`: never with what logs in. */
export function connectionFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AuthorizationError) return `NATS refuses the login: ${error.message}`;
  if (error instanceof UserAuthenticationExpiredError) return `the login has expired: ${error.message}`;
  return error.message === "" ? error.name : error.message;
}
