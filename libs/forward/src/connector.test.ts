import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { createServer as createTlsListener, setDefaultCACertificates, type TlsOptions } from "node:tls";
import { createAuthority, type Issued } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { plainAddress } from "./checked-lookup.ts";
import { answerAll, eventually, get, rawTarget, type WorldOptions, world } from "./test-world.ts";

const authority = createAuthority({ subject: "CN=Test CA", keyType: "ec" });
const other = createAuthority({ subject: "CN=Other CA", keyType: "ec" });
const names = { usage: ["server" as const], dnsNames: ["localhost", "target.test"], ipAddresses: ["127.0.0.1"] };
const server = authority.issue({ subject: "CN=server", ...names });
// The system's authority, for this file.
setDefaultCACertificates([authority.certificate]);
const pair = ({ certificate, key }: Issued) => ({ cert: certificate, key });

describe("an address that is denied", () => {
  test.each([
    ["in the origin", "http://127.0.0.1", ["127.0.0.1"]],
    ["in the origin, as IPv4 in IPv6", "http://[::ffff:127.0.0.1]", ["127.0.0.1"]],
    ["behind a name", "http://localhost", expect.arrayContaining(["127.0.0.1"])],
  ])("is not connected to: %s", async (_title, host, asked) => {
    const target = await rawTarget();
    const seen: string[] = [];
    const checkAddress = (address: string): string => {
      seen.push(address);
      return `${address} is denied`;
    };
    const options = { targetPort: target.port, target: { origin: `${host}:${target.port}`, checkAddress } };
    const { call, failures } = await world(options);
    await call(get()).until(/502 [\s\S]*forbidden$/);
    expect(failures[0]?.error?.message).toMatch(/is denied$/);
    expect(seen).toEqual(asked);
    expect(target.wires).toEqual([]);
  });

  test("is denied from one connection to the next, wherever the name has led before", async () => {
    const target = await rawTarget((wire) => {
      answerAll(wire);
      wire.socket.end();
    });
    let isDenied = false;
    const checkAddress = () => (isDenied ? "denied by now" : undefined);
    const { call } = await world({
      targetPort: target.port,
      target: { origin: `http://localhost:${target.port}`, checkAddress },
    });
    await call(get()).until("ok");
    await eventually(() => target.open === 0, "the connection to be closed");
    isDenied = true;
    await call(get()).until("forbidden");
    expect(target.wires).toHaveLength(1);
  });

  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:169.254.1.2", "169.254.1.2"],
    ["::FFFF:a9fe:102", "169.254.1.2"],
    ["fe80::1%eth0", "fe80::1"],
    ["::1", "::1"],
    ["localhost", "localhost"],
    ["1.2.3", "1.2.3"],
  ])("is looked at as it is: %s", (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });
});

test("an authority of one's own takes the place of the system's, or stands beside them", async () => {
  const bySystem = await tlsTarget(pair(server));
  const byOther = await tlsTarget(pair(other.issue({ subject: "CN=server", ...names })));
  const ca = other.certificate;
  const reached = async (port: number, tls: WorldOptions["target"]): Promise<boolean> => {
    const { call } = await world({ targetPort: port, target: { origin: `https://localhost:${port}`, ...tls } });
    return /200 OK/.test(await call(get()).until(/ok$|tls$/));
  };
  expect([await reached(bySystem, {}), await reached(byOther, {})]).toEqual([true, false]);
  expect([await reached(bySystem, { tls: { ca } }), await reached(byOther, { tls: { ca } })]).toEqual([false, true]);
  const both = { tls: { ca, trustsSystem: true } };
  expect([await reached(bySystem, both), await reached(byOther, both)]).toEqual([true, true]);
});

