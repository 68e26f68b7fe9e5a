import type { IncomingMessage } from "node:http";
import type { HeaderPairs } from "./read-cloud-event.ts";

/** Any request on an event path, stored or not. */
export interface ReceivedRequest {
  receivedAt: Date;
  method: string;
  /** The raw request target. */
  url: string;
  headers: HeaderPairs;
  bodyBytes: number;
  /** Whether the body came to its end. */
  complete: boolean;
  /** The status it was answered with; undefined while unanswered. */
  status: number | undefined;
}

export function describeRequest(message: IncomingMessage): ReceivedRequest {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    headers.push([message.rawHeaders[index] ?? "", message.rawHeaders[index + 1] ?? ""]);
  }
  return {
    receivedAt: new Date(),
    method: message.method ?? "",
    url: message.url ?? "",
    headers,
    bodyBytes: 0,
    complete: false,
    status: undefined,
  };
}

/** The body, or undefined when it is longer than `limit`; what is beyond is read and forgotten, so the answer arrives. */
export async function readBody(
  message: IncomingMessage,
  received: ReceivedRequest,
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) {
    received.bodyBytes += chunk.length;
    if (received.bodyBytes <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  received.complete = true;
  return received.bodyBytes <= limit ? Buffer.concat(chunks) : undefined;
}
