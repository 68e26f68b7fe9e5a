import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { eventually, get } from "../test-world.ts";
import { http2World, ok } from "./test-world.ts";

describe("a response on HTTP/2", () => {
  test("has its fields in order with their bytes, its trailers, and what came before it", async () => {
    const { call, outcome } = await http2World((stream) => {
      stream.additionalHeaders({ ":status": 100 });
      stream.additionalHeaders({ ":status": 103, link: "</a>" });
      const fields = ["set-cookie", "a=1", "x-one", "1", "set-cookie", "b=2", "x-bytes", "caf\u00e9"];
      stream.respond([":status", "418", ...fields] as never, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-checksum": "abc" }));
      stream.write("body");
      setTimeout(() => stream.end(" and more"), 20);
    });
    const text = await call(get()).until(/x-checksum: abc\r\n\r\n$/);
    expect(text).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1.1 418 /,
    );
    expect(text).toMatch(/\r\nset-cookie: a=1\r\nx-one: 1\r\nset-cookie: b=2\r\nx-bytes: caf\u00e9\r\n/);
    expect(text).toContain("4\r\nbody\r\n9\r\n and more\r\n0\r\n");
    expect(await outcome()).toMatchObject({ status: 418, responseBytes: 13, complete: true });
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("has no body: %s, %i", async (method, status) => {
    const { call, outcome } = await http2World((stream) => {
      stream.respond({ ":status": status, "x-a": "1" }, { endStream: true });
    });
    await call(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`).until(
      new RegExp(`^HTTP/1.1 ${status} .*x-a: 1.*\r\n\r\n$`, "s"),
    );
    expect(await outcome()).toMatchObject({ complete: true });
  });

  test("of many bytes arrives whole", async () => {
    const body = randomBytes(20_000_000);
    const { call, outcome } = await http2World((stream) => {
      stream.respond({ ":status": 200, "content-length": body.length });
      stream.end(body);
    });
    const wire = call(get());
    await outcome();
    await eventually(() => wire.received.length > body.length, "all of it");
    const received = Buffer.from(wire.received.slice(wire.received.indexOf("\r\n\r\n") + 4), "latin1");
    expect(createHash("sha256").update(received).digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
  });

  test("that arrives before the request is complete ends the request", async () => {
    const { call, outcome, sessions } = await http2World((stream) => {
      stream.respond({ ":status": 413 });
      stream.end("too much");
    });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
    wire.socket.write(Buffer.alloc(300_000));
    await wire.until(/413 [\s\S]*too much/);
    expect(await outcome()).toMatchObject({ status: 413 });
    await call(get()).until("413");
    expect(sessions).toHaveLength(1);
  });

  test("that is not read stops the target, and nobody else", async () => {
    let written = 0;
    const size = 30_000_000;
    const { call, outcome } = await http2World((stream, headers, raw) => {
      if (headers[":path"] !== "/slow") return ok(stream, headers, raw);
      stream.respond({ ":status": 200, "content-length": size });
      const more = () => {
        while (written < size) {
          written += 100_000;
          if (!stream.write(Buffer.alloc(100_000, "x"))) return void stream.once("drain", more);
        }
        stream.end();
      };
      more();
    });
    const slow = call(get("/slow"));
    slow.socket.pause();
    let before = -1;
    await eventually(() => {
      const isStill = written === before && written > 0;
      before = written;
      return isStill;
    }, "the target to be stopped");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBeLessThan(size / 2);
    for (let i = 0; i < 20; i += 1) await call(get("/other")).until("ok");
    slow.socket.resume();
    await outcome(21);
    await eventually(() => slow.received.length > size, "the rest");
  });
});
