/**
 * Sends requests at a fixed rate, whatever the answers do, and prints the latencies as one line of JSON. A request's
 * time runs from the tick in which it was due, not from when a connection was free, so a stalled server is charged for
 * the requests that had to wait as well (no coordinated omission). The time between two ticks is ours and is
 * not charged, nor are the first requests, amid which this program itself is still being compiled.
 *
 *   node open-loop.ts '{"port":8080,"path":"/","rate":2000,"warmUpSeconds":0.5,"seconds":1,"connections":64}'
 */
import net from "node:net";

interface Plan {
  readonly port: number;
  readonly path: string;
  readonly rate: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly connections: number;
}

const plan = JSON.parse(process.argv[2] ?? "{}") as Plan;
const request = `GET ${plan.path} HTTP/1.1\r\nHost: 127.0.0.1:${plan.port}\r\n\r\n`;
const unmeasured = Math.floor(plan.rate * plan.warmUpSeconds);
const total = unmeasured + Math.floor(plan.rate * plan.seconds);
const latencies = new Float64Array(total - unmeasured);
/** Requests that were due when no connection was free, oldest first. */
const waiting: Due[] = [];
/** The one that was idle for longest is used next, so that all of them are. */
const idle: Connection[] = [];
let issued = 0;
let answered = 0;
let measured = 0;
let failed = 0;

/** A request that is to be sent, or was: its number, and when its time began. */
interface Due {
  readonly number: number;
  readonly at: number;
}

interface Connection {
  readonly socket: net.Socket;
  due: Due;
  received: string;
}

function open(): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(plan.port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    const connection: Connection = { socket, due: { number: 0, at: 0 }, received: "" };
    socket.once("connect", () => resolve(connection)).on("error", reject);
    socket.on("data", (chunk: string) => take(connection, chunk));
    socket.on("close", () => {
      if (answered + failed < total) finish(`the server closed a connection after ${answered} answers`);
    });
  });
}

/** Answers of the scenario carry a Content-Length and fit in memory: the end is found by counting. */
function take(connection: Connection, chunk: string): void {
  connection.received += chunk;
  const head = connection.received.indexOf("\r\n\r\n");
  if (head < 0) return;
  const length = /\r\ncontent-length: *(\d+)/i.exec(connection.received.slice(0, head + 2))?.[1];
  if (length === undefined) {
    finish("an answer has no Content-Length");
    return;
  }
  if (connection.received.length < head + 4 + Number(length)) return;
  const { number, at } = connection.due;
  if (!connection.received.startsWith("HTTP/1.1 200")) failed++;
  else {
    answered++;
    if (number >= unmeasured) latencies[measured++] = performance.now() - at;
  }
  connection.received = "";
  const next = waiting.shift();
  if (next === undefined) idle.push(connection);
  else send(connection, next);
  if (answered + failed === total) finish();
}

function send(connection: Connection, due: Due): void {
  connection.due = due;
  connection.socket.write(request);
}

function finish(problem?: string): void {
  const sorted = latencies.subarray(0, measured).sort();
  const at = (part: number): number => sorted[Math.min(measured - 1, Math.floor(measured * part))] ?? 0;
  console.log(JSON.stringify({ problem, answered, failed, p50: at(0.5), p99: at(0.99), p999: at(0.999) }));
  process.exit(0);
}

idle.push(...(await Promise.all(Array.from({ length: plan.connections }, open))));
const start = performance.now();
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sleeps for a fifth of a millisecond, sends what is due, lets the answers in. Timers have a grain of a millisecond, with
 * which requests would come in bursts that no real traffic has; a loop without sleep would take the core that the
 * proxy needs.
 */
function pump(): void {
  Atomics.wait(clock, 0, 0, 0.2);
  const now = performance.now();
  while (issued < total && start + (issued * 1_000) / plan.rate <= now) {
    const number = issued++;
    const connection = idle.shift();
    if (connection) send(connection, { number, at: performance.now() });
    else waiting.push({ number, at: now });
  }
  if (now - start > (plan.warmUpSeconds + plan.seconds) * 1_000 + 10_000)
    finish("answers are missing ten seconds after the last request");
  setImmediate(pump);
}
pump();
