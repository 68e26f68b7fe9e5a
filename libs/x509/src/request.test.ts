import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  createAuthority,
  createRequest,
  describeRequest,
  formatName,
  fromPem,
  RequestError,
  readRequestSubject,
  readSubject,
  signRequest,
  toPem,
} from "./index.ts";

const authority = createAuthority({ subject: "CN=Root" });

describe.each(["rsa", "ec", "ed25519"] as const)("a request with an %s key", (keyType) => {
  const { request, key } = createRequest({ subject: "CN=my-app,O=x", keyType });

  test("becomes a certificate for that key and subject", () => {
    const certificate = new X509Certificate(signRequest(authority, request, { usage: ["client"], days: 1 }));
    expect(formatName(readSubject(certificate.raw))).toBe("CN=my-app,O=x");
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  });

  test("changed on its way is refused", () => {
    const der = fromPem(request, "CERTIFICATE REQUEST")[0] as Buffer;
    der.write("MY-APP", der.indexOf("my-app"), "latin1");
    const forged = toPem("CERTIFICATE REQUEST", der);
    expect(() => signRequest(authority, forged, { usage: ["client"] })).toThrow("not signed by its own key");
  });
});

test("the authority may give another subject and other names than the request asks for", () => {
  const { request } = createRequest({ subject: "CN=admin", dnsNames: ["admin.example.com"] });
  expect(formatName(readRequestSubject(request))).toBe("CN=admin");
  const pem = signRequest(authority, request, { subject: "CN=my-app", usage: ["server"], dnsNames: ["a.example.com"] });
  const certificate = new X509Certificate(pem);
  expect(formatName(readSubject(certificate.raw))).toBe("CN=my-app");
  expect(certificate.subjectAltName).toBe("DNS:a.example.com");
});

test("a request by OpenSSL is read", () => {
  expect(formatName(readRequestSubject(opensslRequest))).toBe("CN=ossl,O=Example,C=DE");
});

test.each([
  ["nothing", ""],
  ["another PEM block", authority.certificate],
  ["an empty block", toPem("CERTIFICATE REQUEST", Buffer.of(0x30, 0))],
  ["garbage", toPem("CERTIFICATE REQUEST", Buffer.from("garbage"))],
  ["a certificate under the wrong label", authority.certificate.replaceAll("CERTIFICATE", "CERTIFICATE REQUEST")],
])("%s is no request", (_, pem) => {
  expect(() => signRequest(authority, pem, { usage: ["client"] })).toThrow(RequestError);
});

const opensslRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIICkjCCAXoCAQAwLjELMAkGA1UEBhMCREUxEDAOBgNVBAoMB0V4YW1wbGUxDTAL
BgNVBAMMBG9zc2wwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDT9oOO
MAoIYz9YZKBvXBky0rt3V2SwJZQtrmNB6FDacI/j0pNKdjWEPJsAXEI2NUlERNtO
z/2FU8+PCS5was14/FJec5n3OXHnCCrn2/v6pkYCRXvF7UPcGim+KRRP/mWshmKI
WUBzoPhjy1wxQDPVqrDRldqCdEQ4rOzAh1QN+HWNqFnfhyFs4Ix4/iyTlphU/+J8
AS9mrh4fopp30hyIbF/HkpnvGAq1HJb+TUYuwn+P8CSYNgSUbCkITnNbTaj00fGo
wrsU5a91gl3OfI6TkCG1aXMMovqFhM7mZ24o84j2nj3bNXEAxLY4GcvwJzheaAeM
hhip+Lb8NRY9iY7HAgMBAAGgHzAdBgkqhkiG9w0BCQ4xEDAOMAwGA1UdEQQFMAOC
AXgwDQYJKoZIhvcNAQELBQADggEBAE0QdpaqIME6C2qvvmOqbBnIEgGL40gJb8nR
C/RY54EvvdLcYMtyOHyymIFBgbrLGmeesxcHOpi7qxVTZAH9mInKdRjnw58tsQ2n
94urAnw/0N0y6oq1/aCCp5OnF6pJxYQ4fOTZt/7qk9yelQjZ/mwa142gjXChSejb
diZqWmH+KFPT2ZfYj0JRfZhPzlDcqRt5C9KpT4ZqvIdV3oy1HDbwMqj/jyFakMoL
xHYnRmUwiJrZnzTrBHDTB/qw53ad0UZgUUvUARQXyN6s9wLZYHtsEaWttNbetpaI
e4n58FJ4vsA+3DqSkhLSXQ4hnM01xNHkaas8mKUBOHG8Tf54xKs=
-----END CERTIFICATE REQUEST-----
`;

test("a certificate takes the serial number, the uses and the digest that are asked for", () => {
  const rsaAuthority = createAuthority({ subject: "CN=Root", keyType: "rsa" });
  const { request } = createRequest({ subject: "CN=my-app", keyType: "rsa" });
  const issue = (options: object): X509Certificate =>
    new X509Certificate(signRequest(rsaAuthority, request, { usage: ["client"], days: 1, ...options }));
  expect(issue({ serialNumber: 2n }).serialNumber).toBe("02");
  expect(issue({ serialNumber: 128n }).serialNumber).toBe("80");
  expect(issue({}).serialNumber).toHaveLength(32);
  // The key usage is a bit string: one unused bit less where the key may encipher as well.
  const usage = (der: Buffer): string =>
    der
      .subarray(der.indexOf("551d0f0101ff", 0, "hex"))
      .subarray(6, 12)
      .toString("hex");
  expect(usage(issue({ signsOnly: true }).raw)).toBe("040403020780");
  expect(usage(issue({}).raw)).toBe("0404030205a0");
  const issuer = new X509Certificate(rsaAuthority.certificate);
  for (const digest of ["sha384", "sha512"] as const) expect(issue({ digest }).verify(issuer.publicKey)).toBe(true);
});

test("a request is described by its name, its kind of key and its digest", () => {
  const { request } = createRequest({ subject: "CN=my-app", keyType: "rsa" });
  expect(describeRequest(request)).toMatchObject({ keyType: "rsa", digest: "sha256" });
  const reasonOf = (text: string): string => {
    try {
      describeRequest(text);
      return "none";
    } catch (error) {
      return error instanceof RequestError ? error.reason : "another error";
    }
  };
  expect([reasonOf(""), reasonOf(toPem("CERTIFICATE REQUEST", Buffer.of(1)))]).toEqual(["no PEM", "unreadable"]);
});
