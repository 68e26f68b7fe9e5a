import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { OutgoingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect } from "node:tls";
import { createAuthority, type Issued, loadAuthority } from "@application-connector/x509";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { engines, testedEngine } from "../tested-engine.ts";
import { type Profile, profiles, X } from "./certificates.ts";
import type { Echo } from "./echo-server.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { connectHttp2, sendHttp2 } from "./http2-client.ts";
import { readResponse, sendRaw } from "./raw-client.ts";
import { application, type Call, fixtures, request, startWorld, valuesOf, type World } from "./world.ts";

const servers = createAuthority({ subject: "CN=Server CA" });
const clients = createAuthority({ subject: "CN=Client CA" });
const strangers = createAuthority({ subject: "CN=Client CA" });
const subjectOf = (profile: Profile) => (profile === "strict" ? "CN=bound,OU=group,O=tenant" : "CN=bound,OU=other");

/** A certificate for another name, made by the holder of one that may not sign any. */
function signedByClient(): Issued {
  const own = loadAuthority(clients.issue({ subject: "CN=dotted.app-1", usage: ["client"] }));
  const { certificate, key } = own.issue({ subject: "CN=std", usage: ["client"] });
  return { certificate: certificate + own.chain, key };
}

// The other engine is looked at with one profile only: `FORWARD_ENGINE` is for more.
const variants = [
  ...profiles.map((profile) => ({ profile, engine: testedEngine })),
  ...engines.filter((engine) => engine !== testedEngine).map((engine) => ({ profile: "strict" as const, engine })),
];

