import { X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { createAuthority, type Issued } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTarget, type Exchange, type Listener, type ListenerTls, listen } from "./index.ts";
import { dial, eventually, get, rawTarget, takeRequest, testedEngine, Wire, world } from "./test-world.ts";

const authority = createAuthority({ subject: "CN=Test CA", keyType: "ec" });
const other = createAuthority({ subject: "CN=Other CA", keyType: "ec" });
const server = authority.issue({
  subject: "CN=server",
  usage: ["server"],
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1"],
});
const client = authority.issue({ subject: "CN=client", usage: ["client"] });
const pair = ({ certificate, key }: Issued) => ({ cert: certificate, key });

describe("a TLS listener", () => {
  async function serve(tls: ListenerTls, handle: (exchange: Exchange) => void): Promise<Listener> {
    const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1", tls }, handle);
    onTestFinished(() => listener.stop(AbortSignal.abort()));
    return listener;
  }

  function dialTls(port: number, identity?: Issued): Wire {
    const socket = connect({
      port,
      host: "127.0.0.1",
      ca: authority.certificate,
      ALPNProtocols: ["h2", "http/1.1"],
      ...(identity === undefined ? {} : pair(identity)),
    });
    onTestFinished(() => void socket.destroy());
    return new Wire(socket);
  }

  const mutual = { ...pair(server), ca: authority.certificate, requestCert: true };

  test("hands over the verified certificate of its client, the same for every exchange of a connection", async () => {
    const seen: (Uint8Array | undefined)[] = [];
    const { port } = await serve(mutual, (exchange) => {
      seen.push(exchange.clientCertificate());
      exchange.answer({ status: 200, headers: [], body: exchange.url });
    });
    const wire = dialTls(port, client);
    for (const path of ["/1", "/2"]) {
      wire.send(get(path));
      await wire.until(path);
    }
    expect(new X509Certificate(seen[0] as Uint8Array).subject).toBe("CN=client");
    expect(seen[1]).toBe(seen[0]);
    expect((wire.socket as TLSSocket).alpnProtocol).toBe("http/1.1");
  });

  test("refuses clients without a certificate and with one of another authority", async () => {
    let handled = 0;
    const listener = await serve(mutual, () => {
      handled += 1;
    });
    for (const identity of [undefined, other.issue({ subject: "CN=stranger", usage: ["client"] })]) {
      const wire = dialTls(listener.port, identity);
      wire.send(get());
      await wire.untilEnd();
      expect(wire.received).toBe("");
    }
    expect(handled).toBe(0);
  });

  test("never hands over a certificate that was not verified", async () => {
    let seen: Uint8Array | undefined | "none" = "none";
    const { port } = await serve({ ...mutual, rejectUnauthorized: false }, (exchange) => {
      seen = exchange.clientCertificate();
      exchange.answer({ status: 200, headers: [], body: "ok" });
    });
    const wire = dialTls(port, other.issue({ subject: "CN=stranger", usage: ["client"] }));
    wire.send(get());
    await wire.until("ok");
    expect(seen).toBeUndefined();
  });

  test("stops though a handshake is never finished, and closes unused connections at once", async () => {
    const listener = await serve(pair(server), () => undefined);
    const unused = dialTls(listener.port);
    await eventually(() => (unused.socket as TLSSocket).getProtocol() !== null, "the handshake");
    const mute = dial(listener.port);
    await eventually(() => !mute.socket.connecting, "the connection");
    const deadline = new AbortController();
    const stopped = listener.stop(deadline.signal);
    await unused.untilEnd();
    deadline.abort();
    await stopped;
    await mute.untilEnd();
  });

  test("uses a new certificate for new connections, and keeps the old one when the new is broken", async () => {
    const listener = await serve(pair(server), (exchange) => exchange.answer({ status: 200, headers: [], body: "ok" }));
    const serial = async () => {
      const wire = dialTls(listener.port);
      wire.send(get());
      await wire.until("ok");
      return (wire.socket as TLSSocket).getPeerX509Certificate()?.serialNumber;
    };
    const first = await serial();
    expect(() => listener.setTls({ cert: "nonsense", key: "nonsense" })).toThrow();
    expect(await serial()).toBe(first);
    listener.setTls(pair(authority.issue({ subject: "CN=new", usage: ["server"], ipAddresses: ["127.0.0.1"] })));
    expect(await serial()).not.toBe(first);
  });

  test("ends the connections of an authority that is no longer trusted, once their exchange is over", async () => {
    const waiting: Exchange[] = [];
    const listener = await serve(mutual, (exchange) => {
      if (exchange.url === "/wait") waiting.push(exchange);
      else exchange.answer({ status: 200, headers: [], body: "ok" });
    });
    const idle = dialTls(listener.port, client);
    idle.send(get());
    await idle.until("ok");
    const busy = dialTls(listener.port, client);
    busy.send(get("/wait"));
    await eventually(() => waiting.length === 1, "the request");

    listener.setTls({ ...mutual, ...pair(authority.issue({ subject: "CN=new", usage: ["server"] })) });
    idle.send(get("/same-authority"));
    await eventually(() => idle.received.split("ok").length === 3, "the second answer");

    listener.setTls({ ...mutual, ca: createAuthority({ subject: "CN=other" }).certificate });
    await eventually(() => idle.closed, "the idle connection to be closed");
    expect(busy.closed).toBe(false);
    waiting[0]?.answer({ status: 200, headers: [], body: "late" });
    expect(await busy.untilEnd()).toMatch(/Connection: close\r\n[\s\S]*late$/);
  });

  test("breaks a body of HTTP/1.0 off where no reset can be sent", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire)) wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    });
    const { listener, outcome } = await world({ targetPort: target.port, listener: { tls: mutual } });
    const wire = dialTls(listener.port, client);
    wire.send("GET / HTTP/1.0\r\n\r\n");
    await wire.until("hello");
    target.wires[0]?.socket.resetAndDestroy();
    await eventually(() => wire.closed, "the close");
    expect(await outcome()).toMatchObject({ complete: false, failure: { kind: "reset" } });
  });
});

