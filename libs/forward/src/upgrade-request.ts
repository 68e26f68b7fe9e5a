import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ClientConnection } from "./client-connection.ts";
import type { InboundRequest } from "./inbound-request.ts";
import { wantedUpgrade } from "./upgrade.ts";

/** The response that a socket carries, until its last byte was written and the loop has turned. */
type Carrying = Socket & { _httpMessage?: ServerResponse | null };

/** Whether a connection may be handed over. Whoever asks amid other requests, or with a body, gets an ordinary answer. */
export function mayUpgrade(request: InboundRequest): boolean {
  // An answer may have been given, and not have left: Node throws where a second one would take its place.
  if ((request.socket as Carrying)._httpMessage) return false;
  const head = request.head();
  const isPlain = typeof head === "object" && !head.hasBody && request.httpVersion === "1.1";
  if (!isPlain || ClientConnection.of(request.socket)?.isFree !== true) return false;
  return wantedUpgrade(request.rawHeaders) !== undefined;
}

/** The response on a connection that Node has let go of: what it would do for one is done here. */
export function detachedResponse(request: InboundRequest, socket: Socket, head: Buffer): ServerResponse {
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  socket.setTimeout(0);
  socket.on("error", () => undefined);
  socket.on("drain", () => response.emit("drain"));
  // What the client sends before it is answered waits, up to the buffer of the socket. An end means that it is gone.
  if (head.length > 0) socket.unshift(head);
  socket.once("end", () => {
    if (!response.headersSent && ClientConnection.of(socket)?.isTunnel !== true) socket.destroy();
  });
  socket.read(0);
  return response;
}
