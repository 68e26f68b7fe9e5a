import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { createAuthority } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Exchange } from "../index.ts";
import { createTarget, endToEnd, forward } from "../index.ts";
import { defaultMalformedAnswer } from "../malformed.ts";
import { ServerExchange } from "../server-exchange.ts";
import { Sweep } from "../sweep.ts";
import { eventually, rawTarget } from "../test-world.ts";
import { Http2Connection, type Http2ConnectionOptions } from "./connection.ts";

const authority = createAuthority({ subject: "CN=CA" });
const server = authority.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["localhost"] });
const client = authority.issue({ subject: "CN=client", usage: ["client"] });

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

async function world(
  handle: (exchange: Exchange) => void,
  options: Partial<Http2ConnectionOptions> = {},
  limits: { bodyTimeoutMs?: number } = {},
) {
  const state = {
    sweep: new Sweep(),
    handle,
    onError: undefined,
    malformed: defaultMalformedAnswer,
    bodyIdleTimeoutMs: 5_000,
    bodyTimeoutMs: limits.bodyTimeoutMs ?? 0,
    maxRequestDurationMs: undefined,
    responseIdleTimeoutMs: 0,
    ending: false,
    draining: false,
  };
  const connections = new Set<Http2Connection>();
  const listener = createServer({
    cert: server.certificate,
    key: server.key,
    ca: authority.certificate,
    requestCert: true,
    ALPNProtocols: ["h2"],
  });
  listener.on("secureConnection", (socket: TLSSocket) => {
    connections.add(
      new Http2Connection(socket, {
        maxHeaderBytes: 98_304,
        headersTimeoutMs: 5_000,
        keepAliveTimeoutMs: 5_000,
        idle: new Sweep(),
        onRequest: (stream) => new ServerExchange(stream, state).start(),
        onClosed: (connection) => connections.delete(connection),
        ...options,
      }),
    );
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const session = connect(`https://localhost:${(listener.address() as AddressInfo).port}`, {
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
    lookup: (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }] as never, 4),
  });
  session.on("error", () => undefined);
  onTestFinished(async () => {
    session.destroy();
    for (const connection of connections) connection.socket.destroy();
    await new Promise((resolve) => listener.close(resolve));
  });
  return { session, state, connections };
}

function call(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string | Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    let reply: Reply | undefined;
    stream.on("response", ({ ":status": status = 0, ...rest }) => {
      reply = { status, headers: { ...rest }, body: "" };
    });
    stream.setEncoding("utf8");
    stream.on("data", (piece: string) => {
      if (reply !== undefined) reply.body += piece;
    });
    stream.on("error", reject);
    stream.on("close", () => {
      if (reply !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR) resolve(reply);
      else reject(new Error(`the stream ended with ${stream.rstCode}`));
    });
    if (body !== undefined) stream.end(body);
  });
}

const echo = (exchange: Exchange) => {
  const { method, url, headers, httpVersion, contentLength, hasBody } = exchange;
  exchange.answer({
    status: 200,
    headers: ["X-Two", "1", "x-two", "2", "Connection", "close"],
    body: JSON.stringify({ method, url, headers, httpVersion, contentLength, hasBody }),
  });
};

test("a request is handed over as one of HTTP/1.1 would be", async () => {
  const { session } = await world(echo);
  const { status, headers, body } = await call(session, {
    ":path": "/a%2Fb?x=1&y",
    ":method": "GET",
    "X-A": "1",
    "x-b": ["2", "3"],
    cookie: ["a=1", "b=2"],
  });
  expect(status).toBe(200);
  expect(headers).toMatchObject({ "x-two": "1, 2" });
  expect(headers).not.toHaveProperty("connection");
  const seen = JSON.parse(body);
  expect(seen).toMatchObject({ method: "GET", url: "/a%2Fb?x=1&y", httpVersion: "2.0", hasBody: false });
  expect(seen.headers.slice(0, 2)).toEqual(["host", expect.stringMatching(/^localhost:\d+$/)]);
  expect(seen.headers.slice(2)).toEqual(["x-a", "1", "x-b", "2", "x-b", "3", "cookie", "a=1; b=2"]);
});

