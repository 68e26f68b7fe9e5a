import { createPublicKey, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  authoritiesSecret,
  base64,
  clientSecret,
  configurationSecret,
  pairedWorld,
  rounds,
  until,
  type World,
} from "./world.ts";

const modulusOf = (certificate = ""): string | undefined => createPublicKey(certificate).export({ format: "jwk" }).n;
const certificate = (world: World): string | undefined => world.secret(clientSecret)?.["crt"];
const cacert = (world: World): string | undefined => world.secret(authoritiesSecret)?.["cacert"];

test("RA-10 RA-14 a new certificate when asked for one, with a new key, beside what others keep in the Secrets", async () => {
  const world = await pairedWorld();
  for (const secret of [clientSecret, authoritiesSecret]) {
    world.cluster.patchObject(secret, {
      data: { "tls.crt": base64("foreign") },
      metadata: { labels: { owner: "somebody" }, annotations: { note: "kept" } },
    });
  }
  const before = modulusOf(certificate(world));
  const established = world.connection()?.status?.connectionStatus.established ?? "";
  await world.agent({ minimalSyncTimeMs: 1_500 });
  world.patchConnection({ spec: { refreshCredentialsNow: true } });
  await until(() => world.connection()?.spec.refreshCredentialsNow === false);
  await rounds(world, 1);
  const signed = world.asked("signCertificateSigningRequest");
  expect(signed.map(({ listener }) => listener)).toEqual(["mtls"]);
  expect(modulusOf(certificate(world))).not.toBe(before);
  const { connectionStatus } = world.connection()?.status ?? {};
  expect(Date.parse(connectionStatus?.renewed ?? "")).toBeGreaterThan(Date.parse(established));
  expect(connectionStatus?.established).toBe(established);
  expect(connectionStatus?.certificateStatus.acquired).toBe(established);
  for (const secret of [clientSecret, authoritiesSecret]) {
    expect(world.secret(secret)?.["tls.crt"]).toBe("foreign");
    expect(world.cluster.get(secret)?.metadata).toMatchObject({
      labels: { owner: "somebody" },
      annotations: { note: "kept" },
    });
  }
  // What follows goes with the new one.
  const { fingerprint256 } = new X509Certificate(certificate(world) ?? "");
  expect(world.ucl.journal.entries.at(-1)?.certificate).toBe(fingerprint256.replaceAll(":", "").toLowerCase());
});

test.each([
  { title: "RA-11 with 31 % left is kept", gone: 69, renewed: false },
  { title: "RA-11 with 29 % left is renewed", gone: 71, renewed: true },
])("a certificate $title", async ({ gone, renewed }) => {
  const world = await pairedWorld();
  const hourMs = 3_600_000;
  replaceCertificate(world, { notBefore: Date.now() - gone * hourMs, notAfter: Date.now() + (100 - gone) * hourMs });
  const before = certificate(world);
  await world.agent();
  await rounds(world, 2);
  expect(certificate(world) !== before).toBe(renewed);
  expect(world.asked("signCertificateSigningRequest")).toHaveLength(renewed ? 1 : 0);
  const { certificateStatus } = world.connection()?.status?.connectionStatus ?? {};
  const { validToDate } = new X509Certificate(certificate(world) ?? "");
  expect(Date.parse(certificateStatus?.notAfter ?? "")).toBe(validToDate.getTime());
});

test("RA-12 a certificate that two rounds would outlast is renewed", async () => {
  const world = await pairedWorld({ ucl: { settings: { certificateValidityMs: 60_000 } } });
  // A lifetime of 60 s of which 39 s are left: more than the share, and less than two times 20 s.
  replaceCertificate(world, { notBefore: Date.now() - 21_000, notAfter: Date.now() + 39_000 });
  const before = certificate(world);
  world.patchConnection({ status: { connectionStatus: { lastSync: "2026-01-01T00:00:00Z" } } });
  await world.agent({ minimalSyncTimeMs: 20_000 });
  await until(() => certificate(world) !== before);
});

