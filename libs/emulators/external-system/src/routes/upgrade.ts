import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Exchange } from "../exchange.ts";
import { headerOf } from "../guards/basic.ts";
import { createFrameEcho } from "./web-socket-frames.ts";

/** RFC 6455, section 1.3. */
const webSocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Whether an `Upgrade` on this path is taken; anywhere else the header is only echoed. */
export function isUpgradePath(path: string): boolean {
  return /^\/(ws|upgrade)([/?]|$)/.test(path);
}

/** `/ws` echoes WebSocket messages; `/upgrade` switches to whatever was asked for and echoes bytes. */
export function upgrade({ received }: Exchange, path: string, socket: Duplex, head: Buffer): void {
  received.status = 101;
  const protocol = headerOf(received, "upgrade") ?? "echo";
  const lines = ["HTTP/1.1 101 Switching Protocols", `upgrade: ${protocol}`, "connection: Upgrade"];
  const isWebSocket = path.startsWith("/ws");
  if (isWebSocket) {
    const key = headerOf(received, "sec-websocket-key") ?? "";
    lines.push(
      `sec-websocket-accept: ${createHash("sha1")
        .update(key + webSocketGuid)
        .digest("base64")}`,
    );
  }
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  const echo = isWebSocket ? createFrameEcho(socket) : (bytes: Buffer) => socket.write(bytes);
  if (head.length > 0) echo(head);
  socket.on("data", (bytes: Buffer) => {
    if (echo(bytes)) return;
    socket.pause();
    socket.once("drain", () => socket.resume());
  });
  socket.once("end", () => socket.end());
  socket.once("error", () => socket.destroy());
}
