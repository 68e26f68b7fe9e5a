import { expect, test } from "vitest";
import { listen } from "./listener.ts";
import { dial, eventually, get, rawTarget, takeRequest, testedEngine, world } from "./test-world.ts";

// What the comparison of the engines (test/conformance/engines) has found; each was a mistake of one of them.

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test("an upgrade right behind an answer that was given at once is an ordinary request, and nobody's end", async () => {
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1", upgrades: true }, (exchange) =>
    exchange.answer({ status: 200, headers: ["X-Path", exchange.url], body: "ok" }),
  );
  const wire = dial(listener.port);
  wire.send(`${get("/first")}${get("/second", "Connection: Upgrade\r\nUpgrade: websocket\r\n")}`);
  await wire.until(/X-Path: \/second\r\n/);
  expect(wire.received.match(/HTTP\/1\.1 200 OK\r\n/g)).toHaveLength(2);
  await listener.stop(AbortSignal.abort());
});

test("any number of 100s is passed on, however they are cut", async () => {
  const interim = "HTTP/1.1 100 Continue\r\n\r\n";
  for (const parts of [
    [interim + interim + ok],
    [...(interim + interim + ok)],
    [`${interim}HTTP/1.1 10`, "3 Early\r\nX: y\r\n\r\nHTTP/1.1 1", `00 \r\n\r\n${ok}`],
    ["HTTP/1.1 10", `0 Continue\r\nA: b\r\n\r\n\r\n${ok}`],
  ]) {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) === undefined) return;
      const left = [...parts];
      const sendNext = (): void => {
        wire.send(left.shift() ?? "");
        if (left.length > 0) setImmediate(sendNext);
      };
      sendNext();
    });
    const { call } = await world({ targetPort: target.port });
    const wire = call(get());
    await wire.until(/\r\n\r\nok$/);
    const count = parts.join("").match(/100 |10(?=3)/g)?.length;
    expect(wire.received.match(/HTTP\/1\.1 10[03] /g)).toHaveLength(count ?? 0);
    expect(wire.received).not.toContain("109");
  }
});

test("white space behind the value of a target's field is no part of it", async () => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) wire.send("HTTP/1.1 200 OK\r\nX-A: \t a  b \t \r\nContent-Length: 0 \r\n\r\n");
  });
  const { call } = await world({ targetPort: target.port });
  const wire = call(get());
  await wire.until(/\r\nX-A: a {2}b\r\nContent-Length: 0\r\n/);
});

test("whoever sends on behind a bad request gets the refusal all the same, and no reset", async () => {
  const target = await rawTarget(() => undefined);
  const { call } = await world({ targetPort: target.port });
  const wire = call("GET /\t HTTP/1.1\r\nHost: h\r\n\r\n");
  for (let sent = 0; sent < 20; sent++) {
    wire.send("x".repeat(20_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await wire.untilEnd();
  expect(wire.received).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*\r\nConnection: close\r\nDate: [^\r]*\r\n\r\n400/,
  );
});

test("a client that goes while its call runs, and had sent a bad request behind it, is missed", async () => {
  const target = await rawTarget(() => undefined);
  const { call, outcome } = await world({ targetPort: target.port });
  const wire = call(`${get()}no request\r\n\r\n`);
  await eventually(() => target.wires[0]?.received.includes("\r\n\r\n") === true, "the call");
  wire.socket.destroy();
  expect((await outcome()).failure?.kind).toBe("client_gone");
});

test("a body that comes to nothing goes out as none", async () => {
  const target = await rawTarget((wire) => {
    if (wire.received.includes("\r\n\r\n")) wire.send(ok);
  });
  const { call } = await world({ targetPort: target.port });
  const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  await eventually(() => target.wires.length === 1, "a connection");
  expect(target.wires[0]?.received).toBe("");
  wire.send("0\r\n\r\n");
  await wire.until(/\r\n\r\nok$/);
  expect(target.wires[0]?.received).toMatch(/\r\ncontent-length: 0\r\n\r\n$/);
});

test("a client that ends its side amid a body is told that this was no request", async () => {
  const target = await rawTarget(() => undefined);
  for (const framing of ["Content-Length: 50", "Content-Length: 50000", "Transfer-Encoding: chunked"]) {
    const { call } = await world({ targetPort: target.port });
    const wire = call(`POST / HTTP/1.1\r\nHost: h\r\n${framing}\r\n\r\n5\r\nhello\r\n`);
    wire.socket.end();
    await wire.untilEnd();
    expect(wire.received).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test("a response that breaks off right behind its head has brought its head", async () => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) === undefined) return;
    wire.send("HTTP/1.1 201 Created\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n");
  });
  const { call } = await world({ targetPort: target.port });
  const wire = call(get());
  await wire.untilEnd();
  expect(wire.received).toMatch(/^HTTP\/1\.1 201 Created\r\nX-A: b\r\n[\s\S]*\r\n\r\n$/);
});

