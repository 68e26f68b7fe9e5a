import { X509Certificate } from "node:crypto";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { createAuthority, type Issued } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Exchange, type Listener, type ListenerOptions, type ListenerTls, listen } from "./index.ts";
import { eventually, get, testedEngine, Wire } from "./test-world.ts";

const root = createAuthority({ subject: "CN=Root" });
const other = createAuthority({ subject: "CN=Other" });
const server = root.issue({
  subject: "CN=server",
  usage: ["server"],
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1"],
});
const pair = ({ certificate, key }: Issued) => ({ cert: certificate, key });
const client = (name: string, authority = root): Issued => {
  const issued = authority.issue({ subject: `CN=${name}`, usage: ["client"] });
  return { certificate: issued.certificate + authority.chain, key: issued.key };
};
const mutual: ListenerTls = { ...pair(server), ca: root.certificate + other.certificate, requestCert: true };
const nameOf = ({ subject }: X509Certificate): string => subject;

async function serve(
  tls: ListenerTls,
  handle?: (exchange: Exchange) => void,
  more: Partial<ListenerOptions> = {},
): Promise<Listener> {
  const answer = (exchange: Exchange) =>
    exchange.answer({ status: 200, headers: [], body: `${exchange.httpVersion} ok` });
  const listener = await listen(
    { port: 0, host: "127.0.0.1", engine: testedEngine, tls, http2: true, ...more },
    handle ?? answer,
  );
  onTestFinished(() => listener.stop(AbortSignal.abort()));
  return listener;
}

function dial(port: number, identity: Issued, more: ConnectionOptions = {}): Wire {
  const socket = connect({ port, host: "127.0.0.1", ca: root.certificate, ...pair(identity), ...more });
  onTestFinished(() => void socket.destroy());
  return new Wire(socket);
}

function dialHttp2(port: number, identity: Issued): ClientHttp2Session {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: root.certificate, ...pair(identity) });
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

function request(session: ClientHttp2Session, path = "/"): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":path": path });
    let body = "";
    stream.setEncoding("utf8");
    stream.on("data", (piece: string) => {
      body += piece;
    });
    stream.on("end", () => (body === "" ? reject(new Error("no answer")) : resolve(body)));
    stream.on("error", reject);
  });
}

const is = async (wire: Wire, outcome: "served" | "ended") => {
  wire.send(get());
  if (outcome === "served") await wire.until("ok");
  else {
    await wire.untilEnd();
    expect(wire.received).toBe("");
  }
};

test("clients choose their protocol, and who wants none gets HTTP/1.1", async () => {
  const { port } = await serve(mutual);
  expect(await request(dialHttp2(port, client("one")))).toBe("2.0 ok");
  for (const ALPNProtocols of [undefined, ["http/1.1"], ["http/1.1", "h2"]]) {
    const wire = dial(port, client("two"), ALPNProtocols && { ALPNProtocols: ALPNProtocols.slice(0, 1) });
    wire.send(get());
    await wire.until("1.1 ok");
  }
});

test("without http2 there is none", async () => {
  const { port } = await serve(mutual, undefined, { http2: false });
  const wire = dial(port, client("one"), { ALPNProtocols: ["h2", "http/1.1"] });
  wire.send(get());
  await wire.until("1.1 ok");
});

test("a client that is not admitted is not served, in either protocol", async () => {
  let handled = 0;
  const { port } = await serve({ ...mutual, admits: (certificate) => nameOf(certificate) !== "CN=bad" }, (exchange) => {
    handled++;
    exchange.answer({ status: 200, headers: [], body: "ok" });
  });
  await is(dial(port, client("good")), "served");
  await is(dial(port, client("bad")), "ended");
  await expect(request(dialHttp2(port, client("bad")))).rejects.toThrow();
  expect(await request(dialHttp2(port, client("good")))).toBe("ok");
  expect(handled).toBe(2);
});

