import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ForwardFailure } from "./index.ts";
import { answerAll, eventually, get, rawTarget, world } from "./test-world.ts";

describe("a call that gets no connection", () => {
  test.each([
    { title: "without a body", request: get() },
    { title: "with a small body", request: "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello" },
    {
      title: "with a body that is streamed",
      request: "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    },
  ])("is made again when somebody wants it: $title", async ({ request }) => {
    const port = await freePort();
    const asked: string[] = [];
    let target: Awaited<ReturnType<typeof rawTarget>> | undefined;
    const onUnsent = ({ kind }: ForwardFailure): number => {
      asked.push(kind);
      void rawTarget(answerAll, port).then((started) => (target = started));
      return 1;
    };
    const { call, outcome } = await world({ targetPort: port, forward: { onUnsent } });
    await call(request).until(/^HTTP\/1.1 200 .*ok$/s);
    expect(asked).toEqual(["unreachable"]);
    expect(await outcome()).toMatchObject({ status: 200, tries: 1, complete: true });
    expect(target?.received.split("/x HTTP/1.1").length).toBe(2);
    if (request.includes("hello")) expect(target?.received).toContain("hello");
  });

  test("fails as soon as nobody wants it any more", async () => {
    const waits = [1, 1, undefined];
    let asked = 0;
    const { call, failures } = await world({
      targetPort: await freePort(),
      forward: { onUnsent: () => waits[asked++] },
    });
    await call(get()).until("unreachable");
    expect(asked).toBe(3);
    expect(failures.length).toBe(1);
  });

  test("comes to an end whatever is wanted", async () => {
    let asked = 0;
    const onUnsent = (): number => {
      asked++;
      return 1;
    };
    const { call } = await world({ targetPort: await freePort(), forward: { onUnsent } });
    await call(get()).until("unreachable");
    expect(asked).toBe(15);
  });

  test("is forgotten when its client leaves meanwhile", async () => {
    const port = await freePort();
    let asked = 0;
    const onUnsent = (): number => {
      asked++;
      return 300;
    };
    const { call, outcome } = await world({ targetPort: port, forward: { onUnsent } });
    const wire = call(get());
    await eventually(() => asked === 1, "the question");
    wire.socket.destroy();
    expect(await outcome()).toMatchObject({ status: 0, failure: { kind: "client_gone" } });
    const target = await rawTarget(answerAll, port);
    await call(get("/other")).until("ok");
    expect(target.received).not.toContain("/x");
  });
});

test("a call of which something was sent is not asked about", async () => {
  const target = await rawTarget((wire) => void wire.socket.resetAndDestroy());
  let asked = 0;
  const onUnsent = (): number => ++asked;
  const { call } = await world({ targetPort: target.port, forward: { onUnsent } });
  await call(get()).until("reset");
  expect(asked).toBe(0);
});

test("a client may be silent as long as its call says", async () => {
  const target = await rawTarget();
  const listener = { bodyIdleTimeoutMs: 100 };
  const { call } = await world({ targetPort: target.port, listener, forward: { requestIdleTimeoutMs: 10_000 } });
  const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
  await new Promise((resolve) => setTimeout(resolve, 500));
  wire.send("0\r\n\r\n");
  await wire.until("ok");
});

/** A port on which nobody listens, for now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
