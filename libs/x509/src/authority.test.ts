import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type SecureContextOptions, type TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Authority,
  createAuthority,
  formatName,
  type Issued,
  type KeyType,
  loadAuthority,
  NameError,
  readSubject,
} from "./index.ts";

const keyTypes: KeyType[] = ["rsa", "ec", "ed25519"];
const pairs = keyTypes.flatMap((of) => keyTypes.map((leaf) => ({ of, leaf })));
const root = createAuthority({ subject: "CN=Root,O=Example,C=DE" });

describe("mutual TLS", () => {
  test.each(pairs)("works between $leaf keys signed below an $of authority", async ({ of, leaf }) => {
    const top = createAuthority({ subject: "CN=Root", keyType: of });
    const middle = top.intermediate("CN=Middle", { keyType: of });
    const server = middle.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["localhost"], keyType: leaf });
    const client = middle.issue({ subject: "CN=client", usage: ["client"], keyType: leaf });
    const peer = await handshake(
      { ...pair(server, middle), ca: top.certificate },
      { ...pair(client, middle), ca: top.certificate },
    );
    expect(peer).toBe("CN=client");
  });

  test("fails for a client of another authority", async () => {
    const server = root.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["localhost"] });
    // The same name, another key: only the signature tells them apart.
    const other = createAuthority({ subject: "CN=Root,O=Example,C=DE" });
    const client = other.issue({ subject: "CN=client", usage: ["client"] });
    await expect(
      handshake({ ...pair(server, root), ca: root.certificate }, { ...pair(client, other), ca: root.certificate }),
    ).rejects.toThrow();
  });

  test.each<[what: string, options: Partial<Parameters<Authority["issue"]>[0]>]>([
    ["a server certificate", { usage: ["server"] }],
    ["an expired certificate", { notBefore: new Date("2020-01-01"), notAfter: new Date("2021-01-01") }],
    ["a certificate of the future", { notBefore: new Date("2090-01-01"), notAfter: new Date("2091-01-01") }],
  ])("fails for a client with %s", async (_, options) => {
    const server = root.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["localhost"] });
    const client = root.issue({ subject: "CN=client", usage: ["client"], ...options });
    await expect(
      handshake({ ...pair(server, root), ca: root.certificate }, { ...pair(client, root), ca: root.certificate }),
    ).rejects.toThrow();
  });
});

