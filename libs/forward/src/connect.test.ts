import { createHash, X509Certificate } from "node:crypto";
import { createServer } from "node:http";
import { type AddressInfo, connect as dialTo } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createAuthority, type Issued } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { answerAll, get, rawTarget, takeRequest, Wire, world } from "./test-world.ts";

const authority = createAuthority({ subject: "CN=Test CA", keyType: "ec" });
const server = authority.issue({
  subject: "CN=server",
  usage: ["server"],
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1"],
});
const pinOf = ({ certificate }: Issued): string => {
  const spki = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64");
};

describe("an address is checked before it is connected to", () => {
  test.each(["localhost", "127.0.0.1"])("and refused by name or as it stands: %s", async (host) => {
    const target = await rawTarget();
    const asked: string[] = [];
    const checkAddress = (address: string): string => {
      asked.push(address);
      return `${address} is in loopback`;
    };
    const origin = `http://${host}:${target.port}`;
    const { call, failures } = await world({ targetPort: target.port, target: { origin, checkAddress } });
    await call(get()).until("forbidden");
    expect(failures[0]?.error?.message).toMatch(/^(127\.0\.0\.1|::1) is in loopback$/);
    expect(asked).toContain("127.0.0.1");
    expect(target.wires).toEqual([]);
  });

  test("as a whole: one that is forbidden spoils the name", async () => {
    const target = await rawTarget();
    let asked = 0;
    const checkAddress = (): string | undefined => (++asked === 1 ? undefined : "the second is forbidden");
    const origin = `http://localhost:${target.port}`;
    const { call } = await world({ targetPort: target.port, target: { origin, checkAddress } });
    // Where the system knows one address of it only, there is no second.
    await call(get()).until(/forbidden|ok$/);
  });

  test("anew for every connection, and not for every call", async () => {
    const target = await rawTarget();
    let asked = 0;
    const checkAddress = (): undefined => void asked++;
    const origin = `http://localhost:${target.port}`;
    const { call, outcome } = await world({ targetPort: target.port, target: { origin, checkAddress } });
    await call(get()).until("ok");
    const once = asked;
    await outcome();
    await call(get()).until("ok");
    expect(asked).toBe(once);
  });
});

describe("a pinned key", () => {
  test.each([
    ["is that of the server", true, () => [pinOf(server)], "ok"],
    ["is one of several", true, () => ["x", pinOf(server)], "ok"],
    ["is another's", true, () => [pinOf(authority.issue({ subject: "CN=x", usage: ["server"] }))], "tls"],
    ["is none at all", true, () => [], "tls"],
    ["makes up for an authority", false, () => [pinOf(server)], "ok"],
    ["is missed where nobody vouches", false, () => ["x"], "tls"],
  ])("%s", async (_, isVerified, pins, answer) => {
    const target = await tlsTarget();
    const tls = { ...(isVerified ? { ca: authority.certificate } : { rejectUnauthorized: false }), pins: pins() };
    const origin = `https://127.0.0.1:${target.port}`;
    const { call, outcome } = await world({ targetPort: target.port, target: { origin, tls } });
    for (let connection = 1; connection <= 3; connection++) {
      await call(get()).until(new RegExp(`${answer}$`));
      await outcome(connection);
      // Sessions of TLS are resumed on the next one.
      target.drop();
    }
    if (answer === "tls") expect(target.requests()).toBe(0);
  });
});

