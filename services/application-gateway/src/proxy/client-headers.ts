import { appendForwardedFor, type Exchange, endToEnd } from "@application-connector/forward";
import type { Api } from "../entries/api.ts";

/** What goes to the target before the credential: the client's headers as the API wants them. */
export function clientHeaders(exchange: Exchange, api: Api, requestId: string, externalToken?: string): string[] {
  const headers = endToEnd(exchange.headers, externalToken === undefined ? api.strip : api.stripWithExternalToken);
  headers.push("Host", api.url.host, "X-Request-Id", requestId);
  if (api.forwardsAddress) appendForwardedFor(headers, exchange.remoteAddress);
  if (externalToken !== undefined) headers.push("Authorization", externalToken);
  return headers;
}
