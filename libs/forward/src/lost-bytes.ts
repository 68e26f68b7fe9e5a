import type { InboundRequest } from "./inbound-request.ts";

const headEnd = Buffer.from("\r\n\r\n");

interface Parser {
  getCurrentBuffer?: () => Buffer | undefined;
}

/**
 * Whether more was read together with the head of a request that asks for an upgrade and gets none. Node's parser stops
 * there, and what it has read beyond is never looked at again: nothing that comes later on the connection can be trusted
 * to begin where it seems to. Only true while the request is being announced.
 */
export function losesBytes(request: InboundRequest): boolean {
  if (!request.upgradeIgnored) return false;
  const { parser } = request.socket as unknown as { parser?: Parser };
  const read = parser?.getCurrentBuffer?.();
  if (read === undefined) return false;
  // Alone in its read, a head ends with it; its end may have come in two pieces.
  const end = read.indexOf(headEnd);
  return end < 0 ? read.length >= headEnd.length : end + headEnd.length < read.length;
}