test("the certificate is the connection's", async () => {
  const certificates: (Uint8Array | undefined)[] = [];
  const { session } = await world((exchange) => {
    certificates.push(exchange.clientCertificate());
    exchange.answer({ status: 204, headers: [] });
  });
  await Promise.all([call(session, { ":path": "/" }), call(session, { ":path": "/" })]);
  expect(certificates).toHaveLength(2);
  expect(certificates[0]).toBe(certificates[1]);
  expect(Buffer.from(certificates[0] ?? []).toString("latin1")).toContain("client");
});

describe("forwarded", () => {
  async function forwarding(options: Partial<Http2ConnectionOptions> = {}, answer?: Parameters<typeof rawTarget>[0]) {
    const target = await rawTarget(answer);
    const pool = createTarget({ origin: `http://127.0.0.1:${target.port}` });
    onTestFinished(() => pool.destroy());
    const failures: string[] = [];
    const around = await world((exchange) => {
      forward(exchange, pool, {
        path: exchange.url,
        headers: endToEnd(exchange.headers),
        responseTimeoutMs: 2_000,
        bodyIdleTimeoutMs: 2_000,
        maxRequestBodyBytes: 1_000_000,
        onFailure: ({ kind }) => {
          failures.push(kind);
          return { status: kind === "request_body_too_large" ? 413 : 502, headers: [], body: kind };
        },
      });
    }, options);
    return { target, failures, ...around };
  }

  test.each([
    ["none", undefined, {}],
    ["a small one", "hello", { "content-length": 5 }],
    ["one without a length", "hello", {}],
    ["a large one", "x".repeat(500_000), { "content-length": 500_000 }],
  ])("a body: %s", async (_title, body, headers) => {
    const { target, session } = await forwarding();
    const reply = await call(session, { ":method": "POST", ":path": "/x", ...headers }, body);
    expect(reply).toMatchObject({ status: 200, body: "ok" });
    if (body !== undefined) expect(target.received.endsWith(body) || target.received.includes(body)).toBe(true);
    expect(target.received).toMatch(/^POST \/x HTTP\/1.1\r\nhost: localhost/i);
  });

  test("many at once are independent of each other", async () => {
    const { session } = await forwarding();
    const replies = await Promise.all(
      Array.from({ length: 80 }, (_, at) => call(session, { ":method": "POST", ":path": `/${at}` }, `${at}`)),
    );
    expect(replies.every(({ status }) => status === 200)).toBe(true);
  });

  test("a body that is too large is refused, and the rest of it not wanted", async () => {
    const { session, failures } = await forwarding();
    expect(await call(session, { ":method": "POST", ":path": "/x" }, "x".repeat(1_500_000))).toMatchObject({
      status: 413,
    });
    expect(failures).toEqual(["request_body_too_large"]);
    expect(await call(session, { ":path": "/y" })).toMatchObject({ status: 200 });
  });

  test("a target that breaks off breaks the stream, not the connection", async () => {
    const { session, connections } = await forwarding({}, (wire) => {
      wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
      wire.socket.end();
    });
    await expect(call(session, { ":path": "/x" })).rejects.toThrow();
    expect(connections.size).toBe(1);
  });

  test("a client that gives up its stream ends the call", async () => {
    const { session, target, state } = await forwarding({}, () => undefined);
    const stream = session.request({ ":path": "/x" });
    stream.on("error", () => undefined);
    await eventually(() => target.received.length > 0, "the call");
    stream.close(constants.NGHTTP2_CANCEL);
    await eventually(() => target.open === 0 && state.sweep.size === 0, "its end");
  });

  test("a response that the client does not read waits for it", async () => {
    // More than all the sockets on the way hold.
    const size = 32_000_000;
    const { session, target } = await forwarding({}, (wire) => {
      if (wire.received.includes("\r\n\r\n"))
        wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
    });
    const stream = session.request({ ":path": "/x" });
    let left = 0;
    let stoodStill = 0;
    const standsStill = () => {
      const before = left;
      left = target.wires[0]?.socket.writableLength ?? 0;
      stoodStill = left > 0 && left === before ? stoodStill + 1 : 0;
      return stoodStill;
    };
    await expect.poll(standsStill, { interval: 20 }).toBeGreaterThan(5);
    let bytes = 0;
    for await (const piece of stream as AsyncIterable<Buffer>) bytes += piece.length;
    expect(bytes).toBe(size);
  });
});

