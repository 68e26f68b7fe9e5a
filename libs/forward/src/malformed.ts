import { STATUS_CODES } from "node:http";
import { dateLine } from "./date-line.ts";
import type { Answer, Malformation } from "./door.ts";

const statuses: Record<Malformation, number> = {
  bad_request: 400,
  ambiguous_framing: 400,
  timeout: 408,
  headers_too_large: 431,
  unknown_transfer_encoding: 501,
};

/** What Go's server says to a request that it can't read: the status in words. */
export function defaultMalformedAnswer(kind: Malformation): Answer {
  const status = statuses[kind];
  return {
    status,
    headers: ["Content-Type", "text/plain; charset=utf-8"],
    body: `${status} ${STATUS_CODES[status]}`,
  };
}

/** What was wrong, from an error of Node's HTTP parser; undefined when it was the connection and not the request. */
export function malformationOf(error: { code?: string | undefined; reason?: string }): Malformation | undefined {
  switch (error.code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return "timeout";
    case "HPE_HEADER_OVERFLOW":
      return "headers_too_large";
    case "HPE_INVALID_TRANSFER_ENCODING":
      // The parser has one code for both: `Content-Length` beside it, and a coding other than chunked.
      return error.reason?.includes("present") ? "ambiguous_framing" : "unknown_transfer_encoding";
    case "HPE_UNEXPECTED_CONTENT_LENGTH":
    case "HPE_INVALID_CONTENT_LENGTH":
      return "ambiguous_framing";
    default:
      return error.code?.startsWith("HPE_") ? "bad_request" : undefined;
  }
}

/** A whole response as bytes for a connection that closes after it. */
export function closingResponse(answer: Answer): Buffer {
  const body = typeof answer.body === "string" ? Buffer.from(answer.body) : (answer.body ?? new Uint8Array());
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? "unknown"}\r\n`;
  for (let i = 0; i < answer.headers.length; i += 2) head += `${answer.headers[i]}: ${answer.headers[i + 1]}\r\n`;
  head += `Content-Length: ${body.byteLength}\r\nConnection: close\r\n${dateLine()}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}