test("a connection whose target announces a body where none may be is not used again", async () => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) wire.send(`HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\n\r\n${ok}`);
  });
  const { call } = await world({ targetPort: target.port });
  for (let calls = 1; calls <= 2; calls++) {
    await call(get()).until(/\r\n\r\nok$/);
    await eventually(() => target.wires[calls - 1]?.ended === true, "an end of its connection");
  }
});

test("a target that keeps no connection may say so in an interim response", async () => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) wire.send(`HTTP/1.1 103 Early Hints\r\nKeep-Alive: timeout=0\r\n\r\n${ok}`);
  });
  const { call } = await world({ targetPort: target.port });
  await call(get()).until(/\r\n\r\nok$/);
  await eventually(() => target.wires[0]?.ended === true, "the end of its connection");
});

test("what is wrong with a head is said, whatever is wrong with what follows it and stands before it", async () => {
  const { call } = await world({ targetPort: (await rawTarget((wire) => wire.send(ok))).port });
  const bad =
    "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n";
  const wire = call(`${get()}${bad}`);
  await wire.untilEnd();
  expect(wire.received).toMatch(/\r\n\r\nokHTTP\/1\.1 501 /);
});

test("a body that ends with its connection is whole only where that ends, and is not broken", async () => {
  const target = await rawTarget((wire) => {
    const path = takeRequest(wire)?.split(" ")[1];
    if (path === undefined) return;
    wire.send("HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nsome");
    setTimeout(() => (path === "/whole" ? wire.socket.end() : wire.socket.resetAndDestroy()), 20);
  });
  const { call, outcome } = await world({ targetPort: target.port });
  const whole = call(get("/whole"));
  await whole.until(/some\r\n0\r\n\r\n$/);
  const broken = call(get("/broken"));
  await broken.untilEnd();
  expect(broken.received).toMatch(/some\r\n$/);
  expect(await outcome(2)).toMatchObject({ complete: false, failure: { kind: "reset" } });
});

test("a target that switches protocols unasked speaks no HTTP", async () => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) === undefined) return;
    wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: a/1\r\n\r\n");
  });
  const { call, outcome } = await world({ targetPort: target.port });
  await call(get()).until(/^HTTP\/1\.1 502 /);
  expect((await outcome()).failure?.kind).toBe("protocol");
});

test("whoever has an answer gets to it, whatever is wrong with the rest of the request", async () => {
  const { call } = await world({ targetPort: (await rawTarget()).port });
  const wire = call(`POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n`);
  for (let sent = 0; sent < 20; sent++) {
    wire.send("x".repeat(20_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await wire.untilEnd();
  expect(wire.received).toMatch(/^HTTP\/1\.1 501 [\s\S]*\r\n\r\n501/);
  expect(wire.reset).toBe(false);
});

test.each(["204 No Content", "304 Not Modified"])("the answer to HEAD may tell of a body: %s", async (status) => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) wire.send(`HTTP/1.1 ${status}\r\nContent-Length: 300\r\n\r\n`);
  });
  const { call } = await world({ targetPort: target.port });
  const wire = call("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(2));
  await wire.until(/(?:HTTP\/1\.1 [\s\S]*?\r\n\r\n){2}/);
  expect(target.wires).toHaveLength(1);
});

test("of a request behind another one, what its head asks for is refused before its body is looked at", async () => {
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1" }, (exchange) => {
    if (exchange.url === "/served") setTimeout(() => exchange.answer({ status: 200, headers: [], body: "ok" }), 20);
    else exchange.answer({ status: 404, headers: [], body: "none" });
  });
  const wire = dial(listener.port);
  wire.send(
    `${get("/served")}POST /none HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n`,
  );
  await wire.untilEnd();
  expect(wire.received).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nokHTTP\/1\.1 404 [\s\S]*\r\n\r\nnone$/);
  await listener.stop(AbortSignal.abort());
});

test.each(["", " \t"])("a coding without a name is none, whatever else is wrong: %j", async (value) => {
  const { call } = await world({ targetPort: (await rawTarget()).port });
  for (const behind of ["X-Folded: a\r\n b", "X-Tab\t: a", "\u0001"]) {
    const wire = call(`GET / HTTP/1.1\r\nTransfer-Encoding:${value}\r\n${behind}\r\n\r\n`);
    await wire.until(/^HTTP\/1\.1 501 /);
  }
});