describe("a forward proxy", () => {
  test("opens a tunnel to a target with TLS, whose identity is checked as ever", async () => {
    const target = await tlsTarget();
    const proxy = await tunnelProxy();
    const origin = `https://localhost:${target.port}`;
    const options = { origin, proxy: { origin: `http://127.0.0.1:${proxy.port}`, authorization: "Basic x" } };
    const trusting = await world({ targetPort: 0, target: { ...options, tls: { ca: authority.certificate } } });
    await trusting.call(get()).until("ok");
    await trusting.outcome();
    await trusting.call(get()).until("ok");
    const asked = `localhost:${target.port}`;
    expect(proxy.asked).toEqual([{ url: asked, host: asked, authorization: "Basic x" }]);
    const strict = await world({ targetPort: 0, target: options });
    await strict.call(get()).until("tls");
  });

  test("is asked for a target without TLS in every request", async () => {
    const proxy = await rawTarget();
    const options = {
      origin: "http://target.invalid:81",
      proxy: { origin: `http://127.0.0.1:${proxy.port}`, authorization: "Basic x" },
    };
    const { call, outcome } = await world({ targetPort: 0, target: options });
    await call(get("/a?b=1")).until("ok");
    await outcome();
    await call("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").until("ok");
    expect(proxy.wires.length).toBe(1);
    expect(proxy.received).toContain("GET http://target.invalid:81/a?b=1 HTTP/1.1\r\n");
    expect(proxy.received).toContain("POST http://target.invalid:81/c HTTP/1.1\r\n");
    expect(proxy.received.match(/Proxy-Authorization: Basic x\r\n/gi)?.length).toBe(2);
  });

  test.each<[string, (wire: Wire) => void, string]>([
    ["refuses", (wire) => wire.send("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"), "unreachable"],
    ["talks nonsense", (wire) => wire.send("SSH-2.0\r\n"), "protocol"],
    ["hangs up", (wire) => void wire.socket.destroy(), "reset"],
    ["is silent", () => undefined, "timeout"],
  ])("that %s fails the call", async (_, misbehave, kind) => {
    const proxy = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) misbehave(wire);
    });
    const options = {
      origin: "https://t",
      proxy: { origin: `http://127.0.0.1:${proxy.port}`, authorization: "hidden" },
      connectTimeoutMs: 300,
    };
    const { call, failures } = await world({ targetPort: 0, target: options });
    await call(get()).until(kind);
    expect(failures[0]?.error?.message).not.toContain("hidden");
  });

  test("has its own address checked", async () => {
    const proxy = await rawTarget();
    const checkAddress = (address: string) => `${address} is forbidden`;
    for (const origin of ["http://t", "https://t"]) {
      const options = { origin, proxy: { origin: `http://127.0.0.1:${proxy.port}` }, checkAddress };
      const { call } = await world({ targetPort: 0, target: options });
      await call(get()).until(/\r\n\r\nforbidden$/);
    }
    expect(proxy.wires).toEqual([]);
  });
});

describe("a response body", () => {
  const long = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
  const answer = (text: string) => (wire: Wire) => {
    if (takeRequest(wire) !== undefined) wire.send(text);
  };

  test("of known length that is too large is a failure", async () => {
    const target = await rawTarget(answer(long));
    const { call, outcome } = await world({ targetPort: target.port, forward: { maxResponseBodyBytes: 10 } });
    await call(get()).until(/^HTTP\/1\.1 502 .*response_body_too_large$/s);
    expect(await outcome()).toMatchObject({ status: 502, failure: { kind: "response_body_too_large" } });
  });

  test("in chunks that becomes too large is broken off", async () => {
    const target = await rawTarget(answer(chunked));
    const { call, outcome } = await world({ targetPort: target.port, forward: { maxResponseBodyBytes: 10 } });
    expect(await call(get()).untilEnd()).not.toContain("world");
    expect(await outcome()).toMatchObject({ complete: false, failure: { kind: "response_body_too_large" } });
  });

  test("that is too large and was held back is broken off as well", async () => {
    const target = await rawTarget(answer(chunked.replace("200", "404")));
    const reconsider = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return undefined;
    };
    const { call, outcome } = await world({
      targetPort: target.port,
      forward: { maxResponseBodyBytes: 10, reconsider },
    });
    expect(await call(get()).untilEnd()).not.toContain("world");
    expect(await outcome()).toMatchObject({ complete: false, failure: { kind: "response_body_too_large" } });
  });

  test.each([
    ["just fits", get(), long, 11],
    ["just fits in chunks", get(), chunked, 11],
    ["is only announced", "HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", 1],
  ])("passes that %s", async (_, request, text, maxResponseBodyBytes) => {
    const target = await rawTarget(answer(text));
    const { call, outcome } = await world({ targetPort: target.port, forward: { maxResponseBodyBytes } });
    await call(request).until(/^HTTP\/1\.1 200 /);
    expect(await outcome()).toMatchObject({ status: 200, complete: true });
  });
});

/** A target that speaks TLS with the certificate of `server`. */
async function tlsTarget() {
  const wires: Wire[] = [];
  const listener = createTlsServer({ cert: server.certificate, key: server.key }, (socket) => {
    const wire = new Wire(socket);
    wires.push(wire);
    socket.on("data", () => answerAll(wire));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const drop = (): void => wires.forEach(({ socket }) => void socket.destroy());
  onTestFinished(() => {
    drop();
    listener.close();
  });
  const { port } = listener.address() as AddressInfo;
  return { port, drop, requests: () => wires.filter(({ received }) => received !== "").length };
}

/** A proxy that opens every tunnel to where it leads on this machine. */
async function tunnelProxy() {
  const asked: { url: string | undefined; host: string | undefined; authorization: string | undefined }[] = [];
  const proxy = createServer();
  proxy.on("connect", ({ url, headers }, socket, head) => {
    asked.push({ url, host: headers.host, authorization: headers["proxy-authorization"] });
    const onward = dialTo(Number(url?.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  return { port: (proxy.address() as AddressInfo).port, asked };
}
