import { connect as connectTls } from "node:tls";
import { createAuthority } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { dial, eventually, get, rawTarget, takeRequest, Wire, world } from "./test-world.ts";

const size = 40_000_000;
const authority = createAuthority({ subject: "CN=CA", keyType: "ec" });
const issued = authority.issue({ subject: "CN=s", usage: ["server"], dnsNames: ["localhost"], keyType: "ec" });
const tls = { cert: issued.certificate, key: issued.key };

/** A target that answers with much. */
const large = () =>
  rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) {
      wire.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      wire.socket.write(Buffer.alloc(size, "x"));
    }
  });

const ways = [
  { title: "over TCP", listener: {}, open: dial },
  {
    title: "over TLS",
    listener: { tls },
    open(port: number): Wire {
      const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: authority.certificate });
      onTestFinished(() => void socket.destroy());
      return new Wire(socket);
    },
  },
];

describe.each(ways)("a response that waits for its client, $title", ({ listener, open }) => {
  test("is broken off when the client takes nothing, and the target is free", async () => {
    const target = await large();
    const made = await world({
      targetPort: target.port,
      listener: { ...listener, responseIdleTimeoutMs: 400 },
      forward: { bodyIdleTimeoutMs: 0 },
    });
    const wire = open(made.listener.port);
    wire.send(get());
    wire.socket.pause();
    expect(await made.outcome()).toMatchObject({ status: 200, complete: false });
    await eventually(() => target.open === 0, "the target's connection to be broken");
    expect(made.listener.inFlight).toBe(0);
  });

  test("goes on when the client takes little", async () => {
    const target = await large();
    const made = await world({
      targetPort: target.port,
      listener: { ...listener, responseIdleTimeoutMs: 1_000 },
      forward: { bodyIdleTimeoutMs: 0 },
    });
    const wire = open(made.listener.port);
    let taken = 0;
    wire.socket.removeAllListeners("data");
    wire.socket.pause();
    wire.send(get());
    const timer = setInterval(() => {
      const text = wire.socket.read(200_000) ?? wire.socket.read();
      taken += text?.length ?? 0;
    }, 50);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    clearInterval(timer);
    expect(taken).toBeGreaterThan(1_000_000);
    expect(taken).toBeLessThan(size);
    expect(made.outcomes).toEqual([]);
    expect(wire.closed).toBe(false);
  });
});
