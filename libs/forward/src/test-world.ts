import { connect, createServer, type Socket } from "node:net";
// biome-ignore lint/correctness/noUndeclaredDependencies: only tests use this file
import { onTestFinished } from "vitest";
import { defaultEngine, type Engine } from "./engine.ts";
import {
  createTarget,
  endToEnd,
  type ForwardFailure,
  type ForwardOptions,
  forward,
  type Listener,
  type ListenerOptions,
  listen,
  type Outcome,
  type Target,
  type TargetOptions,
} from "./index.ts";

/** The engine that the tests of this run are for: with `FORWARD_ENGINE=sockets` they show that both behave the same. */
export const testedEngine: Engine = process.env["FORWARD_ENGINE"] === "sockets" ? "sockets" : defaultEngine;

/** Polls until the condition holds; the message says what was waited for. */
export async function eventually(
  condition: () => boolean,
  what: string | (() => string),
  withinMs = 10_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`waited in vain: ${typeof what === "string" ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One raw TCP connection, seen byte by byte as latin1. */
export class Wire {
  readonly socket: Socket;
  received = "";
  ended = false;
  closed = false;
  reset = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.received += text;
    });
    socket.on("end", () => {
      this.ended = true;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.reset ||= error.code === "ECONNRESET";
    });
    socket.on("close", () => {
      this.closed = true;
    });
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  async until(pattern: string | RegExp): Promise<string> {
    const found = () => (typeof pattern === "string" ? this.received.includes(pattern) : pattern.test(this.received));
    await eventually(
      () => found() || this.ended || this.closed,
      () => `${pattern} in ${JSON.stringify(this.received.slice(-500))}`,
    );
    if (!found()) throw new Error(`closed before ${pattern}: ${JSON.stringify(this.received.slice(-500))}`);
    return this.received;
  }

  /** Everything that arrives until the other side ends or breaks the connection. */
  async untilEnd(): Promise<string> {
    await eventually(
      () => this.ended || this.closed,
      () => `the end after ${JSON.stringify(this.received.slice(-500))}`,
    );
    return this.received;
  }
}

export function dial(port: number): Wire {
  const wire = new Wire(connect({ port, host: "127.0.0.1", allowHalfOpen: true }));
  onTestFinished(() => void wire.socket.destroy());
  return wire;
}

export interface RawTarget {
  readonly port: number;
  /** Every connection that was ever accepted, oldest first. */
  readonly wires: Wire[];
  readonly open: number;
  /** All bytes of all connections. */
  readonly received: string;
  stop(): Promise<void>;
}

/**
 * A server that is a script: it sees every connection as raw bytes. `answer` runs whenever bytes have arrived; by
 * default it answers each complete bodyless or sized request with a small response.
 */
export async function rawTarget(
  answer: (wire: Wire) => void = answerAll,
  port = 0,
  options: { allowHalfOpen?: boolean } = {},
): Promise<RawTarget> {
  const wires: Wire[] = [];
  const server = createServer(options, (socket) => {
    const wire = new Wire(socket);
    wires.push(wire);
    socket.on("data", () => answer(wire));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = async () => {
    for (const { socket } of wires) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return {
    port: (server.address() as { port: number }).port,
    wires,
    get open() {
      return wires.filter(({ closed }) => !closed).length;
    },
    get received() {
      return wires.map(({ received }) => received).join("");
    },
    stop,
  };
}

/** Answers each request whose head (and sized or chunked body) is complete. */
export function answerAll(wire: Wire): void {
  for (let request = takeRequest(wire); request !== undefined; request = takeRequest(wire)) {
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }
}

const taken = new WeakMap<Wire, number>();

/** The next complete request on a wire, once; undefined while it is incomplete. */
export function takeRequest(wire: Wire): string | undefined {
  const from = taken.get(wire) ?? 0;
  const rest = wire.received.slice(from);
  const headEnd = rest.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = rest.slice(0, headEnd).toLowerCase();
  let length = headEnd + 4;
  if (head.includes("transfer-encoding: chunked")) {
    const end = rest.indexOf("0\r\n\r\n", length);
    if (end < 0) return undefined;
    length = end + 5;
  } else length += Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  if (rest.length < length) return undefined;
  taken.set(wire, from + length);
  return rest.slice(0, length);
}

export interface World {
  readonly listener: Listener;
  readonly target: Target;
  readonly outcomes: Outcome[];
  readonly failures: ForwardFailure[];
  /** Opens a connection and sends. */
  call(request: string): Wire;
  /** Waits until so many exchanges are over and returns the last one's outcome. */
  outcome(count?: number): Promise<Outcome>;
}

export interface WorldOptions {
  targetPort: number;
  listener?: Partial<ListenerOptions>;
  target?: Partial<TargetOptions>;
  forward?: Partial<ForwardOptions>;
}

/** A listener whose requests all go to one target, path and headers unchanged. */
export async function world(options: WorldOptions): Promise<World> {
  const outcomes: Outcome[] = [];
  const failures: ForwardFailure[] = [];
  const origin = `http://127.0.0.1:${options.targetPort}`;
  const target = createTarget({ engine: testedEngine, origin, ...options.target });
  const listener = await listen(
    { engine: testedEngine, port: 0, host: "127.0.0.1", ...options.listener },
    (exchange) => {
      forward(exchange, target, {
        path: exchange.url,
        headers: endToEnd(exchange.headers),
        responseTimeoutMs: 10_000,
        bodyIdleTimeoutMs: 10_000,
        onFailure: (failure) => {
          failures.push(failure);
          return { status: statusOf(failure), headers: ["Content-Type", "text/plain"], body: failure.kind };
        },
        onDone: (outcome) => outcomes.push(outcome),
        ...options.forward,
      });
    },
  );
  onTestFinished(async () => {
    await listener.stop(AbortSignal.abort());
    await target.destroy();
  });
  return {
    listener,
    target,
    outcomes,
    failures,
    call(request) {
      const wire = dial(listener.port);
      wire.send(request);
      return wire;
    },
    async outcome(count = 1) {
      await eventually(() => outcomes.length >= count, `${count} outcomes`);
      return outcomes[outcomes.length - 1] as Outcome;
    },
  };
}

function statusOf({ kind }: ForwardFailure): number {
  if (kind === "timeout") return 504;
  if (kind === "request_body_timeout") return 408;
  return kind === "request_body_too_large" ? 413 : 502;
}

export const get = (path = "/x", headers = ""): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`;

/** A small generator with a seed, so that a failure can be repeated (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
