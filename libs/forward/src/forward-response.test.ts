import { describe, expect, test } from "vitest";
import { eventually, get, rawTarget, takeRequest, world } from "./test-world.ts";

/** A target that answers every request with these bytes, and closes its side when asked to. */
async function scripted(response: string, then: "keep" | "end" | "reset" = "keep") {
  return await rawTarget((wire) => {
    if (takeRequest(wire) === undefined) return;
    wire.socket.write(response, "latin1", () => {
      if (then === "end") wire.socket.end();
      if (then === "reset") wire.socket.resetAndDestroy();
    });
  });
}

/** Node would add its own, were there none. */
const dated = "Date: Sat, 01 Jan 2022 00:00:00 GMT\r\n";

describe("the response that the client sees", () => {
  test("keeps the case, order, duplicates and bytes of headers, and the Date", async () => {
    const headers = `${dated}X-b: 2\r\nx-A: 1\r\nSet-Cookie: a=1\r\nX-B: 3\r\nSet-Cookie: b=2\r\nX-Bytes: caf\u00e9 \u00ff\r\nX-Empty: \r\n`;
    const target = await scripted(`HTTP/1.1 200 Fine\r\n${headers}Content-Length: 2\r\n\r\nok`);
    const { call } = await world({ targetPort: target.port });
    const text = await call(get()).until("\r\n\r\nok");
    expect(text).toBe(
      `HTTP/1.1 200 OK\r\n${headers}Content-Length: 2\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\nok`,
    );
  });

  test("keeps the bytes of headers that leave long before the body", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) === undefined) return;
      wire.send("HTTP/1.1 200 OK\r\nX-Bytes: caf\u00e9\r\nContent-Length: 2\r\n\r\n");
      setTimeout(() => wire.send("ok"), 50);
    });
    const { call } = await world({ targetPort: target.port });
    expect(await call(get()).until(/ok$/)).toContain("X-Bytes: caf\u00e9\r\n");
  });

  test("keeps the bytes of a Content-Disposition that follows the length", async () => {
    const name = 'attachment; filename="\u00fcber \u00c3\u00bc \u00ff.txt"';
    const target = await scripted(
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nContent-Disposition: ${name}\r\n\r\nok`,
    );
    const { call } = await world({ targetPort: target.port });
    expect(await call(get()).until("\r\n\r\nok")).toContain(`\r\nContent-Disposition: ${name}\r\n`);
  });

  test("loses hop-by-hop headers and those that Connection names", async () => {
    const target = await scripted(
      "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=9\r\nProxy-Authenticate: Basic\r\nProxy-Connection: x\r\nUpgrade: h2c\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok",
    );
    const { call } = await world({ targetPort: target.port });
    const text = await call(get()).until("\r\n\r\nok");
    expect(text).not.toMatch(/x-mine|proxy-|upgrade|timeout=9/i);
    expect(text).toContain("X-Kept: 1\r\n");
  });

  test("chunked stays chunked, every chunk is passed on at once, and trailers follow", async () => {
    const target = await scripted("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call(get());
    await wire.until("Transfer-Encoding: chunked\r\n");
    for (const event of ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]) {
      target.wires[0]?.send(`${event.length.toString(16)}\r\n${event}\r\n`);
      await wire.until(`9\r\n${event}\r\n`);
    }
    target.wires[0]?.send("0\r\nX-Sum: caf\u00e9\r\nX-sum: 2\r\n\r\n");
    expect(await wire.until("X-sum: 2")).toMatch(/\r\n0\r\nX-Sum: caf\u00e9\r\nX-sum: 2\r\n\r\n$/);
    expect(await outcome()).toMatchObject({ status: 200, complete: true, responseBytes: 27 });
  });

  test("a body that ends with the target's connection becomes a chunked one", async () => {
    const target = await scripted("HTTP/1.1 200 OK\r\n\r\nhello", "end");
    const { call } = await world({ targetPort: target.port });
    expect(await call(get()).until("\r\n0\r\n\r\n")).toContain("\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  });

  test("HTTP/1.0 clients get no chunks and no interim responses", async () => {
    const target = await scripted(
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
    );
    const { call } = await world({ targetPort: target.port });
    const text = await call("GET / HTTP/1.0\r\n\r\n").until("hello");
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(text).not.toMatch(/transfer-encoding|trailer/i);
    expect(text.endsWith("\r\n\r\nhello")).toBe(true);
  });

  test.each([
    ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX-End: 1\r\n\r\n", "Content-Length: 1234"],
    ["HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-End: 1\r\n\r\n", "X-End: 1"],
    ["GET", "HTTP/1.1 204 No Content\r\nX-End: 1\r\n\r\n", "X-End: 1"],
    [
      "GET",
      'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 1234\r\nX-End: 1\r\n\r\n',
      "Content-Length: 1234",
    ],
  ])("%s without a body keeps its headers, and the connection goes on", async (method, response, kept) => {
    const target = await scripted(response);
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`);
    await wire.until("X-End: 1");
    expect((await outcome()).complete).toBe(true);
    wire.send(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`);
    await outcome(2);
    await wire.until(/X-End: 1[\s\S]*X-End: 1[\s\S]*\r\n\r\n$/);
    const heads = wire.received.split("\r\n\r\n");
    expect(heads).toHaveLength(3);
    for (const head of heads.slice(0, 2)) expect(head).toContain(kept);
    expect(heads[2]).toBe("");
  });

  test("interim responses come first, with their headers", async () => {
    const target = await scripted(
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nLink: </b.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    const { call } = await world({ targetPort: target.port });
    expect(await call(get()).until("\r\n\r\nok")).toMatch(
      /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>\r\nLink: <\/b.css>\r\n\r\nHTTP\/1.1 102 Processing\r\n\r\nHTTP\/1.1 200 OK\r\n/,
    );
  });

  test("a 100 Continue that nobody asked for is passed on like any interim response", async () => {
    const target = await scripted("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    const { call } = await world({ targetPort: target.port });
    expect(await call(get()).until("\r\n\r\nok")).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/);
  });

  test("onResponse may change status and headers", async () => {
    const target = await scripted("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno");
    const { call, outcome } = await world({
      targetPort: target.port,
      forward: {
        onResponse: (status, headers) => ({ status: 502, headers: [...headers, "Target-System-Status", `${status}`] }),
      },
    });
    const text = await call(get()).until("\r\n\r\nno");
    expect(text).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\n/);
    expect(text).toContain("Target-System-Status: 503\r\n");
    expect(await outcome()).toMatchObject({ status: 502, targetStatus: 503, complete: true });
  });

  test.each([
    ["chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "end"],
    ["chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "reset"],
    ["chunked, in its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", "keep"],
    ["sized", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "end"],
    ["sized", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "reset"],
  ] as const)("AG-57 a %s body that breaks off is broken off for the client too (%#)", async (_, response, then) => {
    const target = await scripted(response, then);
    const { call, outcome, failures } = await world({ targetPort: target.port });
    const wire = call(get());
    const text = await wire.untilEnd();
    expect(text).not.toContain("0\r\n\r\n");
    const ended = await outcome();
    expect(ended).toMatchObject({ status: 200, targetStatus: 200, complete: false });
    expect(ended.failure?.kind).toMatch(/reset|protocol/);
    expect(failures).toHaveLength(0);
  });

  test("AG-57 a broken body towards HTTP/1.0 ends in a reset, since an orderly end would complete it", async () => {
    const target = await scripted("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    const { call } = await world({ targetPort: target.port });
    const wire = call("GET / HTTP/1.0\r\n\r\n");
    await wire.until("hello");
    target.wires[0]?.socket.resetAndDestroy();
    await eventually(() => wire.closed, "the close");
    expect(wire.reset).toBe(true);
  });

  test("an early refusal reaches a client that is still uploading", async () => {
    const target = await rawTarget((wire) => {
      if (wire.received.includes("\r\n\r\n") && !wire.socket.writableEnded) {
        wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        wire.socket.end();
      }
    });
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\n");
    const piece = "x".repeat(100_000);
    for (let i = 0; i < 50; i += 1) wire.send(piece);
    expect(await wire.until("\r\n\r\nbig")).toMatch(/^HTTP\/1.1 413 [\s\S]*\r\nConnection: close\r\n/);
    expect(await outcome()).toMatchObject({ status: 413, complete: true });
    await wire.untilEnd();
  });

  test("a target that answers while it reads gets the whole body", async () => {
    const target = await rawTarget((wire) => {
      if (wire.received.includes("first") && !wire.received.includes("last")) {
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
      }
      if (wire.received.includes("\r\n0\r\n\r\n")) wire.send("3\r\ntwo\r\n0\r\n\r\n");
    });
    const { call } = await world({ targetPort: target.port });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
    await wire.until("one");
    wire.send("4\r\nlast\r\n0\r\n\r\n");
    await wire.until("two\r\n0\r\n\r\n");
    expect(wire.received).toContain("Connection: keep-alive");
  });
});
