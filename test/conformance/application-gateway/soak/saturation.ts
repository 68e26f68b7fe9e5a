import { connect } from "node:net";

const connections = 16;

/** Requests in a second when each connection asks again as soon as it has its answer. */
export async function saturation(port: number, path: string, forMs: number): Promise<number> {
  const bytes = `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
  let answers = 0;
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      received += piece;
      if (!received.endsWith("\r\n\r\nok")) return;
      received = "";
      answers++;
      socket.write(bytes);
    });
    socket.write(bytes);
    return socket;
  });
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const socket of sockets) socket.destroy();
  return answers / seconds;
}
