import { createPrivateKey, createPublicKey, generateKeyPair, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import { describeRequest } from "@application-connector/x509";
import { expect, test } from "vitest";
import {
  authoritiesSecret,
  clientSecret,
  configurationSecret,
  connectionReference,
  createWorld,
  pairedWorld,
  rounds,
  until,
} from "./world.ts";

const pems = (text = ""): string[] => text.match(/-----BEGIN [^-]+-----\n[^-]+-----END [^-]+-----\n/g) ?? [];

test("RA-1 RA-2 RA-3 RA-4 a token becomes a certificate, and the certificate a connection", async () => {
  const world = await createWorld();
  await world.configure();
  // As long as a real one: its length is looked at.
  const makeKey = async () => (await promisify(generateKeyPair)("rsa", { modulusLength: 4096 })).privateKey;
  const agent = await world.agent({}, makeKey);
  const connection = await world.reaches("Synchronized");

  const [first, second, ...others] = world.ucl.journal.entries;
  expect(first).toMatchObject({ operations: ["configuration"], listener: "token", chainLength: 0 });
  expect(second).toMatchObject({ operations: ["signCertificateSigningRequest"], listener: "token" });
  expect(second?.headers["connector-token"]).not.toBe(first?.headers["connector-token"]);
  expect(others.length).toBeGreaterThan(0);
  for (const { listener, chainLength, headers, route } of others) {
    expect({ listener, chainLength }).toEqual({ listener: "mtls", chainLength: 2 });
    expect(headers).not.toHaveProperty("connector-token");
    expect(headers["tenant"]).toBe(route === "director" ? world.ucl.tenant : undefined);
    expect(headers["x-request-id"]).toMatch(new RegExp(`^${world.runtimeId}_[0-9a-f-]{36}$`));
  }
  expect(first?.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);

  const request = Buffer.from(String(second?.arguments[0]?.["csr"]), "base64").toString();
  expect(request).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
  const { subject, keyType, digest } = describeRequest(request);
  expect({ keyType, digest }).toEqual({ keyType: "rsa", digest: "sha256" });
  // As printed: the last part of the certificate's name comes first.
  const values = subject.flat().map(({ type, value }) => `${type}=${value}`);
  expect(values.slice(1)).toEqual(["OU=OrgUnit", "O=Org", "L=locality", "ST=province", "C=DE"]);
  expect(values[0]).toMatch(/^CN=[0-9a-f-]{36}$/);
  // Attributes [0] are empty, so there are no extensions: A0 00 is what follows the public key.
  const der = Buffer.from(request.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  expect(der.indexOf(Buffer.from("020301 0001 a000".replaceAll(" ", ""), "hex"))).toBeGreaterThan(0);

  const stored = world.secret(clientSecret);
  expect(Object.keys(stored ?? {}).sort()).toEqual(["crt", "crtChain", "key"]);
  expect(stored?.["key"]).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  const certificate = new X509Certificate(stored?.["crt"] ?? "");
  expect(certificate.checkPrivateKey(createPrivateKey(stored?.["key"] ?? ""))).toBe(true);
  expect(createPublicKey(stored?.["crt"] ?? "").asymmetricKeyDetails?.modulusLength).toBe(4096);
  expect(pems(stored?.["crtChain"])).toHaveLength(2);
  expect(stored?.["crtChain"]?.startsWith(stored["crt"] ?? "?")).toBe(true);
  expect(world.secret(authoritiesSecret)).toEqual({ cacert: pems(stored?.["crtChain"])[1] });

  expect(connection.spec).toMatchObject({
    managementInfo: {
      connectorUrl: world.ucl.urls.certificateSecuredConnectorURL,
      directorUrl: world.ucl.urls.directorURL,
    },
  });
  const { connectionStatus, synchronizationStatus, conditions } = connection.status ?? {};
  expect(connectionStatus?.certificateStatus).toEqual({
    acquired: connectionStatus?.established,
    notBefore: certificate.validFromDate.toISOString().replace(".000", ""),
    notAfter: certificate.validToDate.toISOString().replace(".000", ""),
  });
  expect(connectionStatus).not.toHaveProperty("error");
  expect(synchronizationStatus?.lastSuccessfulApplication).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(conditions).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ type: "Connected", status: "True" }),
      expect.objectContaining({ type: "CertificateValid", status: "True", reason: "Valid" }),
    ]),
  );
  await until(() => agent.readinessReport().ready);
});