describe("when settings change", () => {
  const keeping = (...names: string[]): ListenerTls => ({
    ...mutual,
    keeps: (certificate) => names.includes(nameOf(certificate)),
  });

  test("connections of clients that are kept go on, those of others end", async () => {
    const listener = await serve(mutual);
    const [kept, gone] = [dial(listener.port, client("kept")), dial(listener.port, client("gone"))];
    const [keptToo, goneToo] = [dialHttp2(listener.port, client("kept")), dialHttp2(listener.port, client("gone"))];
    await is(kept, "served");
    await is(gone, "served");
    await Promise.all([request(keptToo), request(goneToo)]);

    listener.setTls(keeping("CN=kept"));
    await eventually(() => gone.closed && goneToo.destroyed, "the end of two connections");
    expect([kept.closed, keptToo.destroyed]).toEqual([false, false]);
    kept.send(get("/again"));
    await eventually(() => kept.received.split("ok").length === 3, "another answer");
    expect(await request(keptToo)).toBe("2.0 ok");
  });

  test("what is under way is answered first", async () => {
    const waiting: Exchange[] = [];
    const listener = await serve(mutual, (exchange) => void waiting.push(exchange));
    const wire = dial(listener.port, client("gone"));
    wire.send(get());
    const session = dialHttp2(listener.port, client("gone"));
    const reply = request(session);
    await eventually(() => waiting.length === 2, "two requests");
    listener.setTls(keeping());
    await eventually(() => session.closed, "the farewell");
    for (const exchange of waiting) exchange.answer({ status: 200, headers: [], body: "late" });
    expect(await wire.untilEnd()).toMatch(/Connection: close\r\n[\s\S]*late$/);
    expect(await reply).toBe("late");
    await eventually(() => session.destroyed, "the end");
  });
});

describe("revocation lists", () => {
  const serialOf = ({ certificate }: Issued) => new X509Certificate(certificate).serialNumber;
  const bad = client("bad");
  const lists = (...serials: string[]) => ({
    crl: [root.revocationList({ serials }), other.revocationList({ serials: [] })],
  });

  test("keep out whom they name", async () => {
    const { port } = await serve({ ...mutual, ...lists(serialOf(bad)) });
    await is(dial(port, client("good")), "served");
    await is(dial(port, bad), "ended");
  });

  test("the serial number of another authority is somebody else's", async () => {
    const { port } = await serve({
      ...mutual,
      crl: [root.revocationList({ serials: [] }), other.revocationList({ serials: [serialOf(bad)] })],
    });
    await is(dial(port, bad), "served");
  });

  test("one that is out of date, or missing, lets nobody in", async () => {
    const past = { thisUpdate: new Date(Date.now() - 172_800_000), nextUpdate: new Date(Date.now() - 86_400_000) };
    const late = await serve({ ...mutual, crl: [root.revocationList({ serials: [], ...past })] });
    await is(dial(late.port, client("good")), "ended");
    const missing = await serve({ ...mutual, crl: [other.revocationList({ serials: [] })] });
    await is(dial(missing.port, client("good")), "ended");
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("a session of %s does not outlive a revocation", async (version) => {
    const only = { minVersion: version, maxVersion: version };
    const listener = await serve({ ...mutual, ...lists() });
    let session: Buffer | undefined;
    const first = dial(listener.port, bad, only);
    (first.socket as TLSSocket).on("session", (given: Buffer) => {
      session = given;
    });
    await is(first, "served");
    await eventually(() => session !== undefined, "a session");
    const again = dial(listener.port, bad, { ...only, session: session as Buffer });
    await is(again, "served");
    expect((again.socket as TLSSocket).isSessionReused()).toBe(true);

    listener.setTls({ ...mutual, ...lists(serialOf(bad)), keeps: () => true });
    await is(dial(listener.port, bad, { ...only, session: session as Buffer }), "ended");
    await is(dial(listener.port, client("good"), { ...only, session: session as Buffer }), "served");
  });
});

test("a listener that is drained says farewell in both protocols", async () => {
  const waiting: Exchange[] = [];
  const listener = await serve(mutual, (exchange) => {
    if (exchange.url === "/wait") waiting.push(exchange);
    else exchange.answer({ status: 200, headers: [], body: "ok" });
  });
  const session = dialHttp2(listener.port, client("one"));
  await request(session);
  const reply = request(session, "/wait");
  await eventually(() => waiting.length === 1, "the request");
  const stopped = listener.stop();
  await eventually(() => session.closed, "the farewell");
  waiting[0]?.answer({ status: 200, headers: [], body: "late" });
  expect(await reply).toBe("late");
  await stopped;
  expect(listener.inFlight).toBe(0);
});

test("an idle HTTP/2 connection does not keep a listener from stopping", async () => {
  const listener = await serve(mutual);
  const session = dialHttp2(listener.port, client("one"));
  await request(session);
  await listener.stop();
  await eventually(() => session.destroyed, "the end");
});
