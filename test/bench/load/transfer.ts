/**
 * Moves large bodies through a proxy and prints how many bytes arrived, as one line of JSON.
 *
 *   node transfer.ts '{"port":8080,"path":"/blob","direction":"down","bytes":104857600,"count":8,"parallel":4}'
 */
import { once } from "node:events";
import net from "node:net";

interface Plan {
  readonly port: number;
  readonly path: string;
  readonly direction: "down" | "up";
  readonly bytes: number;
  readonly count: number;
  readonly parallel: number;
}

const plan = JSON.parse(process.argv[2] ?? "{}") as Plan;
const chunk = Buffer.alloc(256 * 1024, "application connector ");

async function transfer(): Promise<void> {
  const received = Buffer.allocUnsafe(256 * 1024);
  let total = 0;
  let head = "";
  let bodyStart = -1;
  const socket = net.connect({
    port: plan.port,
    host: "127.0.0.1",
    // One buffer for the whole answer: the generator must not be what is measured.
    onread: {
      buffer: received,
      callback: (size) => {
        total += size;
        if (bodyStart < 0) {
          head += received.toString("latin1", 0, Math.min(size, 16_384));
          const end = head.indexOf("\r\n\r\n");
          if (end >= 0) bodyStart = end + 4;
        }
        return true;
      },
    },
  });
  const closed = once(socket, "close"); // rejects on the socket's error, so a broken upload fails the run
  closed.catch(() => undefined);
  await once(socket, "connect");
  const common = `Host: 127.0.0.1:${plan.port}\r\nConnection: close\r\n`;
  if (plan.direction === "down") {
    socket.write(`GET ${plan.path} HTTP/1.1\r\n${common}\r\n`);
  } else {
    socket.write(`POST ${plan.path} HTTP/1.1\r\n${common}Content-Length: ${plan.bytes}\r\n\r\n`);
    for (let sent = 0; sent < plan.bytes; sent += chunk.length) {
      const rest = plan.bytes - sent;
      if (!socket.write(rest < chunk.length ? chunk.subarray(0, rest) : chunk)) {
        await Promise.race([once(socket, "drain"), closed]);
      }
    }
  }
  await closed;
  const status = head.slice(9, 12);
  if (!/^20\d$/.test(status)) throw new Error(`the proxy answered ${status}`);
  if (plan.direction === "down" && total - bodyStart !== plan.bytes) {
    throw new Error(`${total - bodyStart} of ${plan.bytes} bytes arrived`);
  }
}

let left = plan.count;
await Promise.all(
  Array.from({ length: plan.parallel }, async () => {
    while (left-- > 0) await transfer();
  }),
);
console.log(JSON.stringify({ bytes: plan.bytes * plan.count }));