test("RA-5 RA-46 a token that was used already is sent once and never again", async () => {
  const world = await createWorld();
  const token = await world.token();
  await world.configure({ TOKEN: token });
  const spending = await world.agent();
  await world.reaches("Synchronized");
  await spending.stop();
  // What there is of the pairing is lost, and nobody remembers that the token was sent.
  for (const lost of [connectionReference, clientSecret, authoritiesSecret]) world.cluster.delete(lost);
  world.cluster.patchObject(configurationSecret, { metadata: { annotations: null } });
  world.ucl.journal.clear();

  await world.agent({ controllerSyncPeriodMs: 100, minimalSyncTimeMs: 50 });
  const { status } = await world.reaches("ConnectionFailed");
  expect(status?.connectionStatus.error).toMatch(/^Failed to retrieve certificate: .*Failed to authenticate/);
  await rounds(world, 10);
  expect(world.ucl.journal.total).toBe(1);
  expect(world.secret(clientSecret)).toBeUndefined();
  expect(world.secret(authoritiesSecret)).toBeUndefined();
  expect(world.connection()?.status?.conditions).toContainEqual(
    expect.objectContaining({ type: "Connected", status: "False", reason: "ReconnectRequired" }),
  );
  expect(world.connection()?.spec.managementInfo).toEqual({ connectorUrl: "", directorUrl: "" });

  // And a new process knows as well.
  await world.agent({ controllerSyncPeriodMs: 100, minimalSyncTimeMs: 50 });
  await rounds(world, 3);
  expect(world.ucl.journal.total).toBe(1);
});

test.each([
  { title: "RA-6 without CONNECTOR_URL", fields: { CONNECTOR_URL: "" }, says: "has no CONNECTOR_URL" },
  { title: "without TOKEN", fields: { TOKEN: "" }, says: "has no TOKEN" },
])("$title nobody is called", async ({ fields, says }) => {
  const world = await createWorld();
  await world.configure(fields);
  await world.agent({ controllerSyncPeriodMs: 100, minimalSyncTimeMs: 50 });
  const { status } = await world.reaches("ConnectionFailed");
  expect(status?.connectionStatus.error).toMatch(new RegExp(`^Failed to retrieve certificate: .*${says}`));
  await rounds(world, 2);
  expect(world.ucl.journal.total).toBe(0);
});

test("RA-7 without the configuration the connection has failed, and comes up as soon as there is one", async () => {
  const world = await createWorld();
  const agent = await world.agent({ controllerSyncPeriodMs: 60_000 });
  const { spec, status } = await world.reaches("ConnectionFailed");
  expect(spec.managementInfo).toEqual({ connectorUrl: "", directorUrl: "" });
  expect(status?.connectionStatus).toMatchObject({
    established: null,
    error: "Failed to retrieve certificate: there is no Secret kyma-system/compass-agent-configuration",
    certificateStatus: { acquired: null, notBefore: null, notAfter: null },
  });
  expect(agent.draining).toBe(false);
  await world.configure();
  await world.reaches("Synchronized");
});

test("RA-8 a connection that was deleted is made anew with a new token", async () => {
  const world = await createWorld();
  await world.configure();
  await world.agent();
  const { metadata } = await world.reaches("Synchronized");
  const before = world.secret(clientSecret)?.["crt"];
  await world.configure({ TOKEN: await world.token() });
  world.cluster.delete(connectionReference);
  await until(() => world.state() === "Synchronized" && world.connection()?.metadata.uid !== metadata.uid);
  expect(world.secret(clientSecret)?.["crt"]).not.toBe(before);
});

test("RA-9 after a restart only the certificate is used", async () => {
  const world = await pairedWorld();
  await world.agent();
  await until(() => world.asked("applicationsForRuntime").length >= 2);
  expect(world.ucl.journal.entries.filter(({ listener }) => listener === "token")).toEqual([]);
  expect(world.asked("signCertificateSigningRequest")).toEqual([]);
});

test("RA-9 so it is where upstream's agent has paired, whose token nobody has noted", async () => {
  const world = await pairedWorld();
  for (const secret of [configurationSecret, clientSecret]) {
    world.cluster.patchObject(secret, { metadata: { annotations: null } });
  }
  await world.agent();
  await until(() => world.asked("applicationsForRuntime").length >= 2);
  expect(world.ucl.journal.entries.filter(({ listener }) => listener === "token")).toEqual([]);
});

test("a connection that is lost is found again by what is stored with the certificate", async () => {
  const world = await pairedWorld();
  world.cluster.delete(connectionReference);
  await world.agent();
  const { spec } = await world.reaches("Synchronized");
  expect(spec.managementInfo.directorUrl).toBe(world.ucl.urls.directorURL);
  expect(world.ucl.journal.entries.filter(({ listener }) => listener === "token")).toEqual([]);
});

test("a token that never left is not spent", async () => {
  const world = await createWorld();
  await world.configure();
  await world.ucl.refuse();
  await world.agent();
  const { status } = await world.reaches("ConnectionFailed");
  expect(status?.connectionStatus.error).toContain("connector configuration");
  await world.ucl.resume();
  await world.reaches("Synchronized", 20_000);
});