describe("what is no request", () => {
  test.each([
    ["another Host than the authority", { ":authority": "localhost", host: "evil" }],
    ["CONNECT", { ":method": "CONNECT", ":path": undefined, ":scheme": undefined, ":authority": "x:1" }],
  ])("%s is refused", async (_title, headers) => {
    let handled = 0;
    const { session } = await world((exchange) => {
      handled++;
      echo(exchange);
    });
    expect(await call(session, { ":path": "/", ...headers })).toMatchObject({ status: 400 });
    expect(handled).toBe(0);
  });

  test("a length that the body does not have breaks the stream", async () => {
    const { session, state } = await world((exchange) => void exchange);
    await expect(call(session, { ":method": "POST", ":path": "/", "content-length": 3 }, "hello")).rejects.toThrow();
    await eventually(() => state.sweep.size === 0, "the end of the exchange");
  });

  test("more fields than any request has, and a head that is too large", async () => {
    const { session } = await world(echo);
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`x-${at}`, "1"]));
    await expect(call(session, { ":path": "/", ...many })).rejects.toThrow();
    const { session: other } = await world(echo);
    await expect(call(other, { ":path": "/", "x-big": "x".repeat(100_000) })).rejects.toThrow();
  });
});

test("connections on which nothing happens end", async () => {
  const silent = await world(echo, { headersTimeoutMs: 300 });
  await eventually(() => silent.connections.size === 1, "the connection");
  await eventually(() => silent.connections.size === 0, "its end");
  const used = await world(echo, { keepAliveTimeoutMs: 300 });
  await call(used.session, { ":path": "/" });
  await eventually(() => used.connections.size === 0, "its end");
  expect(used.session.destroyed || used.session.closed).toBe(true);
});

test("a body that trickles has a time for the whole", async () => {
  const target = await rawTarget(() => undefined);
  const pool = createTarget({ origin: `http://127.0.0.1:${target.port}` });
  onTestFinished(() => pool.destroy());
  const { session } = await world(
    (exchange) =>
      forward(exchange, pool, {
        path: "/",
        headers: ["Host", "h"],
        responseTimeoutMs: 5_000,
        bodyIdleTimeoutMs: 5_000,
        onFailure: ({ kind }) => ({ status: 408, headers: [], body: kind }),
      }),
    {},
    { bodyTimeoutMs: 500 },
  );
  const stream = session.request({ ":method": "POST", ":path": "/" });
  stream.on("error", () => undefined);
  const timer = setInterval(() => stream.write("x"), 50);
  onTestFinished(() => clearInterval(timer));
  const status = await new Promise((resolve) => stream.on("response", ({ ":status": given }) => resolve(given)));
  expect(status).toBe(408);
});

describe("a connection that is to end", () => {
  test("is closed at once when nothing is under way", async () => {
    const { session, connections } = await world(echo);
    await call(session, { ":path": "/" });
    for (const connection of connections) connection.retire();
    await eventually(() => connections.size === 0 && session.destroyed, "the end");
  });

  test("answers what is under way, and takes nothing more", async () => {
    let waiting: Exchange | undefined;
    const { session, connections } = await world((exchange) => {
      waiting = exchange;
    });
    const reply = call(session, { ":path": "/" });
    await eventually(() => waiting !== undefined, "the request");
    for (const connection of connections) connection.drain();
    await eventually(() => session.closed, "the farewell");
    waiting?.answer({ status: 200, headers: [], body: "done" });
    expect(await reply).toMatchObject({ status: 200, body: "done" });
    await eventually(() => connections.size === 0, "the end");
  });
});
