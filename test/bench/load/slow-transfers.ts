/**
 * Downloads whose readers wait for seconds before they read, beside uploads to a target that does. Whoever stands between
 * keeps what it can't pass on, and shows in its memory how much that is. Prints the bytes that arrived.
 *
 *   node slow-transfers.ts '{"port":8080,"down":"/blob","up":"/slow","bytes":104857600,"parallel":16}'
 */
import { once } from "node:events";
import net from "node:net";

interface Plan {
  readonly port: number;
  readonly down: string;
  readonly up: string;
  readonly bytes: number;
  readonly parallel: number;
}

const waitMs = 3_000;
const plan = JSON.parse(process.argv[2] ?? "{}") as Plan;
const chunk = Buffer.alloc(256 * 1024, "application connector ");
const common = `Host: 127.0.0.1:${plan.port}\r\nConnection: close\r\n`;

async function connect(): Promise<{ socket: net.Socket; closed: Promise<unknown> }> {
  const socket = net.connect({ port: plan.port, host: "127.0.0.1" });
  const closed = once(socket, "close");
  closed.catch(() => undefined);
  await once(socket, "connect");
  return { socket, closed };
}

function checkStatus(head: string): void {
  if (!/^HTTP\/1\.1 20\d /.test(head)) throw new Error(`the proxy answered ${head.slice(0, 12)}`);
}

async function download(): Promise<number> {
  const { socket, closed } = await connect();
  socket.write(`GET ${plan.down} HTTP/1.1\r\n${common}\r\n`);
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  let total = 0;
  let head = "";
  socket.on("data", (bytes) => {
    if (!head.includes("\r\n\r\n")) head += bytes.toString("latin1", 0, 16_384);
    total += bytes.length;
  });
  await closed;
  checkStatus(head);
  const received = total - head.indexOf("\r\n\r\n") - 4;
  if (received !== plan.bytes) throw new Error(`${received} of ${plan.bytes} bytes arrived`);
  return received;
}

async function upload(): Promise<number> {
  const { socket, closed } = await connect();
  let head = "";
  socket.on("data", (bytes) => {
    head += bytes.toString("latin1");
  });
  socket.write(`POST ${plan.up} HTTP/1.1\r\n${common}Content-Length: ${plan.bytes}\r\n\r\n`);
  for (let sent = 0; sent < plan.bytes; sent += chunk.length) {
    const rest = plan.bytes - sent;
    if (!socket.write(rest < chunk.length ? chunk.subarray(0, rest) : chunk)) {
      await Promise.race([once(socket, "drain"), closed]);
    }
  }
  await closed;
  checkStatus(head);
  return plan.bytes;
}

const all = Array.from({ length: plan.parallel }, () => [download(), upload()]).flat();
const bytes = (await Promise.all(all)).reduce((sum, part) => sum + part, 0);
console.log(JSON.stringify({ bytes }));
