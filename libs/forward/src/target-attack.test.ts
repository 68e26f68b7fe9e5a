import { describe, expect, test } from "vitest";
import { answerAll, dial, eventually, get, rawTarget, takeRequest, type Wire, world } from "./test-world.ts";

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";

/** Gives the first request this answer, all others an ordinary one. */
async function firstSays(answer: string | ((wire: Wire) => void)) {
  let first = true;
  return await rawTarget((wire) => {
    if (takeRequest(wire) === undefined) return;
    if (!first) wire.send(ok);
    else if (typeof answer === "string") wire.send(answer);
    else answer(wire);
    first = false;
  });
}

describe("what a target sends beyond its response", () => {
  test.each([
    ["a second response", "GET", ok + evil],
    ["a body for HEAD", "HEAD", `HTTP/1.1 200 OK\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`],
    ["a body for 204", "GET", `HTTP/1.1 204 No Content\r\n\r\n${evil}`],
    ["a declared body for 204", "GET", `HTTP/1.1 204 No Content\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`],
    ["a declared body for 304", "GET", `HTTP/1.1 304 Not Modified\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`],
    [
      "Connection: close in trailers",
      "GET",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n",
    ],
  ])("is never given to the next exchange: %s", async (_, method, answer) => {
    const target = await firstSays(answer);
    const { call, outcome } = await world({ targetPort: target.port, target: { maxConnections: 1 } });
    // Both wait for the one connection: the second takes it in the very moment in which the first leaves it.
    call(`${method} /1 HTTP/1.1\r\nHost: h\r\n\r\n`);
    await eventually(() => target.received.includes("/1"), "the first request");
    const second = call(get("/2"));
    expect(await second.until("\r\n\r\nok")).not.toContain("EVIL");
    expect(await outcome(2)).toMatchObject({ status: 200, complete: true });
    expect(target.wires).toHaveLength(2);
  });

  test("closes a connection on which it arrives later", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    await call(get("/1")).until("ok");
    target.wires[0]?.send(evil);
    await eventually(() => target.open === 0, "the close");
    expect(await call(get("/2")).until("ok")).not.toContain("EVIL");
  });
});

test.each([
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding: gzip",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
])("a coding that the client would not be told of is a failure: %s", async (coding) => {
  const target = await firstSays(`HTTP/1.1 200 OK\r\n${coding}\r\n\r\n2\r\nzz\r\n0\r\n\r\n`);
  const { call } = await world({ targetPort: target.port });
  await call(get()).until(/^HTTP\/1.1 502 [\s\S]*protocol$/);
  await eventually(() => target.open === 0, "the connection to be closed");
});

test("heads that have no body declare none to the client", async () => {
  const target = await firstSays("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nX-End: 1\r\n\r\n");
  const { call } = await world({ targetPort: target.port });
  const wire = call(get());
  await wire.until(/X-End: 1[\s\S]*\r\n\r\n$/);
  expect(wire.received).not.toMatch(/content-length/i);
  const hinting = await firstSays("HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\nLink: </a>\r\n\r\n");
  const hinted = (await world({ targetPort: hinting.port })).call(get());
  expect(await hinted.until("\r\n\r\n")).toMatch(/^HTTP\/1.1 103 Early Hints\r\nLink: <\/a>\r\n\r\n$/);
});

test("a head of nothing but Connection lines holds nobody up", async () => {
  const target = await firstSays(`HTTP/1.1 200 OK\r\n${"Connection: a\r\n".repeat(20_000)}Content-Length: 2\r\n\r\nok`);
  const { call } = await world({ targetPort: target.port });
  const started = performance.now();
  await call(get()).until("\r\n\r\nok");
  // Twenty thousand lines are a matter of milliseconds, or of many seconds when each costs as much as all before it.
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("interim responses don't pile up for a client that does not read", { timeout: 30_000 }, async () => {
  const hint = `HTTP/1.1 103 Early Hints\r\nLink: ${"a".repeat(500)}\r\n\r\n`.repeat(100);
  const total = 60_000_000;
  let sent = 0;
  const target = await firstSays(({ socket }) => {
    const more = () => {
      while (sent < total) {
        sent += hint.length;
        if (!socket.write(hint)) return;
      }
      socket.write(ok);
    };
    socket.on("drain", more);
    more();
  });
  const { listener, outcome } = await world({ targetPort: target.port });
  const wire = dial(listener.port);
  wire.send(get());
  wire.socket.pause();
  await eventually(() => sent >= total, "the flood to be over", 20_000);
  wire.socket.resume();
  expect(await wire.until(/\r\n\r\nok$/)).toMatch(/^HTTP\/1.1 103 /);
  expect((await outcome()).complete).toBe(true);
  // What was not dropped is what the kernels held and one buffer.
  expect(wire.received.length).toBeLessThan(20_000_000);
});

describe("an empty chunked body on a connection that went stale", () => {
  const chunked = (method: string) =>
    `${method} /again HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
  const forgetful = async () =>
    await rawTarget((wire) => {
      if (wire.received.split("HTTP/1.1\r\n").length > 2) wire.socket.resetAndDestroy();
      else answerAll(wire);
    });

  test("is sent again to its end when it may be", async () => {
    const target = await forgetful();
    const { call } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    await call(chunked("PUT")).until("ok");
    expect(target.wires[1]?.received).toMatch(/^PUT \/again /);
  });

  test("is not sent twice when it may not", async () => {
    const target = await forgetful();
    const { call } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    await call(chunked("POST")).until(/502 [\s\S]*reset$/);
    expect(target.received.match(/\/again/g)).toHaveLength(1);
  });
});

test("the error of a broken response holds nothing of the response", async () => {
  const target = await firstSays("HTTP/1.1 200 OK\r\nSet-Cookie : secret\r\n\r\n");
  const { call, outcome } = await world({ targetPort: target.port });
  await call(get()).until(/protocol$/);
  const error = (await outcome()).failure?.error as Error;
  expect(`${JSON.stringify({ ...error })} ${error.stack}`).not.toContain("secret");
});