describe.each(variants)("$profile, $engine", ({ profile, engine }) => {
  let world: World;
  let folder: string;
  const file = (name: string) => join(folder, name);
  const serve = async (pair: Issued, ca: string) => {
    await writeFile(file("tls.key"), pair.key);
    await writeFile(file("tls.crt"), pair.certificate);
    await writeFile(file("ca.crt"), ca);
  };
  const writeLists = async (revoked: string[], denied: string[]) => {
    await writeFile(file("ca.crl"), clients.revocationList({ serials: revoked }));
    await writeFile(file("deny"), denied.join("\n"));
  };
  const server = (name: string) =>
    servers.issue({ subject: `CN=${name}`, usage: ["server"], dnsNames: ["gateway.local"] });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mtls-"));
    await serve(server("first"), clients.certificate);
    await writeLists([], []);
    world = await startWorld({
      profile,
      applications: [...fixtures, application("bound", { tenant: "tenant", group: "group" })],
      flags: [
        `--engine=${engine}`,
        "--mtlsPort=-1",
        `--mtlsCertFile=${file("tls.crt")}`,
        `--mtlsKeyFile=${file("tls.key")}`,
        `--mtlsClientCAFile=${file("ca.crt")}`,
        `--mtlsDenyFile=${file("deny")}`,
        "--mtlsReloadInterval=200ms",
      ],
    });
  });
  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  const trust: ConnectionOptions = { ca: servers.certificate, servername: "gateway.local" };
  const as = ({ certificate, key }: Issued): ConnectionOptions => ({ ...trust, cert: certificate, key });
  const client = (subject: string, authority = clients) => as(authority.issue({ subject, usage: ["client"] }));
  const call = (path: string, tls: ConnectionOptions, more: Call = {}) =>
    sendRaw(
      world.validator.ports.mtls ?? 0,
      request(path, { headers: binaryEvent("std"), body: anyBody, ...more }),
      tls,
    );

  test("CV-54 the right certificate is who it says, whatever a header says", async () => {
    const own = client("CN=std,OU=group,O=tenant");
    const response = await call("/std/events", own, { xfcc: X(profile, "CN=dotted.app-1") });
    expect(response.status).toBe(200);
    expect(valuesOf(JSON.parse(response.text), "x-forwarded-client-cert")).toEqual([]);
    const forged = await call("/dotted.app-1/events", own, { xfcc: X(profile, "CN=dotted.app-1") });
    expect(forged).toMatchObject({ status: 403, text: '{"code":403,"error":"no valid subject found"}\n' });
  });

  describe("CV-54 no handshake", () => {
    const day = 86_400_000;
    const expired = { notBefore: new Date(Date.now() - 2 * day), notAfter: new Date(Date.now() - day) };
    const early = { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 2 * day) };
    test.each([
      ["without a certificate", trust],
      ["with one of another authority of the same name", client("CN=std", strangers)],
      ["with one for servers", as(clients.issue({ subject: "CN=std", usage: ["server"] }))],
      ["with an expired one", as(clients.issue({ subject: "CN=std", usage: ["client"], ...expired }))],
      ["with one that is not valid yet", as(clients.issue({ subject: "CN=std", usage: ["client"], ...early }))],
      ["with one that a client's certificate signed", as(signedByClient())],
      ["with TLS 1.1", { ...client("CN=std"), minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" }],
    ] as [string, ConnectionOptions][])("%s", async (_title, tls) => {
      const before = world.echo.seen.length;
      await expect(call("/std/events", tls)).rejects.toThrow();
      expect(world.echo.seen).toHaveLength(before);
    });
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("%s is spoken", async (version) => {
    expect((await call("/std/events", { ...client("CN=std"), minVersion: version, maxVersion: version })).status).toBe(
      200,
    );
  });

  test.each(["rsa", "ec", "ed25519"] as const)("certificates with %s keys", async (keyType) => {
    const tls = as(clients.issue({ subject: "CN=std", usage: ["client"], keyType }));
    expect((await call("/std/events", tls)).status).toBe(200);
  });

  test("an authority below the trusted one, whose certificate the client sends along", async () => {
    const below = clients.intermediate("CN=Below");
    const { certificate, key } = below.issue({ subject: "CN=std", usage: ["client"] });
    expect((await call("/std/events", as({ certificate: certificate + below.chain, key }))).status).toBe(200);
  });

  test("requests sent at once on one connection are all its certificate's, whatever their headers say", async () => {
    const socket = connect({ host: "127.0.0.1", port: world.validator.ports.mtls ?? 0, ...client("CN=std") });
    onTestFinished(() => void socket.destroy());
    const paths = ["/std/events", "/dotted.app-1/events", "/std/events"];
    const requests = paths.map((path, at) => {
      const xfcc = X(profile, "CN=dotted.app-1");
      const text = request(path, { headers: binaryEvent("std"), body: anyBody, xfcc }).toString("latin1");
      return at < paths.length - 1 ? text.replace("Connection: close\r\n", "") : text;
    });
    let answers = "";
    socket.on("data", (chunk) => {
      answers += chunk;
    });
    socket.write(requests.join(""), "latin1");
    await once(socket, "close");
    expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(["HTTP/1.1 200", "HTTP/1.1 403", "HTTP/1.1 200"]);
  });

  /** One call; then what its TLS session may be resumed with. */
  const sessionOf = async (tls: ConnectionOptions): Promise<Buffer> => {
    const socket = connect({ host: "127.0.0.1", port: world.validator.ports.mtls ?? 0, ...tls });
    const session = once(socket, "session");
    socket.write(request("/std/events", { headers: binaryEvent("std"), body: anyBody }));
    expect((await readResponse(socket)).status).toBe(200);
    const [ticket] = await session;
    socket.destroy();
    return ticket as Buffer;
  };

  test.each(["TLSv1.2", "TLSv1.3"] as const)("a resumed session of %s stays its certificate's", async (version) => {
    const only: ConnectionOptions = { minVersion: version, maxVersion: version };
    const session = await sessionOf({ ...client("CN=std"), ...only });
    expect((await call("/std/events", { ...trust, ...only, session })).status).toBe(200);
    const other = { ...client("CN=dotted.app-1"), ...only, session };
    expect((await call("/dotted.app-1/events", other)).status).toBe(403);
  });

  test("tenant and group are compared as with a header", async () => {
    const own = { headers: binaryEvent("bound") };
    expect((await call("/bound/events", client(subjectOf(profile)), own)).status).toBe(200);
    expect((await call("/bound/events", client("CN=bound,OU=group,O=evil"), own)).status).toBe(
      profile === "strict" ? 403 : 200,
    );
  });

  test("a certificate that names nobody, or two, is refused", async () => {
    for (const subject of ["O=std", "CN=std,CN=other", "CN=std+OU=x"])
      expect((await call("/std/events", client(subject))).status).toBe(403);
  });

  test("HTTP/2 is spoken, and who it is stays the certificate's", async () => {
    const session = connectHttp2(world.validator.ports.mtls ?? 0, client("CN=std"));
    const event = {
      ":method": "POST",
      "ce-specversion": "1.0",
      "ce-id": "1",
      "ce-type": "t",
      "content-type": "application/json",
    };
    const post = (path: string, more: OutgoingHttpHeaders = {}) =>
      sendHttp2(session, { ":path": path, ...event, "ce-source": "std", ...more }, anyBody);
    const good = await post("/std/events", { "x-forwarded-client-cert": X(profile, "CN=dotted.app-1") });
    expect(good.status).toBe(200);
    const echo = JSON.parse(good.text) as Echo;
    expect([echo.method, echo.path, echo.body]).toEqual(["POST", "/publish", anyBody]);
    expect([valuesOf(echo, "x-forwarded-client-cert"), valuesOf(echo, "ce-id")]).toEqual([[], ["1"]]);
    expect(valuesOf(echo, "host")).toEqual([`127.0.0.1:${world.echo.port}`]);
    expect(await post("/dotted.app-1/events")).toMatchObject({
      status: 403,
      text: '{"code":403,"error":"no valid subject found"}\n',
    });
    expect((await post("//std/events")).status).toBe(400);
    expect((await post("/std/v3/events")).status).toBe(404);
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, at) => post(at % 2 ? "/std/events" : "/dotted.app-1/events")),
    );
    expect(many.map(({ status }) => status)).toEqual(many.map((_, at) => (at % 2 ? 200 : 403)));
  });

  test("a certificate without a restriction of its use is good for every use, as for Envoy and OpenSSL", async () => {
    const status = async (usage: ("client" | "server" | "mail" | "any")[]) => {
      const tls = as(clients.issue({ subject: "CN=std", usage }));
      return await call("/std/events", tls).then(
        (response) => response.status,
        () => 0,
      );
    };
    expect(await status([])).toBe(200);
    expect(await status(["server", "client"])).toBe(200);
    expect(await status(["mail", "client"])).toBe(200);
    expect(await status(["mail"])).toBe(0);
    expect(await status(["any"])).toBe(0);
  });

  /** A connection that is used again and again. */
  const lasting = async (tls: ConnectionOptions, path = "/std/events") => {
    const socket = connect({ host: "127.0.0.1", port: world.validator.ports.mtls ?? 0, ...tls });
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined);
    const ask = async () => {
      const bytes = request(path, { headers: binaryEvent(path.split("/")[1] ?? ""), body: anyBody }).toString("latin1");
      socket.write(bytes.replace("Connection: close\r\n", ""), "latin1");
      return (await readResponse(socket)).status;
    };
    expect(await ask()).toBe(200);
    return { socket, ask };
  };
  const soon = { timeout: 15_000, interval: 100 };

  test("who is denied is not let in any more, and a connection that is open ends; others stay", async () => {
    const bad = clients.issue({ subject: "CN=std", usage: ["client"] });
    const [denied, other] = [await lasting(as(bad)), await lasting(client("CN=std"))];
    await writeLists([], [`${new X509Certificate(bad.certificate).fingerprint256} # lost`]);
    await expect.poll(() => denied.socket.destroyed, soon).toBe(true);
    await expect(call("/std/events", as(bad))).rejects.toThrow();
    expect(await other.ask()).toBe(200);
    await writeLists([], []);
    const again = () =>
      call("/std/events", as(bad)).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(again, soon).toBe(200);
    expect(await other.ask()).toBe(200);
  });

  test("new files count for new connections, without a restart", async () => {
    const next = createAuthority({ subject: "CN=Next CA" });
    const rotated = client("CN=std", next);
    const status = () =>
      call("/std/events", rotated).then(
        (response) => response.status,
        () => 0,
      );
    expect(await status()).toBe(0);
    await serve(server("second"), clients.certificate + next.certificate);
    await expect.poll(status, { timeout: 15_000, interval: 250 }).toBe(200);
    expect((await call("/std/events", client("CN=std"))).status).toBe(200);
  });

  test("connections go on when certificate and authorities change, as long as theirs is among them", async () => {
    const next = createAuthority({ subject: "CN=Rotated CA" });
    const open = await lasting(client("CN=std"));
    const session = connectHttp2(world.validator.ports.mtls ?? 0, client("CN=std"));
    const subscribed = () => sendHttp2(session, { ":path": "/std/v1/events/subscribed" });
    expect((await subscribed()).status).toBe(200);
    await serve(server("rotated"), clients.certificate + next.certificate);
    const admitted = () =>
      call("/std/events", client("CN=std", next)).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(admitted, soon).toBe(200);
    expect([await open.ask(), (await subscribed()).status]).toEqual([200, 200]);
    const late = await lasting(client("CN=std", next));

    await serve(server("rotated again"), clients.certificate);
    await expect.poll(() => late.socket.destroyed, soon).toBe(true);
    expect([await open.ask(), (await subscribed()).status]).toEqual([200, 200]);
  });

  test("sessions end with the authority that they were opened under", async () => {
    const next = createAuthority({ subject: "CN=Last CA" });
    const session = await sessionOf(client("CN=std"));
    await serve(server("third"), next.certificate);
    const admitted = () =>
      call("/std/events", client("CN=std", next)).then(
        (response) => response.status,
        () => 0,
      );
    await expect.poll(admitted, { timeout: 15_000, interval: 250 }).toBe(200);
    await expect(call("/std/events", { ...trust, session })).rejects.toThrow();
  });
});

