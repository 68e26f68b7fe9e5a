import { connect, type Socket } from "node:net";

/** What one request is: its bytes, its whole response must say 200. */
export interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly bodyBytes?: number;
}

export interface LoadOptions {
  readonly port: number;
  /** Requests in a second, whatever the answers do. */
  readonly rate: number;
  /** Taken in turn. */
  readonly requests: readonly LoadRequest[];
  /** A connection is left after so many, as clients do that want their load spread. Default 50. */
  readonly requestsPerConnection?: number;
  /**
   * More are never under way: then the rate is what the machine has left at the moment, and a program that gets none of its
   * time is not asked for more and more. Default: any number.
   */
  readonly maxInFlight?: number;
}

export interface LoadResult {
  readonly sent: number;
  readonly succeeded: number;
  /** What went wrong, in words; bounded. */
  readonly failures: readonly string[];
  /** Milliseconds from when a request was due. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

export interface Load {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Sends no more; resolves when all have ended. */
  stop(): Promise<LoadResult>;
}

interface Connection {
  readonly socket: Socket;
  received: string;
  answered: number;
  /** The request that it carries. */
  current: { due: number; what: string } | undefined;
}

/**
 * An open loop over persistent connections. It forgives nothing: a request whose connection ends before the whole response
 * has come has failed, and is not sent again. The connection that has been idle for longest is used next, so that each
 * is used often.
 */
export function startLoad(options: LoadOptions): Load {
  const { port, rate, requests, requestsPerConnection = 50, maxInFlight = Number.POSITIVE_INFINITY } = options;
  const idle: Connection[] = [];
  const busy = new Set<Connection>();
  const times: number[] = [];
  const failures: string[] = [];
  let sent = 0;
  let failed = 0;
  let skipped = 0;
  const startedAt = performance.now();

  function send(due: number): void {
    const request = requests[sent++ % requests.length] as LoadRequest;
    const connection = idle.shift() ?? open();
    busy.add(connection);
    connection.current = { due, what: `${request.method} ${request.path}` };
    connection.socket.write(bytesOf(request));
  }

  function open(): Connection {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const connection: Connection = { socket, received: "", answered: 0, current: undefined };
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      connection.received += piece;
      take(connection);
    });
    socket.on("error", () => undefined);
    socket.on("end", () => gone(connection, "ended"));
    socket.on("close", () => gone(connection, "closed"));
    return connection;
  }

  function take(connection: Connection): void {
    const { received, current } = connection;
    const headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const head = received.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (!head.startsWith("HTTP/1.1 200") || Number.isNaN(length)) {
      fail(connection, `was answered ${received.slice(0, 500)}`);
      return;
    }
    if (received.length < headEnd + 4 + length) return;
    times.push(performance.now() - (current?.due ?? 0));
    connection.current = undefined;
    connection.received = "";
    busy.delete(connection);
    connection.answered++;
    const isLast = /\r\nconnection: *close/i.test(head) || connection.answered >= requestsPerConnection;
    if (isLast) connection.socket.end();
    else idle.push(connection);
  }

  function gone(connection: Connection, how: string): void {
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    connection.socket.end();
    if (connection.current !== undefined) fail(connection, `${how} after ${JSON.stringify(connection.received)}`);
  }

  function fail(connection: Connection, how: string): void {
    failed++;
    if (failures.length < 20) failures.push(`${connection.current?.what}: the connection ${how}`);
    connection.current = undefined;
    busy.delete(connection);
    connection.socket.destroy();
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * rate) / 1_000) - skipped;
    while (sent < due && busy.size < maxInFlight) send(performance.now());
    skipped += Math.max(0, due - sent);
  }, 5);

  return {
    get sent() {
      return sent;
    },
    get succeeded() {
      return times.length;
    },
    get failed() {
      return failed;
    },
    async stop() {
      clearInterval(timer);
      const end = performance.now() + 20_000;
      while (busy.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
      for (const connection of [...busy]) fail(connection, "was not answered");
      for (const { socket } of idle.splice(0)) socket.destroy();
      const sorted = times.toSorted((a, b) => a - b);
      const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
      return { sent, succeeded: times.length, failures, p50: at(0.5), p99: at(0.99), longest: sorted.at(-1) ?? 0 };
    },
  };
}

function bytesOf({ method, path, bodyBytes = 0 }: LoadRequest): string {
  const length = method === "POST" ? `Content-Length: ${bodyBytes}\r\n` : "";
  return `${method} ${path} HTTP/1.1\r\nHost: gateway\r\n${length}\r\n${"x".repeat(bodyBytes)}`;
}
