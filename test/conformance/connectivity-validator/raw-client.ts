import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** A response as it stood on the wire. */
export interface RawResponse {
  status: number;
  /** Name (lower case) and value, in order. */
  headers: [string, string][];
  body: Buffer;
  header(name: string): string | undefined;
  text: string;
}

/** A client that says exactly the given bytes and reads until the other side closes, or one whole response is there. */
export async function sendRaw(port: number, bytes: string | Buffer, tls?: ConnectionOptions): Promise<RawResponse> {
  const socket = tls ? connectTls({ host: "127.0.0.1", port, ...tls }) : connect(port, "127.0.0.1");
  try {
    socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    return await readResponse(socket);
  } finally {
    socket.destroy();
  }
}

/** The next response; interim ones are skipped. Rejects when the connection ends before one is complete. */
export function readResponse(socket: Socket): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (ended: boolean) => {
      const response = parse(received, ended);
      if (response === undefined && !ended) return;
      socket.off("data", onData).off("end", onEnd).off("error", onError).off("close", onEnd);
      if (response) resolve(response);
      else reject(new Error(`the connection ended after ${JSON.stringify(received.toString("latin1").slice(0, 200))}`));
    };
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      settle(false);
    };
    const onEnd = () => settle(true);
    const onError = (error: Error) => {
      const response = parse(received, true);
      if (response) resolve(response);
      else reject(error);
    };
    socket.on("data", onData).on("end", onEnd).on("error", onError).on("close", onEnd);
  });
}

function parse(received: Buffer, ended: boolean): RawResponse | undefined {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = received.subarray(0, headEnd).toString("latin1").split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const rest = received.subarray(headEnd + 4);
  if (status < 200) return parse(rest, ended);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const header = (name: string) => headers.find(([each]) => each === name)?.[1];
  const body = bodyOf(rest, header, status, ended);
  return body && { status, headers, body, header, text: body.toString() };
}

function bodyOf(
  rest: Buffer,
  header: (name: string) => string | undefined,
  status: number,
  ended: boolean,
): Buffer | undefined {
  if (status === 204 || status === 304) return Buffer.alloc(0);
  if (header("transfer-encoding")?.toLowerCase() === "chunked") return dechunk(rest);
  const length = header("content-length");
  if (length === undefined) return ended ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function dechunk(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString(), 16);
    if (size === 0) return rest.indexOf("\r\n\r\n", lineEnd) >= 0 ? Buffer.concat(chunks) : undefined;
    if (rest.length < lineEnd + 2 + size + 2) return undefined;
    chunks.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

export function chunked(...chunks: (string | Buffer)[]): Buffer {
  const parts = chunks.flatMap((chunk) => {
    const bytes = Buffer.from(chunk);
    return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")];
  });
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}
