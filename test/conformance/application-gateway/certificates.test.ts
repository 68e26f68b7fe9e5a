import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { createAuthority, type Issued } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { echoOf, errorOf, expectReason, headersOf, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 2_000 });

describe("a server certificate", () => {
  test.each(["tlsUrl", "selfSignedUrl"] as const)(
    "AG-45 of the target that nobody vouches for is 502, unless it is not verified: %s",
    async (url) => {
      const verified = world.api({ targetUrl: world.target[url] ?? "" });
      const skipped = world.api({ targetUrl: world.target[url] ?? "" }, { skipVerify: true });
      await world.settled();
      const answer = await world.call(`/${verified}/s`);
      expect(answer.status).toBe(502);
      expectReason(answer, "target_unreachable");
      expect((await world.call(`/${skipped}/s`)).status).toBe(200);
      // A connection that was not verified is of no use to who wants it verified.
      expect((await world.call(`/${verified}/s`)).status).toBe(502);
    },
  );

  test("AG-45 of the token server that nobody vouches for is 502, unless it is not verified", async () => {
    const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
    const credentials = { type: "OAuth", secretName, authenticationUrl: world.idp.tlsTokenUrl ?? "" };
    const verified = world.api({ credentials });
    const skipped = world.api({ credentials }, { skipVerify: true });
    await world.settled();
    expect((await world.call(`/${verified}/s`)).status).toBe(502);
    expect((await world.call(`/${skipped}/s`)).status).toBe(200);
    expect((await world.call(`/${verified}/s`)).status).toBe(502);
  });
});

describe("CertificateGen", () => {
  test("AG-44 shows the certificate of the Secret", async () => {
    const app = mtlsApi(secretOf(issue("CN=workload")));
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`, { headers: ["Authorization", "Bearer mine"] }));
    expect(seen.connection.tls).toMatchObject({ clientSubject: "CN=workload", clientVerified: true });
    expect(headersOf(seen, "authorization")).toEqual(["Bearer mine"]);
    const external = echoOf(await world.call(`/${app}/s`, { headers: ["Access-Token", "Bearer ext"] }));
    expect(external.connection.tls).toMatchObject({ clientSubject: "CN=workload" });
  });

  test("DV-14 is shown from the first call on, whoever brings a token", async () => {
    const app = mtlsApi(secretOf(issue("CN=first-call")));
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`, { headers: ["Access-Token", "Bearer ext"] }));
    expect(seen.connection.tls).toMatchObject({ clientSubject: "CN=first-call" });
  });

  test("AG-44 of another authority is 502", async () => {
    const stranger = createAuthority({ subject: "CN=stranger" });
    const app = mtlsApi(secretOf(stranger.issue({ subject: "CN=workload", usage: ["client"] })));
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(502);
  });

  test.each<[string, () => Record<string, string>]>([
    ["of another certificate", () => ({ ...secretOf(issue("CN=a")), key: issue("CN=b").key })],
    ["that is no PEM", () => ({ ...secretOf(issue("CN=a")), key: "very-secret" })],
    ["that is cut off", () => ({ ...secretOf(issue("CN=a")), key: issue("CN=a").key.slice(0, 80) })],
    ["that is too short for TLS", () => secretOf(world.authority.issue({ ...request("CN=a"), key: shortKey() }))],
    ["without certificate", () => ({ ...secretOf(issue("CN=a")), crt: "very-secret" })],
  ])("AG-44 with a key %s is 500, before any call", async (_, secret) => {
    const app = mtlsApi(secret());
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(500);
    expect(errorOf(answer).error).toMatch(/^Failed to prepare certificate, /);
    expectReason(answer, "certificate_invalid");
    expect(answer.body.toString()).not.toContain("very-secret");
  });

  test.each<[string, (issued: Issued) => Record<string, string>]>([
    [
      "a chain, the authority first",
      (issued) => ({ crt: world.authority.certificate + issued.certificate, key: issued.key }),
    ],
    [
      "text and a key around the certificate",
      (issued) => ({ crt: `subject=x\n${issued.key}${issued.certificate}# end\n`, key: issued.key }),
    ],
    [
      "Windows line ends",
      (issued) => ({ crt: issued.certificate.replaceAll("\n", "\r\n"), key: issued.key.replaceAll("\n", "\r\n") }),
    ],
    [
      "EC PARAMETERS and a SEC1 key",
      (issued) => ({
        crt: issued.certificate,
        key: `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1(issued.key)}`,
      }),
    ],
  ])("takes %s", async (_, secret) => {
    const app = mtlsApi(secret(issue("CN=tolerant")));
    await world.settled();
    expect(echoOf(await world.call(`/${app}/s`)).connection.tls).toMatchObject({ clientSubject: "CN=tolerant" });
  });

  test("takes RSA keys in PKCS#1", async () => {
    const { certificate, key } = world.authority.issue({ subject: "CN=rsa", usage: ["client"], keyType: "rsa" });
    const pkcs1 = createPrivateKey(key).export({ type: "pkcs1", format: "pem" }).toString();
    const app = mtlsApi({ crt: certificate, key: pkcs1 });
    await world.settled();
    expect(echoOf(await world.call(`/${app}/s`)).connection.tls).toMatchObject({ clientSubject: "CN=rsa" });
  });

  test("never lends its connections to another API", async () => {
    const one = mtlsApi(secretOf(issue("CN=one")));
    const two = mtlsApi(secretOf(issue("CN=two")));
    await world.settled();
    for (let round = 0; round < 3; round++) {
      expect(echoOf(await world.call(`/${one}/s`)).connection.tls).toMatchObject({ clientSubject: "CN=one" });
      expect(echoOf(await world.call(`/${two}/s`)).connection.tls).toMatchObject({ clientSubject: "CN=two" });
    }
  });

  test("tells when its certificate expires", async () => {
    const notAfter = new Date(Date.now() + 24 * 3_600_000);
    const app = mtlsApi(secretOf(world.authority.issue({ subject: "CN=short", usage: ["client"], notAfter })));
    await world.settled();
    const metrics = (await world.callHealth("/metrics")).body.toString();
    const seconds = Math.floor(notAfter.getTime() / 1000);
    expect(metrics).toContain(
      `agw_client_certificate_expiry_timestamp_seconds{application="${app}",service="s",entry=""} ${seconds}`,
    );
  });
});

