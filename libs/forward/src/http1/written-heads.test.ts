import { describe, expect, onTestFinished, test } from "vitest";
import { engines } from "../engine.ts";
import { endToEnd, listen } from "../index.ts";
import { dial, get, rawTarget, world } from "../test-world.ts";

const bad: [string, string, string][] = [
  ["a line break", "X-A", "1\r\nX-Evil: 1"],
  // Written as latin1, they are a line break as well.
  ["characters whose low bytes are a line break", "X-A", "1\u010d\u010aX-Evil: 1"],
  ["a character that is none of latin1", "X-A", "1\u20ac"],
  ["a control character", "X-A", "1\u0001"],
  ["a name with a colon", "X-Evil: 1, X-A", "1"],
  ["a name with a space", "X Evil", "1"],
  ["a name that ends with a space", "Transfer-Encoding ", "chunked"],
  ["a name with a line break", "X-Evil: 1\r\nX-A", "1"],
  ["a name of another alphabet", "X-Evil\u010a", "1"],
  ["no name", "", "1"],
];

describe.each(engines)("what can't stand in a head is not written: %s", (engine) => {
  test.each(bad)("in a request: %s", async (_, name, value) => {
    const target = await rawTarget();
    const { call } = await world({
      targetPort: target.port,
      listener: { engine },
      target: { engine },
      forward: { headers: ["Host", "h", name, value] },
    });
    await call(get()).until(/^HTTP\/1.1 502 [\s\S]*protocol$/);
    expect(target.received).toBe("");
  });

  test("a second length does not make up for a line too many", async () => {
    const target = await rawTarget();
    const headers = ["Host", "h", "Content-Length", "0", "Content-Length", "0", "X-A", "1\r\nX-Evil: 1"];
    const { call } = await world({
      targetPort: target.port,
      listener: { engine },
      target: { engine },
      forward: { headers },
    });
    await call(get()).until(/^HTTP\/1.1 502 [\s\S]*protocol$/);
    expect(target.received).toBe("");
  });

  test.each(bad)("in an answer: %s", async (_, name, value) => {
    const listener = await listen({ engine, port: 0, host: "127.0.0.1" }, (exchange) => {
      exchange.answer({ status: 200, headers: [name, value], body: "hello" });
    });
    onTestFinished(() => listener.stop(AbortSignal.abort()));
    const wire = dial(listener.port);
    wire.send(get());
    expect(await wire.until(/Error$/)).toMatch(/^HTTP\/1.1 500 /);
    expect(wire.received).not.toContain("Evil");
  });

  test.each(bad)("in the response of a target: %s", async (_, name, value) => {
    const target = await rawTarget();
    const { call } = await world({
      targetPort: target.port,
      listener: { engine },
      target: { engine },
      forward: { onResponse: (status, headers) => ({ status, headers: [...headers, name, value] }) },
    });
    const wire = call(get());
    await wire.until(/^HTTP\/1.1 502 [\s\S]*protocol$/);
    expect(wire.received).not.toContain("Evil");
  });
});

test("bytes above 0x7f are written as they came", async () => {
  const target = await rawTarget((wire) => wire.send("HTTP/1.1 200 OK\r\nX-B: \xe9\xff\r\nContent-Length: 0\r\n\r\n"));
  const { call } = await world({
    targetPort: target.port,
    listener: { engine: "sockets" },
    target: { engine: "sockets" },
    forward: { headers: endToEnd(["Host", "h", "X-A", "\xe4\x80\t "]) },
  });
  expect(await call(get()).until("\r\n\r\n")).toContain("X-B: \xe9\xff\r\n");
  expect(target.received).toContain("X-A: \xe4\x80\t \r\n");
});

test.each(["Transfer-Encoding", "Keep-Alive", "Upgrade", "Expect", "Content-Length"])(
  "%s of a caller does not get into a request: it could make two of one",
  async (name) => {
    const target = await rawTarget();
    const { call } = await world({
      targetPort: target.port,
      listener: { engine: "sockets" },
      target: { engine: "sockets" },
      forward: { headers: ["Host", "h", name, "5"] },
    });
    await call(get()).until(/^HTTP\/1.1 502 [\s\S]*protocol$/);
    expect(target.received).toBe("");
  },
);
