import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Agent, type Dispatcher } from "undici";
import type { ApiServer } from "./servers.ts";

/** A request that came by. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  authorization: string | undefined;
  isWatch: boolean;
}

/** An open watch of a client, in the hands of a test. */
export interface WatchStream {
  readonly request: SeenRequest;
  /** Ends the answer as a server does at the end of timeoutSeconds. */
  close(): void;
  /** TCP reset. */
  reset(): void;
  /** From now on nothing passes, and nothing says so. */
  freeze(): void;
  /** Sends an empty line, unless frozen: life without news. */
  ping(): void;
  /** Puts bytes of our own between those of the server. */
  write(bytes: string): void;
}

export interface CannedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Never answers at all. */
  hang?: boolean;
  /** The server does what is asked for, but its answer gets lost with the connection. */
  lose?: boolean;
}

/** Sits between a client and an API server, counts, and breaks what it is told to break. */
export interface FaultyProxy {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Answers on their way: lists, calls, and the first state at the beginning of a watch. */
  readonly busy: number;
  /** Connections accepted so far, and those open now. */
  readonly accepted: number;
  readonly open: number;
  readonly streams: readonly WatchStream[];
  /** Answers matching requests itself, so many times, in the order of the calls. */
  answer(matches: (request: SeenRequest) => boolean, answer: CannedAnswer, times?: number): void;
  /** Answers nothing itself any more. */
  heal(): void;
  /** From now on these bearer tokens and no others are let in, as the administrator. */
  acceptTokens(...tokens: string[]): void;
  /** Shows another certificate from now on, and breaks every connection that saw the old one. */
  setIdentity(identity: Identity): void;
  /** Forgets the requests seen. */
  forget(): void;
  lists(plural: string): SeenRequest[];
  watches(plural: string): SeenRequest[];
  stop(): Promise<void>;
}

/** A certificate and its key, PEM. */
export interface Identity {
  certificate: string;
  key: string;
}

export async function startFaultyProxy(server: ApiServer, identity?: Identity): Promise<FaultyProxy> {
  const upstream = new Agent({ connect: { ca: server.ca }, bodyTimeout: 0 });
  let requests: SeenRequest[] = [];
  let tokens: Set<string> | undefined;
  const sockets = new Set<Socket>();
  const streams = new Set<WatchStream & { isListing: boolean; isFrozen: boolean }>();
  const canned: { matches: (request: SeenRequest) => boolean; answer: CannedAnswer; left: number }[] = [];
  let accepted = 0;
  let unanswered = 0;

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse, done: () => void): Promise<void> => {
    const seen = await read(incoming);
    requests.push(seen);
    const rule = canned.find(({ matches }) => matches(seen));
    if (rule && --rule.left === 0) canned.splice(canned.indexOf(rule), 1);
    if (rule && !rule.answer.lose) {
      if (rule.answer.hang) return;
      outgoing.writeHead(rule.answer.status ?? 200, { "content-type": "application/json", ...rule.answer.headers });
      outgoing.end(JSON.stringify(rule.answer.body ?? {}));
      return;
    }
    if (tokens && !tokens.has(incoming.headers.authorization ?? "")) {
      outgoing.writeHead(401, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ kind: "Status", code: 401, reason: "Unauthorized", message: "Unauthorized" }));
      return;
    }
    const aborter = new AbortController();
    outgoing.on("close", () => aborter.abort());
    const { statusCode, headers, body } = await upstream.request({
      origin: server.url,
      path: incoming.url ?? "/",
      method: incoming.method as Dispatcher.HttpMethod,
      headers: { ...forwarded(incoming.headers), ...(tokens ? { authorization: `Bearer ${server.adminToken}` } : {}) },
      body: seen.body === "" ? null : seen.body,
      signal: aborter.signal,
    });
    if (rule?.answer.lose) {
      await body.dump();
      outgoing.socket?.resetAndDestroy();
      return;
    }
    outgoing.writeHead(statusCode, passedBack(headers));
    outgoing.flushHeaders();
    const stream = createStream(seen, outgoing);
    if (seen.isWatch && statusCode === 200) {
      streams.add(stream);
      outgoing.on("close", () => streams.delete(stream));
    }
    if (seen.isWatch) done();
    for await (const chunk of body) stream.pass(chunk);
    stream.finish();
  };

  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    unanswered++;
    let isDone = false;
    const done = (): void => {
      if (!isDone) unanswered--;
      isDone = true;
    };
    outgoing.on("close", done);
    // A client or server that breaks off is what this is for; both sides are closed, which is all there is to do.
    handle(incoming, outgoing, done).catch(() => outgoing.destroy());
  };
  const proxy = identity
    ? createTlsServer({ cert: identity.certificate, key: identity.key }, listener)
    : createServer(listener);
  proxy.on("connection", (socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));

  const ofKind = (plural: string, isWatch: boolean): SeenRequest[] =>
    requests.filter((seen) => seen.method === "GET" && seen.path.endsWith(`/${plural}`) && seen.isWatch === isWatch);
  return {
    url: `${identity ? "https" : "http"}://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    get busy() {
      return unanswered + [...streams].filter(({ isListing, isFrozen }) => isListing && !isFrozen).length;
    },
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    get streams() {
      return [...streams];
    },
    answer: (matches, answer, times = 1) => void canned.push({ matches, answer, left: times }),
    heal: () => void canned.splice(0),
    acceptTokens(...accepted) {
      tokens = new Set(accepted.map((token) => `Bearer ${token}`));
    },
    setIdentity({ certificate, key }) {
      if (proxy instanceof TlsServer) proxy.setSecureContext({ cert: certificate, key });
      for (const socket of sockets) socket.destroy();
    },
    forget() {
      requests = [];
    },
    lists: (plural) => ofKind(plural, false),
    watches: (plural) => ofKind(plural, true),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
      await upstream.destroy();
    },
  };
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? "/", "http://proxy");
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    body: Buffer.concat(chunks).toString(),
    authorization: incoming.headers.authorization,
    isWatch: url.searchParams.get("watch") === "true",
  };
}

function createStream(request: SeenRequest, outgoing: ServerResponse) {
  let isFrozen = false;
  let isListing = request.query.get("sendInitialEvents") === "true";
  const write = (bytes: string | Buffer): void => {
    if (!outgoing.writableEnded) outgoing.write(bytes);
  };
  return {
    request,
    /** The first state is still on its way. */
    get isListing() {
      return isListing;
    },
    pass(chunk: Buffer): void {
      if (isFrozen) return;
      write(chunk);
      if (isListing && chunk.includes("k8s.io/initial-events-end")) isListing = false;
    },
    finish(): void {
      if (!isFrozen) outgoing.end();
    },
    /** Nothing of the server passes any more. */
    get isFrozen() {
      return isFrozen;
    },
    close() {
      isFrozen = true;
      outgoing.end();
    },
    reset() {
      isFrozen = true;
      outgoing.socket?.resetAndDestroy();
    },
    freeze() {
      isFrozen = true;
    },
    ping: () => void (isFrozen || write("\n")),
    write,
  };
}

const ownHeaders = new Set(["connection", "host", "content-length", "transfer-encoding", "keep-alive"]);

const forwarded = (headers: IncomingMessage["headers"]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name)));

const passedBack = (headers: Record<string, string | string[] | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !ownHeaders.has(name)),
  ) as Record<string, string | string[]>;