describe("OAuthWithCert", () => {
  test("AG-42 shows its certificate to the token server, and no secret", async () => {
    world.idp.reset();
    world.idp.register({ id: "mtls-client", commonName: "token-client" });
    const app = withCertApi(secretOf(issue("CN=token-client")));
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`));
    expect(headersOf(seen, "authorization")[0]).toMatch(/^Bearer /);
    const [request] = world.idp.requests;
    expect(request).toMatchObject({
      clientSubject: "CN=token-client",
      body: "client_id=mtls-client&grant_type=client_credentials",
    });
    expect(headersOf({ headers: request?.headers ?? [] }, "authorization")).toEqual([]);
  });

  test.each<[string, () => Issued]>([
    [
      "of another authority",
      () => createAuthority({ subject: "CN=x" }).issue({ subject: "CN=token-client", usage: ["client"] }),
    ],
    [
      "that is expired",
      () =>
        world.authority.issue({
          subject: "CN=token-client",
          usage: ["client"],
          notBefore: new Date(Date.now() - 2e8),
          notAfter: new Date(Date.now() - 1e8),
        }),
    ],
  ])("AG-43 with a certificate %s is 500", async (_, issued) => {
    const app = withCertApi(secretOf(issued()));
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(500);
    expect(errorOf(answer).error).toMatch(/^Failed to get token: Failed to fetch token, possible certificate problem/);
  });

  test("AG-43 is 500 when the token server answers 404", async () => {
    world.idp.fail(404, 1);
    const app = withCertApi(secretOf(issue("CN=token-client-404")));
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(500);
    world.idp.heal();
  });
});

function issue(subject: string): Issued {
  return world.authority.issue({ ...request(subject), keyType: "ec" });
}

function request(subject: string): { subject: string; usage: "client"[] } {
  return { subject, usage: ["client"] };
}

function shortKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function secretOf({ certificate, key }: Issued): Record<string, string> {
  return { crt: certificate, key };
}

function sec1(key: string): string {
  return createPrivateKey(key).export({ type: "sec1", format: "pem" }).toString();
}

function mtlsApi(secret: Record<string, string>): string {
  const credentials = { type: "CertificateGen", secretName: world.secret(secret) };
  return world.api({ targetUrl: world.target.mtlsUrl ?? "", credentials }, { skipVerify: true });
}

function withCertApi(secret: Record<string, string>): string {
  const secretName = world.secret({ clientId: "mtls-client", ...secret });
  const credentials = { type: "OAuthWithCert", secretName, authenticationUrl: world.idp.mtlsTokenUrl ?? "" };
  return world.api({ credentials }, { skipVerify: true });
}
