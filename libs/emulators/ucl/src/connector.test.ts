import { createPrivateKey, createSign, X509Certificate } from "node:crypto";
import { createRequest, fromPem, toPem } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { call } from "./testing/call.ts";
import {
  base64,
  byCertificate,
  byToken,
  configuration,
  director,
  freshToken,
  pair,
  pemOf,
  requestFor,
  runtimeIn,
  signing,
  startUntil,
  subjectFor,
} from "./testing/world.ts";

const start = startUntil(onTestFinished);

const minuteMs = 60_000;

/** A token that signs, with the client id it is for. */
async function signingToken(ucl: Awaited<ReturnType<typeof start>>): Promise<{ token: string; clientId: string }> {
  const { data } = await byToken(ucl, (await runtimeIn(ucl, undefined, `r${Math.random()}`)).token, configuration);
  const { token, certificateSigningRequestInfo } = data.result;
  return { token: token.token, clientId: /CN=(.+)$/.exec(certificateSigningRequestInfo.subject)?.[1] ?? "" };
}

test("UCL-1 a one-time token opens the configuration once", async () => {
  const ucl = await start();
  const { token } = await runtimeIn(ucl);
  const first = await byToken(ucl, token, configuration);
  expect(first.data.result).toMatchObject({
    token: { token: expect.stringMatching(/^[\w-]{86}==$/) },
    certificateSigningRequestInfo: { keyAlgorithm: "rsa2048" },
    managementPlaneInfo: {
      directorURL: ucl.urls.directorURL,
      certificateSecuredConnectorURL: ucl.urls.certificateSecuredConnectorURL,
    },
  });
  const second = await byToken(ucl, token, configuration);
  expect(second).toMatchObject({ status: 200, data: null });
  expect(second.errors?.[0]?.message).toContain("Failed to authenticate request. Token authentication error:");
});

test("UCL-2 the second token signs, the first does not", async () => {
  const ucl = await start();
  const { token: first } = await runtimeIn(ucl);
  const { data } = await byToken(ucl, first, configuration);
  const { token, certificateSigningRequestInfo } = data.result;
  const clientId = /CN=(.+)$/.exec(certificateSigningRequestInfo.subject)?.[1] ?? "";
  const csr = base64(requestFor(subjectFor(clientId)).request);
  const refused = await byToken(ucl, first, signing, { csr });
  expect(refused.errors?.[0]?.message).toMatch(/^Failed to authenticate with token: Failed to authenticate request/);
  const signed = await byToken(ucl, token.token, signing, { csr });
  expect(pemOf(signed.data.result.certificateChain)).toBe(
    pemOf(signed.data.result.clientCertificate) + pemOf(signed.data.result.caCertificate),
  );
});

test("UCL-3 nobody gets in with a wrong, an empty or no token, nor by headers of the inside", async () => {
  const ucl = await start();
  const { clientId } = await pair(ucl, (await runtimeIn(ucl)).token);
  const forged = { "Client-Id-From-Token": clientId, "Client-Id-From-Certificate": clientId };
  const attempts = await Promise.all([
    byToken(ucl, "wrong", configuration),
    byToken(ucl, "", configuration),
    call(ucl, ucl.urls.connectorURL, { query: configuration }),
    call(ucl, ucl.urls.connectorURL, { query: configuration, headers: forged }),
    call(ucl, ucl.urls.certificateSecuredConnectorURL, { query: configuration, headers: forged }),
  ]);
  for (const { data, errors } of attempts) {
    expect(data).toBeNull();
    expect(errors?.[0]?.message).toContain("Failed to authenticate request.");
  }
});

test.each([
  { minutes: 61, opens: false },
  { minutes: 59, opens: true },
])("UCL-4 a token that is $minutes minutes old opens: $opens", async ({ minutes, opens }) => {
  const ucl = await start();
  const { token } = await runtimeIn(ucl);
  ucl.clock.advance(minutes * minuteMs);
  const { data } = await byToken(ucl, token, configuration);
  expect(data !== null).toBe(opens);
});