test("RA-13 authorities that somebody has deleted or changed are there again, without a new certificate", async () => {
  const world = await pairedWorld();
  await world.agent({ controllerSyncPeriodMs: 600_000 });
  const wanted = cacert(world);
  world.cluster.delete(authoritiesSecret);
  await until(() => cacert(world) === wanted);
  world.cluster.patchObject(authoritiesSecret, { data: { cacert: base64("-----") } });
  await until(() => cacert(world) === wanted);
  expect(world.asked("signCertificateSigningRequest")).toEqual([]);
});

test("a certificate that somebody has deleted or spoilt is there again as long as the agent lives", async () => {
  const world = await pairedWorld();
  await world.agent();
  await rounds(world, 1);
  const wanted = world.secret(clientSecret);
  world.cluster.delete(clientSecret);
  await until(() => world.secret(clientSecret)?.["key"] === wanted?.["key"]);
  world.cluster.patchObject(clientSecret, { data: { key: base64("nonsense") } });
  await until(() => world.secret(clientSecret)?.["key"] === wanted?.["key"]);
  expect(world.secret(clientSecret)).toEqual(wanted);
  expect(world.asked("signCertificateSigningRequest")).toEqual([]);
});

describe("when UCL changes its authority", () => {
  test("the one before stays trusted for a while", async () => {
    const world = await pairedWorld();
    const old = cacert(world);
    world.ucl.rotateAuthority();
    const first = await world.agent();
    world.patchConnection({ spec: { refreshCredentialsNow: true } });
    await until(() => cacert(world) === world.ucl.authority.certificate + old);
    await first.stop();
    // Another process knows it too, and takes it away when its time is over.
    const until_ = "compass.kyma-project.io/previous-ca-until";
    const second = await world.agent();
    await rounds(world, 1);
    expect(cacert(world)).toBe(world.ucl.authority.certificate + old);
    await second.stop();
    world.cluster.patchObject(clientSecret, { metadata: { annotations: { [until_]: "2026-01-01T00:00:00Z" } } });
    await world.agent();
    await until(() => cacert(world) === world.ucl.authority.certificate);
  });

  test("no longer than said", async () => {
    const world = await pairedWorld();
    world.ucl.rotateAuthority();
    await world.agent({ caOverlapMs: 1 });
    world.patchConnection({ spec: { refreshCredentialsNow: true } });
    await until(() => cacert(world) === world.ucl.authority.certificate);
  });
});

test("a renewal that fails does not keep the applications from being mirrored", async () => {
  const world = await pairedWorld();
  world.ucl.faults.add({
    match: { operation: "signCertificateSigningRequest" },
    action: { status: 500, body: "json" },
  });
  await world.agent();
  world.patchConnection({ spec: { refreshCredentialsNow: true } });
  await until(() => (world.connection()?.status?.connectionStatus.error ?? "") !== "");
  await rounds(world, 2);
  const { spec, status } = world.connection() ?? {};
  expect(status?.connectionState).toBe("Synchronized");
  expect(status?.connectionStatus.error).toMatch(
    /^Error while trying to maintain connection: connector signCertificate/,
  );
  expect(status?.conditions).toContainEqual(
    expect.objectContaining({ type: "CertificateValid", reason: "RenewalFailed" }),
  );
  expect(spec?.refreshCredentialsNow).toBe(true);
  world.ucl.faults.clear();
  // It is tried again after a while; to be asked anew is reason enough to try at once.
  await until(() => world.connection()?.spec.refreshCredentialsNow === false, 15_000);
  await until(() => world.connection()?.status?.connectionStatus.error === undefined);
});