describe("a revocation list", () => {
  test("keeps out whom it names, also with a session of before, and ends open connections", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mtls-"));
    const file = (name: string) => join(folder, name);
    const pair = servers.issue({ subject: "CN=gateway", usage: ["server"], dnsNames: ["gateway.local"] });
    await writeFile(file("tls.key"), pair.key);
    await writeFile(file("tls.crt"), pair.certificate);
    await writeFile(file("ca.crt"), clients.certificate);
    await writeFile(file("ca.crl"), clients.revocationList({ serials: [] }));
    const flags = ["Cert=tls.crt", "Key=tls.key", "ClientCA=ca.crt", "CRL=ca.crl"].map((flag) => {
      const [name, value = ""] = flag.split("=");
      return `--mtls${name}File=${file(value)}`;
    });
    const world = await startWorld({ flags: ["--mtlsPort=-1", "--mtlsReloadInterval=200ms", ...flags] });
    onTestFinished(async () => {
      await world.stop();
      await rm(folder, { recursive: true });
    });
    const bad = clients.issue({ subject: "CN=std", usage: ["client"] });
    const tls = { ca: servers.certificate, servername: "gateway.local", cert: bad.certificate, key: bad.key };
    const port = world.validator.ports.mtls ?? 0;
    const socket = connect({ host: "127.0.0.1", port, ...tls });
    const session = once(socket, "session");
    socket.write(
      request("/std/events", { headers: binaryEvent("std"), body: anyBody })
        .toString()
        .replace("Connection: close\r\n", ""),
    );
    expect((await readResponse(socket)).status).toBe(200);
    const [ticket] = (await session) as [Buffer];
    const metrics = async () => (await world.health("/metrics")).text;
    expect(await metrics()).toMatch(/connectivity_validator_mtls_expiry_seconds\{file="revocationList"\} 6\d{5}/);

    const { serialNumber } = new X509Certificate(bad.certificate);
    await writeFile(file("ca.crl"), clients.revocationList({ serials: [serialNumber] }));
    await expect.poll(() => socket.destroyed, { timeout: 15_000 }).toBe(true);
    for (const more of [{}, { session: ticket }])
      await expect(
        sendRaw(port, request("/std/events", { headers: binaryEvent("std"), body: anyBody }), { ...tls, ...more }),
      ).rejects.toThrow();

    await writeFile(file("ca.crl"), "nonsense");
    await expect.poll(metrics, { timeout: 15_000 }).toContain("connectivity_validator_mtls_files_unusable 1");
  });

  test("that cannot be used ends the start", async () => {
    const flags = [
      "--mtlsPort=-1",
      "--mtlsCertFile=/x",
      "--mtlsKeyFile=/x",
      "--mtlsClientCAFile=/x",
      "--mtlsCRLFile=/x",
    ];
    await expect(startWorld({ flags })).rejects.toThrow("/x cannot be read");
  });
});

test("one address can be held to a rate before anybody looks at its certificate", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mtls-"));
  const pair = servers.issue({ subject: "CN=gateway", usage: ["server"], dnsNames: ["gateway.local"] });
  for (const [name, text] of [
    ["tls.key", pair.key],
    ["tls.crt", pair.certificate],
    ["ca.crt", clients.certificate],
  ] as const)
    await writeFile(join(folder, name), text);
  const files = [
    `--mtlsCertFile=${join(folder, "tls.crt")}`,
    `--mtlsKeyFile=${join(folder, "tls.key")}`,
    `--mtlsClientCAFile=${join(folder, "ca.crt")}`,
  ];
  const world = await startWorld({ flags: ["--mtlsPort=-1", "--mtlsPeerRate=1/m;burst=2", ...files] });
  onTestFinished(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });
  const { certificate, key } = clients.issue({ subject: "CN=other", usage: ["client"] });
  const tls = { ca: servers.certificate, servername: "gateway.local", cert: certificate, key };
  const status = async () =>
    (await sendRaw(world.validator.ports.mtls ?? 0, request("/std/events", { body: anyBody }), tls)).status;
  expect([await status(), await status(), await status()]).toEqual([403, 403, 429]);
});