/** Signs the request again with SHA-1, as nobody should. */
function withSha1(request: string, key: string): string {
  const [der = Buffer.alloc(0)] = fromPem(request, "CERTIFICATE REQUEST");
  const toBeSigned = der.subarray(4, 4 + 4 + der.readUInt16BE(6));
  const signature = createSign("sha1").update(toBeSigned).sign(createPrivateKey(key));
  // sha256WithRSAEncryption is 1.2.840.113549.1.1.11, sha1WithRSAEncryption ends in 5.
  const changed = Buffer.from(der);
  const algorithm = changed.indexOf(Buffer.from("2a864886f70d01010b", "hex"), 8 + toBeSigned.length - 4);
  changed[algorithm + 8] = 5;
  signature.copy(changed, changed.length - signature.length);
  return toPem("CERTIFICATE REQUEST", changed);
}

test.each([
  {
    title: "another common name",
    csr: () => base64(requestFor(subjectFor("somebody-else")).request),
    says: "CSR: Invalid common name provided.",
  },
  {
    title: "another locality",
    csr: (id: string) => base64(requestFor(subjectFor(id).replace("locality", "elsewhere")).request),
    says: "CSR: Invalid locality provided.",
  },
  {
    title: "no province",
    csr: (id: string) => base64(requestFor(subjectFor(id).replace(",ST=province", "")).request),
    says: "CSR: No province provided.",
  },
  {
    title: "a SHA-1 signature",
    csr: (id: string) => {
      const { request, key } = requestFor(subjectFor(id));
      return base64(withSha1(request, key));
    },
    says: "CSR signature invalid",
  },
  {
    title: "no base64",
    csr: () => "!",
    says: "Error while decoding Certificate Signing Request: Error while parsing base64 content.",
  },
  {
    title: "no PEM",
    csr: () => base64("garbage"),
    says: "Error while signing Certificate Signing Request: Error while decoding pem block.",
  },
  {
    title: "PEM of something else",
    csr: () => base64(toPem("CERTIFICATE REQUEST", Buffer.from("garbage"))),
    says: "Error while parsing CSR",
  },
  {
    title: "an elliptic key",
    csr: (id: string) => base64(createRequest({ subject: subjectFor(id), keyType: "ec" }).request),
    says: "Error while signing Certificate Signing Request: ",
  },
])("UCL-5 a request with $title is not signed, and costs its token", async ({ csr, says }) => {
  const ucl = await start();
  const { token, clientId } = await signingToken(ucl);
  const refused = await byToken(ucl, token, signing, { csr: csr(clientId) });
  expect(refused).toMatchObject({ status: 200, data: null });
  expect(refused.errors?.[0]).not.toHaveProperty("extensions");
  expect(refused.errors?.[0]?.message).toContain(says);
  const again = await byToken(ucl, token, signing, { csr: base64(requestFor(subjectFor(clientId)).request) });
  expect(again.errors?.[0]?.message).toContain("Failed to authenticate with token: ");
});

test("UCL-6 a certificate is what UCL's are: issuer, name, use, 90 days, serial number 2", async () => {
  const ucl = await start();
  const before = Date.now();
  const paired = await pair(ucl, (await runtimeIn(ucl)).token);
  const certificate = new X509Certificate(paired.certificate);
  const issuer = new X509Certificate(paired.caCertificate);
  expect(certificate.verify(issuer.publicKey) && certificate.checkIssued(issuer)).toBe(true);
  expect(certificate.subject.split("\n")).toContain(`CN=${paired.clientId}`);
  expect(certificate.serialNumber).toBe("02");
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  const { validFromDate, validToDate } = certificate;
  expect(validToDate.getTime() - validFromDate.getTime()).toBe(90 * 24 * 60 * minuteMs);
  expect(Math.abs(validFromDate.getTime() - before)).toBeLessThan(10_000);
});

test("UCL-7 every earlier certificate renews until it expires", async () => {
  const ucl = await start({ settings: { certificateValidityMs: 10 * minuteMs } });
  const first = await pair(ucl, (await runtimeIn(ucl)).token);
  const csr = base64(requestFor(subjectFor(first.clientId)).request);
  const renew = (pem: string) => byCertificate(ucl, { certificate: pem, key: first.key }, signing, { csr });
  const second = pemOf((await renew(first.certificate)).data.result.clientCertificate);
  ucl.clock.advance(6 * minuteMs);
  const third = pemOf((await renew(first.certificate)).data.result.clientCertificate);
  for (const pem of [first.certificate, second, third]) expect((await renew(pem)).errors).toBeUndefined();
  ucl.clock.advance(5 * minuteMs);
  expect((await renew(first.certificate)).errors?.[0]?.message).toContain("the certificate has expired");
  expect((await renew(second)).data).toBeNull();
  expect((await renew(third)).errors).toBeUndefined();
});