describe("a forward proxy", () => {
  const authorization = "Basic cHJveHk6c2VjcmV0";

  test.each(["http", "https"] as const)("makes requests for http targets, over %s", async (scheme) => {
    const proxy = await forwardProxy(scheme);
    const target = await rawTarget();
    const { call } = await world({
      targetPort: target.port,
      target: { origin: `http://target.test:${target.port}`, proxy: { origin: proxy.origin, authorization } },
    });
    await call(get("/a?b", "X-A: 1\r\n")).until("ok");
    await call(get("/again")).until("ok");
    expect(proxy.seen).toEqual([
      `GET http://target.test:${target.port}/a?b`,
      `GET http://target.test:${target.port}/again`,
    ]);
    expect(proxy.authorizations).toEqual([authorization, authorization]);
    expect(target.received).toContain("X-A: 1");
    expect(proxy.connections).toBe(1);
  });

  test.each(["http", "https"] as const)("is a way through for https targets, over %s", async (scheme) => {
    const proxy = await forwardProxy(scheme);
    const port = await tlsTarget(pair(server));
    const { call } = await world({
      targetPort: port,
      target: {
        origin: `https://target.test:${port}`,
        proxy: { origin: proxy.origin, authorization },
        tls: { ca: authority.certificate },
        // The proxy's, and not the target's, which only the proxy looks up.
        checkAddress: (address) => (address === "127.0.0.1" || address === "::1" ? undefined : "denied"),
      },
    });
    const text = await call(get("/a?b")).until("200 OK");
    expect(text).not.toContain(authorization);
    await call(get("/again")).until("200 OK");
    expect(proxy.seen).toEqual([`CONNECT target.test:${port}`]);
    expect(proxy.authorizations).toEqual([authorization]);
  });

  test("does not keep the target from being who it says it is", async () => {
    const proxy = await forwardProxy("http");
    const port = await tlsTarget(pair(server));
    const { call } = await world({
      targetPort: port,
      target: {
        origin: `https://somebody-else.test:${port}`,
        proxy: { origin: proxy.origin },
        tls: { ca: authority.certificate },
      },
    });
    await call(get()).until(/502 [\s\S]*tls$/);
  });

  test("is asked for a way through when a connection is to become something else", async () => {
    const proxy = await forwardProxy("http");
    const target = await rawTarget((wire) =>
      wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    );
    const { call } = await world({
      targetPort: target.port,
      listener: { upgrades: true },
      target: { origin: `http://target.test:${target.port}`, proxy: { origin: proxy.origin, authorization } },
    });
    await call(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n")).until("101 Switching");
    expect(proxy.seen).toEqual([`CONNECT target.test:${target.port}`]);
    expect(target.received).toMatch(/^GET \/ws HTTP/);
    expect(target.received).not.toContain("Authorization");
  });

  test("that says nothing is waited for as long as a connection may take", async () => {
    const silent = await rawTarget(() => undefined);
    const proxy = { origin: `http://127.0.0.1:${silent.port}` };
    const slow = { origin: "https://target.test", proxy };
    const perTarget = await world({ targetPort: 1, target: { ...slow, connectTimeoutMs: 150 } });
    await perTarget.call(get()).until(/504 [\s\S]*timeout$/);
    const perCall = await world({ targetPort: 1, target: slow, forward: { connectTimeoutMs: 150 } });
    await perCall.call(get()).until(/504 [\s\S]*timeout$/);
    await perTarget.target.destroy();
    await perCall.target.destroy();
    await eventually(() => silent.open === 0, "the connections to be closed");
  });
});

test("a connection that has grown old is not used again", async () => {
  const target = await rawTarget();
  const { call } = await world({ targetPort: target.port, target: { maxConnectionAgeMs: 20 } });
  await expect
    .poll(async () => {
      await call(get()).until("ok");
      return target.wires[0]?.ended;
    })
    .toBe(true);
  await call(get()).until("ok");
  expect(target.wires.length).toBeGreaterThan(1);
});

async function tlsTarget(options: TlsOptions): Promise<number> {
  const target = createTlsServer(options, (_request, response) => response.end("ok"));
  return listening(target);
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that takes every name for this machine. */
async function forwardProxy(scheme: "http" | "https") {
  const seen: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const note = ({ method, url, headers }: IncomingMessage): void => {
    seen.push(`${method} ${url}`);
    authorizations.push(headers["proxy-authorization"]);
  };
  // What reaches the proxy's inner server has been asked of it, whether over TLS or not.
  const inner = createServer((request, response) => {
    note(request);
    const { port, pathname, search } = new URL(request.url ?? "");
    const onward = connect(Number(port), "127.0.0.1");
    const headers = Object.entries(request.headers).filter(([name]) => !name.startsWith("proxy-"));
    onward.write(`${request.method} ${pathname}${search} HTTP/1.1\r\n`);
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      if (headers.some(([name]) => name === request.rawHeaders[i]?.toLowerCase())) {
        onward.write(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}\r\n`);
      }
    }
    onward.write("\r\n");
    onward.once("data", () => {
      onward.destroy();
      response.end("ok");
    });
  });
  let connections = 0;
  inner.on("connection", () => {
    connections += 1;
  });
  inner.on("connect", (request: IncomingMessage, socket: Socket) => {
    note(request);
    socket.on("error", () => undefined);
    const onward = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  if (scheme === "http") {
    const port = await listening(inner);
    return {
      origin: `http://127.0.0.1:${port}`,
      seen,
      authorizations,
      get connections() {
        return connections;
      },
    };
  }
  const outer = createTlsListener(pair(server), (socket) => inner.emit("connection", socket));
  const port = await listening(outer);
  return {
    origin: `https://localhost:${port}`,
    seen,
    authorizations,
    get connections() {
      return connections;
    },
  };
}
