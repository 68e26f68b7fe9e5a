import type { OwnResponse } from "@application-connector/forward";

/** JetStream's own number for a stream that is full. */
const fullStream = 10_077;

/** The status with which Eventing's publisher proxy would tell of a message that the stream did not take. */
export function publishFailure(error: unknown, isConnected: boolean): OwnResponse {
  const status = statusOf(error, isConnected);
  return { status, headers: status === 429 ? ["Retry-After", "1"] : [], body: Buffer.alloc(0) };
}

function statusOf(error: unknown, isConnected: boolean): number {
  if (!(error instanceof Error)) return 500;
  if (!isConnected || disconnected.has(error.name)) return 502;
  // Nobody answers: there is no such stream, or it has no leader at the moment.
  if (error.name === "JetStreamNotEnabled" || error.name === "NoRespondersError" || error.name === "TimeoutError")
    return 504;
  if (error.name === "InvalidArgumentError" && error.message.includes("max_payload")) return 413;
  const { code, status } = apiErrorOf(error);
  if (code === fullStream || error.message.includes("no space left on device")) return 507;
  // JetStream speaks in HTTP's statuses: it has too much to do. That of another stream than the one that was asked for is
  // a mistake of ours.
  if (status === 429) return status;
  return status >= 500 && status <= 599 ? status : 500;
}

const disconnected = new Set(["ConnectionError", "ClosedConnectionError", "DrainingConnectionError"]);

function apiErrorOf(error: Error): { code: number; status: number } {
  const api = "apiError" in error && typeof error.apiError === "function" ? error.apiError() : undefined;
  return { code: Number(api?.err_code ?? 0), status: Number(api?.code ?? 0) };
}