test("UCL-8 a certificate taken back opens nothing; others of the same runtime still do", async () => {
  const ucl = await start();
  const runtime = await runtimeIn(ucl);
  const first = await pair(ucl, runtime.token);
  const csr = base64(requestFor(subjectFor(first.clientId)).request);
  ucl.clock.advance(2000);
  const renewed = await byCertificate(ucl, first, signing, { csr });
  const second = { certificate: pemOf(renewed.data.result.clientCertificate), key: first.key };
  const other = await pair(ucl, await freshToken(ucl, runtime.id));
  const revoke = "mutation { result: revokeCertificate }";
  expect((await byCertificate(ucl, first, revoke)).data).toEqual({ result: true });
  expect((await byCertificate(ucl, first, configuration)).data).toBeNull();
  expect(await director(ucl, first, "{ viewer { id } }")).toMatchObject({ status: 401, data: null });
  for (const working of [second, other]) {
    expect((await byCertificate(ucl, working, configuration)).errors).toBeUndefined();
    expect((await director(ucl, working, "{ viewer { id type } }")).data).toEqual({
      viewer: { id: runtime.id, type: "RUNTIME" },
    });
  }
  const without = await call(ucl, ucl.urls.connectorURL, { query: revoke, token: await freshToken(ucl, runtime.id) });
  expect(without.errors?.[0]?.message).toContain("Failed to authenticate with certificate");
});

test("UCL-19 the documents of the agent before ours are answered: arguments inside, alias result", async () => {
  const ucl = await start();
  const { token } = await runtimeIn(ucl);
  const literal = `query {
	result: configuration()
	{
		token { token }
		certificateSigningRequestInfo { subject keyAlgorithm }
		managementPlaneInfo { directorURL certificateSecuredConnectorURL }
	}
}`.replace("configuration()", "configuration");
  const { data } = await byToken(ucl, token, literal);
  const { certificateSigningRequestInfo, token: second } = data.result;
  const clientId = /CN=(.+)$/.exec(certificateSigningRequestInfo.subject)?.[1] ?? "";
  const csr = base64(requestFor(subjectFor(clientId)).request);
  const signed = await byToken(
    ucl,
    second.token,
    `mutation {
	result: signCertificateSigningRequest(csr: "${csr}")
	{ certificateChain caCertificate clientCertificate }
}`,
  );
  expect(pemOf(signed.data.result.clientCertificate)).toContain("BEGIN CERTIFICATE");
});

test("a token regenerated in place dies at the next call with the certificate of its system auth", async () => {
  const ucl = await start();
  const runtime = await runtimeIn(ucl);
  const paired = await pair(ucl, runtime.token);
  const unused = await freshToken(ucl, runtime.id, paired.clientId);
  await byCertificate(ucl, paired, configuration);
  expect((await byToken(ucl, unused, configuration)).data).toBeNull();
});

test("after a change of the issuing authority, certificates of the old one count until it is forgotten", async () => {
  const ucl = await start();
  const paired = await pair(ucl, (await runtimeIn(ucl)).token);
  ucl.rotateAuthority();
  expect((await byCertificate(ucl, paired, configuration)).errors).toBeUndefined();
  const csr = base64(requestFor(subjectFor(paired.clientId)).request);
  const { data } = await byCertificate(ucl, paired, signing, { csr });
  expect(pemOf(data.result.caCertificate)).not.toBe(paired.caCertificate);
  ucl.forgetEarlierAuthorities();
  expect((await byCertificate(ucl, paired, configuration)).data).toBeNull();
  const renewed = { certificate: pemOf(data.result.clientCertificate), key: paired.key };
  expect((await byCertificate(ucl, renewed, configuration)).errors).toBeUndefined();
});

test("who comes without a good certificate can be left without a connection", async () => {
  const ucl = await start({ settings: { badCertificates: "refuse" } });
  const paired = await pair(ucl, (await runtimeIn(ucl)).token);
  expect((await byCertificate(ucl, paired, configuration)).errors).toBeUndefined();
  await expect(call(ucl, ucl.urls.certificateSecuredConnectorURL, { query: configuration })).rejects.toThrow();
});