describe("an issued certificate", () => {
  test("carries the names asked for", () => {
    const certificate = parsed(
      root.issue({
        subject: "CN=a",
        usage: ["server", "client"],
        dnsNames: ["localhost", "*.example.com"],
        ipAddresses: ["127.0.0.1", "::1", "fe80::1:2", "::ffff:10.0.0.1", "2001:db8:0:0:1:0:0:1"],
        uris: ["spiffe://cluster.local/ns/a/sa/b"],
      }),
    );
    expect(certificate.subjectAltName).toBe(
      [
        "DNS:localhost, DNS:*.example.com, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
        "IP Address:FE80:0:0:0:0:0:1:2, IP Address:0:0:0:0:0:FFFF:A00:1, IP Address:2001:DB8:0:0:1:0:0:1",
        "URI:spiffe://cluster.local/ns/a/sa/b",
      ].join(", "),
    );
    expect(certificate.checkIP("::1")).toBe("::1");
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(parsed(root).publicKey)).toBe(true);
    expect(certificate.checkIssued(parsed(root))).toBe(true);
  });

  test.each([
    ["1955-01-02T03:04:05Z", "2049-12-31T23:59:59Z"],
    ["2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
    ["1949-12-31T23:59:59Z", "1950-01-01T00:00:00Z"],
  ])("is valid from %s to %s when asked", (notBefore, notAfter) => {
    const issued = root.issue({
      subject: "CN=a",
      usage: [],
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
    });
    expect(parsed(issued).validFromDate).toEqual(new Date(notBefore));
    expect(parsed(issued).validToDate).toEqual(new Date(notAfter));
  });

  test("is valid now, and for as many days as asked", () => {
    const { validFromDate, validToDate } = parsed(root.issue({ subject: "CN=a", usage: ["client"], days: 2 }));
    expect(validFromDate.getTime()).toBeLessThan(Date.now());
    expect(validToDate.getTime() - Date.now()).toBeGreaterThan(1.9 * 86_400_000);
    expect(validToDate.getTime() - Date.now()).toBeLessThan(2.1 * 86_400_000);
  });

  test("has a serial number of its own, positive and of 16 bytes", () => {
    const serials = Array.from({ length: 50 }, () => parsed(root.issue({ subject: "CN=a", usage: [] })).serialNumber);
    expect(new Set(serials).size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test("keeps a given key", () => {
    const first = root.issue({ subject: "CN=a", usage: ["client"], keyType: "rsa" });
    const second = root.issue({ subject: "CN=a", usage: ["client"], key: first.key });
    expect(second.key).toBe(first.key);
    expect(parsed(second).publicKey.equals(parsed(first).publicKey)).toBe(true);
  });

  test("is PEM with line feeds, the key PKCS#8", () => {
    const { certificate, key } = root.issue({ subject: "CN=a", usage: ["client"] });
    expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END CERTIFICATE-----\n$/);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  test.each([
    ["a subject that is no name", { subject: "my-app" }, NameError],
    ["an unknown attribute", { subject: "Foo=a" }, NameError],
    ["an impossible OID", { subject: "1.40.1=a" }, NameError],
    ["an opaque value that is no DER", { subject: "CN=#0C05AA" }, NameError],
    [
      "a value its string type cannot hold",
      { subject: [[{ type: "CN", value: "ü", encoding: "printable" }]] },
      NameError,
    ],
    ["an IP address that is none", { subject: "CN=a", ipAddresses: ["1.2.3"] }, TypeError],
    ["an IP address with a zone", { subject: "CN=a", ipAddresses: ["fe80::1%eth0"] }, TypeError],
    ["a DNS name beyond ASCII", { subject: "CN=a", dnsNames: ["münchen.example"] }, TypeError],
  ] as const)("is refused for %s", (_, options, error) => {
    expect(() => root.issue({ usage: ["client"], ...options } as Parameters<Authority["issue"]>[0])).toThrow(error);
  });
});

describe("an authority", () => {
  test("signs itself as a root and is a CA", () => {
    const certificate = parsed(root);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(root.chain).toBe("");
  });

  test("goes on after it was stored", () => {
    const middle = root.intermediate("CN=Middle");
    const loaded = loadAuthority({ certificate: middle.certificate, key: middle.key });
    const leaf = parsed(loaded.issue({ subject: "CN=a", usage: ["client"] }));
    expect(leaf.checkIssued(parsed(middle))).toBe(true);
    expect(leaf.verify(parsed(middle).publicKey)).toBe(true);
    expect(loaded.chain).toBe(middle.certificate);
  });

  test("lists the authorities above it, nearest first, without the root", () => {
    const second = root.intermediate("CN=Second");
    const third = second.intermediate("CN=Third");
    expect(third.chain).toBe(third.certificate + second.certificate);
  });

  test("refuses a key that is not its certificate's", () => {
    const { key } = createAuthority({ subject: "CN=Other" });
    expect(() => loadAuthority({ certificate: root.certificate, key })).toThrow("does not belong");
    expect(() => loadAuthority({ certificate: "", key })).toThrow("no PEM certificate");
  });
});

function parsed({ certificate }: Issued): X509Certificate {
  return new X509Certificate(certificate);
}

function pair({ certificate, key }: Issued, authority: Authority): SecureContextOptions {
  return { cert: certificate + authority.chain, key };
}

/** The subject a server sees of a client after a handshake in which each checked the other. */
async function handshake(server: SecureContextOptions, client: SecureContextOptions): Promise<string> {
  const listener = createServer({ ...server, requestCert: true, rejectUnauthorized: true }).listen(0, "127.0.0.1");
  onTestFinished(() => void listener.close());
  await once(listener, "listening");
  const accepted = once(listener, "secureConnection") as Promise<[TLSSocket]>;
  const refused = once(listener, "tlsClientError").then(([error]) => Promise.reject(error));
  const { port } = listener.address() as AddressInfo;
  const socket = connect({ ...client, port, host: "127.0.0.1", servername: "localhost" });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  const broken = once(socket, "secureConnect").then(() => new Promise<never>(() => {}));
  const [peer] = await Promise.race([accepted, refused, broken]);
  const der = peer.getPeerX509Certificate()?.raw;
  if (der === undefined) throw new Error("no peer certificate");
  return formatName(readSubject(der));
}
