import {
  type ClientHttp2Session,
  connect,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { onTestFinished } from "vitest";

export interface Http2Response {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export function connectHttp2(port: number, tls: SecureClientSessionOptions): ClientHttp2Session {
  const session = connect(`https://127.0.0.1:${port}`, tls);
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

/** One request on a session; rejects when its stream ends without a whole answer. */
export function sendHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Http2Response> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    const pieces: Buffer[] = [];
    let response: Omit<Http2Response, "text"> | undefined;
    stream.on("response", ({ ":status": status = 0, ...rest }) => {
      response = { status, headers: rest as Http2Response["headers"] };
    });
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("error", reject);
    stream.on("close", () => {
      if (response === undefined || stream.rstCode !== 0) reject(new Error(`the stream ended with ${stream.rstCode}`));
      else resolve({ ...response, text: Buffer.concat(pieces).toString() });
    });
    if (body !== undefined) stream.end(body);
  });
}
