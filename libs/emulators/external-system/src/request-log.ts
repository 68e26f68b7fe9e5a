import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { formatName, readSubject } from "@application-connector/x509";
import type { ListenerName, Place } from "./listeners.ts";

/** What arrived at the target, byte for byte where bytes matter. */
export interface Received {
  /** 1, 2, 3… since the start. */
  sequence: number;
  at: Date;
  method: string;
  /** The raw request target. */
  url: string;
  httpVersion: string;
  /** Name and value of every header line, as received and in order. */
  headers: readonly (readonly [name: string, value: string])[];
  listener: ListenerName;
  /** Requests with the same number on the same listener came over the same connection. */
  connection: number;
  remoteAddress: string;
  /** Set on the TLS listeners. */
  tls: { protocol: string; cipher: string; clientSubject: string | undefined; clientVerified: boolean } | undefined;
  bodyBytes: number;
  /** Whether the body came to its end. */
  complete: boolean;
  /** The body, while it is small enough to be kept (64 KiB) and the route read it. */
  body: Buffer | undefined;
  trailers: readonly (readonly [name: string, value: string])[];
  /** The status it was answered with; undefined while unanswered or when the answer was broken on purpose. */
  status: number | undefined;
}

export interface RequestFilter {
  method?: string;
  /** Exact raw target, or a pattern on it. */
  url?: string | RegExp;
  listener?: ListenerName;
}

export interface RequestLog {
  /** Oldest first; bounded to the last 10,000. */
  list(filter?: RequestFilter): Received[];
  count(filter?: RequestFilter): number;
  last(filter?: RequestFilter): Received | undefined;
  /** All since the start or the last clear, kept or not. */
  readonly total: number;
  clear(): void;
}

const limit = 10_000;

export function createRequestLog(): RequestLog & { add(received: Received): void } {
  let kept: Received[] = [];
  let total = 0;
  const list = (filter: RequestFilter = {}): Received[] => kept.filter((received) => matches(received, filter));
  return {
    add(received) {
      total += 1;
      kept.push(received);
      if (kept.length > limit) kept.shift();
    },
    list,
    count: (filter) => list(filter).length,
    last: (filter) => list(filter).at(-1),
    get total() {
      return total;
    },
    clear() {
      kept = [];
      total = 0;
    },
  };
}

function matches(received: Received, { method, url, listener }: RequestFilter): boolean {
  return (
    (method === undefined || received.method === method) &&
    (listener === undefined || received.listener === listener) &&
    (url === undefined || (typeof url === "string" ? received.url === url : url.test(received.url)))
  );
}

export function describeRequest(message: IncomingMessage, place: Place, sequence: number): Received {
  return {
    sequence,
    ...place,
    at: new Date(),
    method: message.method ?? "",
    url: message.url ?? "",
    httpVersion: message.httpVersion,
    headers: pairs(message.rawHeaders),
    remoteAddress: message.socket.remoteAddress ?? "",
    tls: describeTls(message),
    bodyBytes: 0,
    complete: false,
    body: undefined,
    trailers: [],
    status: undefined,
  };
}

export function pairs(raw: readonly string[]): [name: string, value: string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  return result;
}

function describeTls({ socket }: IncomingMessage): Received["tls"] {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  return {
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher().name,
    clientSubject: certificate && formatName(readSubject(certificate.raw)),
    clientVerified: socket.authorized,
  };
}
