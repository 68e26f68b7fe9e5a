import { describe, expect, test } from "vitest";
import { eventually, get, rawTarget, takeRequest, type Wire, world } from "./test-world.ts";

describe("the request that the target sees", () => {
  test.each([
    "/",
    "/a//b/./../c",
    "/a%2Fb%2f%zz",
    "/hello('%7Cworld%7C')",
    "/x?y=1&&z=%20;a=b?c",
    '/"<>\\^`{|}',
    String.fromCharCode(...Array.from({ length: 94 }, (_, i) => (i === 0 ? 0x2f : 0x21 + i))),
    "http://other.example/absolute?q",
  ])("has the path byte for byte: %s", async (path) => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    await call(get(path)).until("ok");
    expect(target.received.split("\r\n", 1)[0]).toBe(`GET ${path} HTTP/1.1`);
  });

  test("bytes that no URL may have are refused and not rewritten", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    for (const byte of ["\u0001", "\u007f", "\u00e9"]) await call(get(`/a${byte}`)).until("400 Bad Request");
    expect(target.received).toBe("");
  });

  test("keeps the case, order, duplicates and bytes of headers", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    const headers =
      "X-b: 2\r\nx-A: 1\r\nX-B: 3\r\nCookie: a=1\r\nCookie: b=2\r\nX-Bytes: caf\u00e9 \u00ff\r\nX-Empty: \r\n";
    await call(get("/", headers)).until("ok");
    const lines = target.received.split("\r\n").slice(1, -2);
    expect(lines).toEqual(["host: h", "connection: keep-alive", ...headers.split("\r\n").slice(0, -1)]);
  });

  test("loses hop-by-hop headers and those that Connection names", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    const hop = [
      "Connection: close, X-Mine",
      "X-Mine: 1",
      "Keep-Alive: timeout=5",
      "Proxy-Connection: keep-alive",
      "Proxy-Authorization: Basic eA==",
      "TE: trailers, deflate",
      "Upgrade: websocket",
      "Trailer: X-T",
    ];
    await call(get("/", `${hop.join("\r\n")}\r\nX-Kept: 1\r\n`)).until("ok");
    expect(target.received).toBe(
      "GET / HTTP/1.1\r\nhost: h\r\nconnection: keep-alive\r\nTE: trailers\r\nX-Kept: 1\r\n\r\n",
    );
  });

  test.each([
    ["POST", 5, "hello"],
    ["PUT", 5, "hello"],
    ["GET", 5, "hello"],
    ["DELETE", 5, "hello"],
    ["PROPFIND", 5, "hello"],
    ["POST", 70_000, "x".repeat(70_000)],
    ["GET", 70_000, "x".repeat(70_000)],
  ])("AG-63 keeps the body and its length: %s with %i bytes", async (method, length, body) => {
    const target = await rawTarget();
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call(`${method} / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n${body}`);
    await wire.until("ok");
    expect(target.received).toMatch(new RegExp(`^${method} / HTTP/1.1\r\n`));
    expect(target.received.match(/content-length/gi)).toHaveLength(1);
    expect(target.received.toLowerCase()).toContain(`content-length: ${length}\r\n`);
    expect(target.received.endsWith(`\r\n\r\n${body}`)).toBe(true);
    expect(await outcome()).toMatchObject({ requestBytes: length, complete: true });
  });

  test.each(["POST", "GET", "DELETE"])(
    "AG-63 keeps a chunked body chunked, without its trailers: %s",
    async (method) => {
      const target = await rawTarget();
      const { call } = await world({ targetPort: target.port });
      const head = `${method} / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n`;
      await call(`${head}5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n`).until("ok");
      expect(target.received).toContain("transfer-encoding: chunked\r\n");
      expect(target.received).not.toMatch(/content-length|trailer/i);
      expect(target.received.slice(target.received.indexOf("\r\n\r\n"))).toMatch(/hello[\s\S]* world\r\n0\r\n\r\n$/);
    },
  );

  test("keeps Content-Length: 0 on POST and invents none on GET and DELETE", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    await call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").until("ok");
    expect(target.received).toContain("content-length: 0\r\n");
    await call(get()).until("ok");
    await call("DELETE / HTTP/1.1\r\nHost: h\r\n\r\n").until("ok");
    expect(target.received.match(/content-length/g)).toHaveLength(1);
    expect(target.received).not.toContain("transfer-encoding");
  });

  test.each(
    "ACL BIND CHECKOUT COPY LINK LOCK M-SEARCH MERGE MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH PROPFIND PROPPATCH PURGE QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE".split(
      " ",
    ),
  )("has the method unchanged: %s", async (method) => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    await call(`${method} /m HTTP/1.1\r\nHost: h\r\n\r\n`).until("ok");
    expect(target.received).toMatch(new RegExp(`^${method} /m HTTP/1.1\r\n`));
  });

  test.each([5, 70_000])(
    "Expect: 100-continue is met here before a body of %i bytes, and not passed on",
    async (length) => {
      const target = await rawTarget();
      const { call } = await world({ targetPort: target.port });
      const wire = call(`POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`);
      await wire.until("HTTP/1.1 100 Continue\r\n\r\n");
      wire.send("x".repeat(length));
      await wire.until("ok");
      expect(target.received.toLowerCase()).not.toContain("expect");
      expect(wire.received).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/);
    },
  );

  test("an Upgrade is an ordinary request without the header", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    await call(get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n")).until("ok");
    expect(target.received).not.toMatch(/upgrade/i);
    expect(target.received).toContain("Sec-WebSocket-Key: x");
  });

  test("pipelined requests are answered in order, one after the other", async () => {
    const seen: string[] = [];
    const target = await rawTarget((wire) => {
      const request = takeRequest(wire);
      if (request === undefined) return;
      const path = request.split(" ")[1] as string;
      seen.push(path);
      const delay = path === "/0" ? 50 : 0;
      setTimeout(() => wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`), delay);
    });
    const { call } = await world({ targetPort: target.port });
    const paths = Array.from({ length: 40 }, (_, i) => `/${i}`);
    const wire = call(paths.map((path) => get(path)).join(""));
    await wire.until(/\/39$/);
    expect(seen).toEqual(paths);
    expect([...wire.received.matchAll(/\r\n\r\n(\/\d+)/g)].map((match) => match[1])).toEqual(paths);
  });

  test("a body that exceeds the limit never looks complete to the target", async () => {
    const target = await rawTarget(() => undefined);
    const { call, outcome } = await world({ targetPort: target.port, forward: { maxRequestBodyBytes: 100_000 } });
    const declared = call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n");
    await declared.until("413");
    expect(target.wires).toHaveLength(0);
    const chunked = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let i = 0; i < 4; i += 1) chunked.send(`8000\r\n${"x".repeat(0x8000)}\r\n`);
    chunked.send("0\r\n\r\n");
    await chunked.until("413");
    const failed = await outcome(2);
    expect(failed.failure?.kind).toBe("request_body_too_large");
    await eventually(() => target.open === 0, "the target's connection to be broken");
    expect(target.received).not.toContain("0\r\n\r\n");
  });

  test("a client that goes away takes the call to the target with it", async () => {
    const target = await rawTarget(() => undefined);
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call(get());
    await eventually(() => target.received.includes("\r\n\r\n"), "the request");
    wire.socket.destroy();
    expect((await outcome()).failure?.kind).toBe("client_gone");
    await eventually(() => target.open === 0, "the target's connection to be broken");
  });

  test("a client that goes away in its body never leaves a complete one behind", async () => {
    const target = await rawTarget(() => undefined);
    const { call, outcome } = await world({ targetPort: target.port });
    const wire: Wire = call(`POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
    await eventually(() => target.received.includes("hello"), "the first chunk");
    wire.socket.destroy();
    expect((await outcome()).failure?.kind).toBe("client_gone");
    await eventually(() => target.open === 0, "the target's connection to be broken");
    expect(target.received).not.toContain("\r\n0\r\n");
  });
});
