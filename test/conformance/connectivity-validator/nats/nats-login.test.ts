import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthority } from "@application-connector/x509";
import { jetstreamManager } from "@nats-io/jetstream";
import { credsAuthenticator, nkeys } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { X } from "../certificates.ts";
import { anyBody, binaryEvent } from "../events.ts";
import { manifestFlags, startWorld, type World } from "../world.ts";
import { operated } from "./nats-jwt.ts";
import { freePorts, messagesOf, type Nats, type NatsSettings, natsServer, sap, startNats } from "./nats-server.ts";

const main = fileURLToPath(new URL("../../../../services/connectivity-validator/src/main.ts", import.meta.url));
const limits = { timeout: 15_000 };

/** A server with a stream, and files that last as long as the test. */
async function guarded(settings: NatsSettings | ((write: Write) => Promise<NatsSettings>)) {
  const folder = await mkdtemp(join(tmpdir(), "nats-login-"));
  const write: Write = async (name, content) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const [nats] = (await startNats(1, typeof settings === "function" ? await settings(write) : settings)) as [Nats];
  onTestFinished(async () => {
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const connection = await nats.client();
  await (await jetstreamManager(connection)).streams.add(sap);
  await connection.close();
  const validator = async (flags: readonly string[], more: { unready?: boolean; url?: string } = {}) => {
    const { url = nats.url, unready = false } = more;
    const world = await startWorld({ flags: ["--delivery=nats", `--natsUrl=${url}`, ...flags], unready });
    onTestFinished(() => world.stop());
    return world;
  };
  return { nats, write, validator };
}
type Write = (name: string, content: string) => Promise<string>;

const outcome = async ({ call }: World, id: string) => {
  const headers = binaryEvent("std", id);
  const response = await call("/std/events", { xfcc: X("compat", "CN=std"), headers, body: anyBody });
  return [response.status, response.header("target-system-status")];
};
const readiness = async ({ health }: World) => {
  const { status, text } = await health("/readyz");
  return `${status} ${text}`;
};
const storedIn = async (nats: Nats) => (await messagesOf(nats)).map(({ headers }) => headers["ce-id"]);

const password = "pass-word-of-the-right-one";
const users = (more = "") => ({
  config: `authorization { users: [ { user: validator, password: "${password}" } ${more} ] }`,
  client: { user: "validator", pass: password },
});

describe.skipIf(natsServer === undefined)("B-08 NATS lets in", () => {
  test("a user with the password of a file, as far as that user may publish", async () => {
    const permissions = 'permissions: { publish: ["$JS.>"], subscribe: ["_INBOX.>"] }';
    const { nats, write, validator } = await guarded(
      users(`, { user: reader, password: "${password}", ${permissions} }`),
    );
    const file = await write("password", `${password}\n`);
    const world = await validator(["--natsUser=validator", `--natsPasswordFile=${file}`]);
    expect(await outcome(world, "1")).toEqual([204, undefined]);
    const reader = await validator(["--natsUser=reader", `--natsPasswordFile=${file}`]);
    expect(await outcome(reader, "2")).toEqual([502, "500"]);
    expect(await storedIn(nats)).toEqual(["1"]);
  });

  test("a user whose password was wrong at first, as soon as the file has the right one", async () => {
    const { write, validator } = await guarded(users());
    const file = await write("password", "wrong");
    const world = await validator(["--natsUser=validator", `--natsPasswordFile=${file}`], { unready: true });
    await expect.poll(() => readiness(world), limits).toMatch(/^503 .*NATS refuses the login: /);
    expect(await outcome(world, "1")).toEqual([502, "502"]);
    await write("password", password);
    await expect.poll(() => readiness(world), limits).toMatch(/^200 /);
    expect(await outcome(world, "2")).toEqual([204, undefined]);
  });

  test("a token of a file, or the one in the URL", async () => {
    const { nats, write, validator } = await guarded({
      config: 'authorization { token: "s3cr3t/token" }',
      client: { token: "s3cr3t/token" },
    });
    const file = await write("token", "s3cr3t/token\n");
    expect(await outcome(await validator([`--natsTokenFile=${file}`]), "1")).toEqual([204, undefined]);
    const url = nats.url.replace("//", `//${encodeURIComponent("s3cr3t/token")}@`);
    expect(await outcome(await validator([], { url }), "2")).toEqual([204, undefined]);
  });

  test("an nkey, and tells of a file that holds none without a word of it", async () => {
    const user = nkeys.createUser();
    const seed = Buffer.from(user.getSeed()).toString();
    const { write, validator } = await guarded(users(`, { nkey: ${user.getPublicKey()} }`));
    const file = await write("seed", seed.slice(1));
    const world = await validator([`--natsNkeyFile=${file}`], { unready: true });
    await expect.poll(() => readiness(world), limits).toContain(`${file} holds no seed of an nkey`);
    expect(await readiness(world)).not.toContain(seed.slice(1, 10));
    await write("seed", `${seed}\n`);
    await expect.poll(() => readiness(world), limits).toMatch(/^200 /);
    expect(await outcome(world, "1")).toEqual([204, undefined]);
  });

  test("credentials of a file, and after a restart those that it has then", async () => {
    const operator = operated();
    const own = operator.credentials();
    const { nats, write, validator } = await guarded({
      config: operator.config,
      client: { authenticator: credsAuthenticator(Buffer.from(own)) },
    });
    const file = await write("user.creds", operator.credentials());
    const world = await validator([`--natsCredentials=${file}`]);
    expect(await outcome(world, "1")).toEqual([204, undefined]);
    await write("user.creds", operated().credentials());
    await nats.kill();
    await nats.start();
    await expect.poll(() => outcome(world, "of another operator"), limits).toEqual([502, "502"]);
    // It was ready once: what is lost comes back, and all replicas have lost the same.
    expect(await readiness(world)).toMatch(/^200 /);
    await write("user.creds", operator.credentials());
    await expect.poll(() => outcome(world, "2"), { timeout: 30_000 }).toEqual([204, undefined]);
    expect(await storedIn(nats)).toEqual(["1", "2"]);
  }, 60_000);
});

describe.skipIf(natsServer === undefined)("B-08 TLS to NATS", () => {
  const authority = createAuthority({ subject: "CN=NATS CA" });

  /** A server whose certificate has these names; with `verify` its clients need one, too. */
  const secured = (names: { dnsNames?: string[]; ipAddresses?: string[] }, verify = false) =>
    guarded(async (write) => {
      const server = authority.issue({ subject: "CN=nats", usage: ["server"], ...names });
      const own = authority.issue({ subject: "CN=test", usage: ["client"] });
      const files = {
        cert_file: await write("server.crt", server.certificate),
        key_file: await write("server.key", server.key),
        ca_file: await write("ca.crt", authority.certificate),
      };
      const lines = Object.entries(files).map(([name, file]) => `${name}: "${file}"`);
      const tls = { ca: authority.certificate, cert: own.certificate, key: own.key };
      return {
        config: `tls { ${lines.join("\n")}\nverify: ${verify} }`,
        // The test looks at what is stored, whatever the server is called.
        client: { tls: { ...tls, checkServerIdentity: () => undefined } },
      };
    });

  test("a server that its authority vouches for under the name, or the number, of the URL; no other", async () => {
    const { nats, write, validator } = await secured({ dnsNames: ["localhost"] });
    const ca = `--natsCAFile=${await write("own-ca.crt", authority.certificate)}`;
    const byName = await validator([ca], { url: `tls://localhost:${nats.port}` });
    expect(await outcome(byName, "1")).toEqual([204, undefined]);
    const byNumber = await validator([ca], { unready: true, url: `tls://127.0.0.1:${nats.port}` });
    await expect.poll(() => readiness(byNumber), limits).toMatch(/^503 .*127\.0\.0\.1/);
    const stranger = createAuthority({ subject: "CN=Another CA" }).certificate;
    const other = `--natsCAFile=${await write("other-ca.crt", stranger)}`;
    const foreign = await validator([other], { unready: true, url: `tls://localhost:${nats.port}` });
    await expect.poll(() => readiness(foreign), limits).toMatch(/^503 .*certificate/);
    expect(await outcome(foreign, "2")).toEqual([502, "502"]);
    expect(await storedIn(nats)).toEqual(["1"]);
  });

  test("a client certificate, that of the file at the time", async () => {
    const { nats, write, validator } = await secured({ ipAddresses: ["127.0.0.1"] }, true);
    const ca = await write("own-ca.crt", authority.certificate);
    const stranger = createAuthority({ subject: "CN=Another CA" }).issue({
      subject: "CN=validator",
      usage: ["client"],
    });
    const [cert, key] = [await write("tls.crt", stranger.certificate), await write("tls.key", stranger.key)];
    const flags = [`--natsCAFile=${ca}`, `--natsCertFile=${cert}`, `--natsKeyFile=${key}`];
    const world = await validator(flags, { unready: true });
    await expect
      .poll(() => readiness(world), limits)
      .toMatch(/^503 .*NATS cannot be reached: .*(alert|ECONNRESET|EPIPE)/);
    const known = authority.issue({ subject: "CN=validator", usage: ["client"] });
    await Promise.all([write("tls.crt", known.certificate), write("tls.key", known.key)]);
    await expect.poll(() => readiness(world), limits).toMatch(/^200 /);
    expect(await outcome(world, "1")).toEqual([204, undefined]);
    expect(await storedIn(nats)).toEqual(["1"]);
  });

  test("is not done without: a server that has none gets nothing, though it would take all", async () => {
    const { nats, validator } = await guarded({});
    const world = await validator([], { unready: true, url: `tls://127.0.0.1:${nats.port}` });
    await expect.poll(() => readiness(world), limits).toMatch(/^503 .*does not support 'tls'/);
    expect(await outcome(world, "1")).toEqual([502, "502"]);
    expect(await storedIn(nats)).toEqual([]);
  });
});

test("B-08 a NATS that says nothing is told, and no socket to it is left behind", async () => {
  const sockets = new Set<Socket>();
  let attempts = 0;
  const mute = createServer((socket) => {
    attempts++;
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
  }).listen(0, "127.0.0.1");
  await once(mute, "listening");
  onTestFinished(() => void mute.close());
  const url = `nats://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const world = await startWorld({ flags: ["--delivery=nats", `--natsUrl=${url}`], unready: true });
  onTestFinished(() => world.stop());
  await expect.poll(() => attempts, limits).toBe(2);
  await expect.poll(() => readiness(world)).toMatch(/^503 .*NATS cannot be reached: timeout/);
  expect(sockets.size).toBe(1);
});

test.skipIf(natsServer === undefined)("B-08 what logs in stands in no line of the log", async () => {
  const { nats, write } = await guarded(users());
  const wrong = "wrong-but-secret";
  const { kubeconfig, stop } = await startWorld();
  onTestFinished(stop);
  const logged = async (flags: readonly string[]): Promise<string> => {
    const [port] = await freePorts(1);
    const own = manifestFlags.filter((flag) => !/^--(logLevel|externalAPIPort)/.test(flag));
    const args = [main, ...own, `--externalAPIPort=${port}`, `--kubeconfig=${kubeconfig}`, "--logLevel=debug"];
    const child = spawn(process.execPath, [...args, "--delivery=nats", ...flags], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let text = "";
    child.stderr.on("data", (chunk) => {
      text += chunk;
    });
    await expect.poll(() => text, limits).toContain("NATS refuses the login");
    return text;
  };
  const file = await write("password", wrong);
  const byFile = await logged([`--natsUrl=${nats.url}`, "--natsUser=validator", `--natsPasswordFile=${file}`]);
  const byUrl = await logged([`--natsUrl=${nats.url.replace("//", `//validator:${wrong}@`)}`]);
  expect(byFile + byUrl).not.toContain(wrong);
});
