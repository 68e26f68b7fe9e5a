import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

const answers: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Something came behind it that is no HTTP. */
  isLast: boolean;
}

/** The newest of each connection; with it all before it are answered. */
const newest = new WeakMap<Duplex, Exchange>();

/** Tells {@link answerMalformed} what is under way: the listener for a server's `request`. */
export function noteExchange(request: IncomingMessage, response: ServerResponse): void {
  newest.set(request.socket, { request, response, isLast: false });
}

/** What is no HTTP gets the plain answer of Go's server, behind the answers to the requests before it. */
export function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  // It came behind a request that was to be the last; the answer to that one ends the connection.
  if (error.code === "HPE_CLOSED_CONNECTION") return;
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = answers[error.code ?? ""] ?? "400 Bad Request";
  const refuse = (): void => {
    const head = "Content-Type: text/plain; charset=utf-8\r\nConnection: close";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${status}`);
  };
  const before = newest.get(socket);
  // In the midst of a request it is that one's fault.
  if (before === undefined || !before.request.complete || before.response.writableFinished) {
    refuse();
    return;
  }
  if (!before.isLast) before.response.once("finish", refuse);
  before.isLast = true;
}