describe("a TLS target", () => {
  async function tlsTarget(options: TlsOptions = {}) {
    const handshakes: TLSSocket[] = [];
    const tls = createServer({ ...pair(server), ...options }, (socket) => {
      handshakes.push(socket);
      socket.on("error", () => undefined);
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    });
    tls.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    onTestFinished(async () => {
      for (const socket of handshakes) socket.destroy();
      await new Promise((resolve) => tls.close(resolve));
    });
    return { port: (tls.address() as AddressInfo).port, handshakes };
  }

  test("is called when its certificate is right, by name and by address", async () => {
    const { port, handshakes } = await tlsTarget();
    for (const host of ["localhost", "127.0.0.1"]) {
      const { call } = await world({
        targetPort: port,
        target: { origin: `https://${host}:${port}`, tls: { ca: authority.certificate } },
      });
      await call(get()).until("ok");
    }
    expect(handshakes.map(({ servername }) => servername)).toEqual(["localhost", false]);
  });

  test("whose Host header names somebody else is still checked against its own name", async () => {
    const { port } = await tlsTarget();
    const target = { origin: `https://localhost:${port}`, tls: { ca: authority.certificate } };
    const { call } = await world({ targetPort: port, target });
    const wire = call("GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
    await wire.until("ok");
    wire.send("GET / HTTP/1.1\r\nHost: another.example\r\n\r\n");
    await wire.until(/ok[\s\S]*ok$/);
  });

  test.each([
    ["an unknown authority", "https://localhost", {}],
    ["another name", "https://localhost", { ca: authority.certificate, servername: "other.example" }],
  ])("AG-45 with %s is a TLS failure", async (_, origin, tls) => {
    const { port } = await tlsTarget();
    const { call } = await world({ targetPort: port, target: { origin: `${origin}:${port}`, tls } });
    await call(get()).until(/502 [\s\S]*\r\n\r\ntls$/);
  });

  test("AG-45 is called unchecked when that is wished", async () => {
    const { port } = await tlsTarget();
    const { call } = await world({
      targetPort: port,
      target: { origin: `https://localhost:${port}`, tls: { rejectUnauthorized: false } },
    });
    await call(get()).until("ok");
  });

  test("AG-44 gets the client certificate of its pool, and no other", async () => {
    const { port, handshakes } = await tlsTarget({
      requestCert: true,
      ca: authority.certificate,
      rejectUnauthorized: false,
    });
    const origin = `https://localhost:${port}`;
    const bare = { origin, tls: { ca: authority.certificate } };
    const known = { origin, tls: { ca: authority.certificate, ...pair(client) } };
    for (const target of [known, bare, known]) {
      const { call } = await world({ targetPort: port, target });
      await call(get()).until("ok");
    }
    expect(handshakes.map(({ authorized }) => authorized)).toEqual([true, false, true]);
  });

  test("AG-44 with a key that does not belong to its certificate is refused at once", () => {
    expect(() => createTarget({ origin: "https://h", tls: { cert: client.certificate, key: server.key } })).toThrow();
  });

  test("that speaks no TLS is a failure", async () => {
    const { port } = await tlsTarget();
    const { call, outcome } = await world({ targetPort: port, target: { origin: `http://127.0.0.1:${port}` } });
    await call(get()).until("502");
    expect((await outcome()).failure?.kind).toMatch(/reset|protocol/);
  });
});