describe("with a certificate that UCL does not take any more", () => {
  test("RA-45 a new token connects again at once, and the connection stays the same object", async () => {
    const world = await pairedWorld();
    const uid = world.connection()?.metadata.uid;
    replaceCertificate(world, { notBefore: Date.now() - 7_200_000, notAfter: Date.now() - 3_600_000 });
    await world.agent({ controllerSyncPeriodMs: 60_000, minimalSyncTimeMs: 30_000 });
    world.patchConnection({ status: { connectionStatus: { lastSync: "2026-01-01T00:00:00Z" } } });
    const { status } = await world.reaches("ConnectionMaintenanceFailed");
    expect(status?.connectionStatus.error).toMatch(/^Error while trying to maintain connection: the one-time token/);
    expect(status?.conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: "Connected", status: "False", reason: "ReconnectRequired" }),
        expect.objectContaining({ type: "CertificateValid", status: "False", reason: "Expired" }),
      ]),
    );
    expect(world.ucl.journal.total).toBe(0);
    await world.configure({ TOKEN: await world.token() });
    await world.reaches("Synchronized", 10_000);
    expect(world.connection()?.metadata.uid).toBe(uid);
  });

  test("so it is when it was revoked", async () => {
    const world = await pairedWorld();
    const { fingerprint256 } = new X509Certificate(certificate(world) ?? "");
    world.ucl.revoke(fingerprint256);
    await world.agent();
    const { status } = await world.reaches("ConnectionMaintenanceFailed");
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({ type: "Connected", status: "False", reason: "ReconnectRequired" }),
    );
    await world.configure({ TOKEN: await world.token() });
    await world.reaches("Synchronized");
  });

  test("and with the key lost, while the token in the Secret was never sent", async () => {
    const world = await pairedWorld();
    world.cluster.delete(clientSecret);
    world.cluster.patchObject(configurationSecret, {
      data: { TOKEN: base64(await world.token()) },
      metadata: { annotations: null },
    });
    await world.agent();
    await until(() => world.secret(clientSecret) !== undefined);
    await world.reaches("Synchronized");
  });
});

test("a state that somebody has set to ConnectionFailed is found wrong without a token", async () => {
  const world = await pairedWorld();
  await world.agent({ controllerSyncPeriodMs: 60_000 });
  world.patchConnection({ status: { connectionState: "ConnectionFailed" } });
  await world.reaches("Synchronized");
  expect(world.ucl.journal.entries.filter(({ listener }) => listener === "token")).toEqual([]);
});

test("RA-15 without addresses from the Connector nothing is synchronised", async () => {
  const world = await pairedWorld();
  world.ucl.faults.add({ match: { operation: "configuration" }, action: { nullField: "result.managementPlaneInfo" } });
  await world.agent();
  const { status } = await world.reaches("ConnectionMaintenanceFailed");
  expect(status?.connectionStatus.error).toMatch(
    /^Error while trying to maintain connection: connector configuration: the answer has no managementPlaneInfo.* \(x-request-id .+_.+\)$/,
  );
  expect(world.asked("applicationsForRuntime")).toEqual([]);
  world.ucl.faults.clear();
  await world.reaches("Synchronized", 20_000);
  expect(world.connection()?.status?.connectionStatus).not.toHaveProperty("error");
});

test("RA-52 new addresses are used from the next call on, and after a restart", async () => {
  const world = await pairedWorld();
  const first = await world.agent();
  world.ucl.urls.directorURL = world.ucl.urls.directorURL.replace("localhost", "127.0.0.1");
  const { directorURL: directorUrl } = world.ucl.urls;
  await until(() => world.connection()?.spec.managementInfo.directorUrl === directorUrl);
  const byAddress = (): boolean =>
    world.asked("applicationsForRuntime").at(-1)?.headers["host"]?.startsWith("127.0.0.1") === true;
  await until(byAddress);
  await first.stop();
  world.ucl.journal.clear();
  await world.agent();
  await until(byAddress);
  expect(world.asked("applicationsForRuntime").every(({ headers }) => headers["host"]?.startsWith("127.0.0.1"))).toBe(
    true,
  );
});

/** Gives the cluster another certificate of UCL's authority for the same client. */
function replaceCertificate(world: World, validity: { notBefore: number; notAfter: number }): void {
  const old = new X509Certificate(certificate(world) ?? "");
  const subject = old.subject.split("\n").reverse().join(",");
  const { certificate: crt, key } = world.ucl.authority.issue({
    subject,
    usage: ["client"],
    keyType: "rsa",
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
  });
  const data = { crt: base64(crt), key: base64(key), crtChain: base64(crt + world.ucl.authority.certificate) };
  world.cluster.patchObject(clientSecret, { data });
}
