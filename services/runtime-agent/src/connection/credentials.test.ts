import { createPrivateKey } from "node:crypto";
import { createAuthority } from "@application-connector/x509";
import { expect, test } from "vitest";
import { authorityBundle } from "./authority-bundle.ts";
import { credentials, issuedCredentials } from "./credentials.ts";

const authority = createAuthority({ subject: "CN=UCL" });
const other = createAuthority({ subject: "CN=other" });
const client = authority.issue({ subject: "CN=client", keyType: "rsa", usage: ["client"] });
const stranger = other.issue({ subject: "CN=client", keyType: "rsa", usage: ["client"] });
const key = createPrivateKey(client.key);

const issued = (clientCertificate: string, ...authorities: string[]) =>
  issuedCredentials(
    { clientCertificate, caCertificate: "", certificateChain: clientCertificate + authorities.join("") },
    key,
  );

test("what belongs together is taken: a chain may have authorities that are to come", () => {
  expect(issued(client.certificate, authority.certificate).chain).toBe(client.certificate + authority.certificate);
  issued(client.certificate, other.certificate, authority.certificate);
});

test.each([
  ["for another key", () => issued(stranger.certificate, other.certificate), "for another key"],
  ["without an authority", () => issued(client.certificate), "no certificate of an authority"],
  ["of an authority that is not in the chain", () => issued(client.certificate, other.certificate), "has issued"],
  [
    "with another client in its chain, whom the ingress would trust",
    () => issued(client.certificate, authority.certificate, stranger.certificate),
    "that is no authority's",
  ],
  [
    "that is over already",
    () => {
      const dates = { notBefore: new Date(Date.now() - 7_200_000), notAfter: new Date(Date.now() - 3_600_000) };
      const late = authority.issue({ subject: "CN=client", keyType: "rsa", usage: ["client"], ...dates });
      const result = {
        clientCertificate: late.certificate,
        caCertificate: "",
        certificateChain: authority.certificate,
      };
      return issuedCredentials(result, createPrivateKey(late.key));
    },
    "is the clock of this cluster right?",
  ],
])("a certificate %s is refused", (_, take, message) => expect(take).toThrow(message));

const garbage = `-----BEGIN CERTIFICATE-----\n${Buffer.from("no certificate").toString("base64")}\n-----END CERTIFICATE-----\n`;

test("a chain that cannot be read is not handed on to the ingress", () => {
  const chain = client.certificate + authority.certificate + garbage;
  expect(() => credentials(client.certificate, client.key, chain, "Secret a/b")).toThrow(
    "Secret a/b has a certificate in its chain that cannot be read",
  );
});

test("what people have written in place of earlier authorities does not keep today's from the ingress", () => {
  const previous = { pem: garbage + other.certificate, untilMs: Date.now() + 60_000 };
  expect(authorityBundle(authority.certificate, previous, Date.now())).toBe(authority.certificate + other.certificate);
});
