import { gzipSync } from "node:zlib";
import { ApiError, internalError } from "../status.ts";
import { type Call, header } from "./call.ts";

/** Browsers of APIs by hand like it indented, as the real server knows by their names. */
function wantsPretty(call: Call): boolean {
  const pretty = call.query.get("pretty");
  if (pretty !== null) return pretty !== "0" && pretty !== "false";
  return /^(curl|Wget|Mozilla)\//.test(header(call, "user-agent"));
}

function warningHeader(text: string): string {
  return `299 - "${text.replaceAll(/[\\"]/g, "\\$&").replaceAll(/[\r\n]/g, " ")}"`;
}

export interface Reply {
  status?: number;
  /** JSON text. */
  body: string;
  contentType?: string;
  headers?: Record<string, string>;
}

const compressFrom = 128 * 1024;

export function send(call: Call, { status = 200, body, contentType = "application/json", headers }: Reply): void {
  const { response } = call;
  if (response.headersSent || response.destroyed) return;
  const text =
    wantsPretty(call) && contentType.startsWith("application/json") ? JSON.stringify(JSON.parse(body), null, 2) : body;
  let bytes = Buffer.from(text);
  const all: Record<string, string | string[]> = {
    "cache-control": "no-cache, private",
    "content-type": contentType,
    ...headers,
  };
  if (call.warnings.length > 0) all["warning"] = call.warnings.map(warningHeader);
  if (bytes.length > compressFrom && /\bgzip\b/.test(header(call, "accept-encoding"))) {
    bytes = gzipSync(bytes, { level: 1 });
    all["content-encoding"] = "gzip";
    all["vary"] = "Accept-Encoding";
  }
  all["content-length"] = String(bytes.length);
  response.writeHead(status, all);
  response.end(call.request.method === "HEAD" ? undefined : bytes);
}

/** What is no API path is answered as Go's mux does. */
export function notThere(call: Call): void {
  send(call, { status: 404, body: "404 page not found\n", contentType: "text/plain; charset=utf-8" });
}

export function sendError(call: Call, error: unknown): void {
  const failure = error instanceof ApiError ? error : internalError(error);
  const retryAfter = failure.details?.retryAfterSeconds;
  send(call, {
    status: failure.code,
    body: JSON.stringify(failure.toStatus()),
    ...(retryAfter !== undefined && { headers: { "retry-after": String(retryAfter) } }),
  });
}
