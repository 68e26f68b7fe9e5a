import { describe, expect, test } from "vitest";
import { encode, sequence, setOf, time } from "./asn1.ts";
import { encodeName } from "./encode-name.ts";
import { createAuthority, formatName, fromPem, type Name, NameError, parseName, readSubject } from "./index.ts";
import { seeded } from "./random.test-data.ts";

const authority = createAuthority({ subject: "CN=Root" });

// The expected texts are what `openssl x509 -subject -nameopt RFC2253` prints for the same certificates,
// but where a comment says otherwise.
describe("the subject of a certificate is printed as Envoy prints it", () => {
  test.each<[text: string, subject: Name]>([
    ["CN=my-app,OU=group,O=tenant,C=DE", [cn("my-app"), is("OU", "group"), is("O", "tenant"), is("C", "DE")]],
    ["CN=a\\, b", [cn("a, b")]],
    ['CN=say \\"hi\\"', [cn('say "hi"')]],
    ["CN=M\\C3\\BCller-App", [cn("Müller-App")]],
    ["CN=\\ x\\ ", [cn(" x ")]],
    ["CN=a\\+b", [cn("a+b")]],
    ["CN=\\#h", [cn("#h")]],
    ["CN=a\\;b\\<c\\>d", [cn("a;b<c>d")]],
    ["CN=victim=evil", [cn("victim=evil")]],
    ["CN=a\\\\b", [cn("a\\b")]],
    ["CN=a#b", [cn("a#b")]],
    ["CN=\\ ", [cn(" ")]],
    ["CN=\\ \\ ", [cn("  ")]],
    // OpenSSL prints a lone '#' without a backslash, which would be an opaque value; BoringSSL does not.
    ["CN=\\#", [cn("#")]],
    ["CN=a\\0Ab\\00c\\7F", [cn("a\nb\0c\x7f")]],
    ["CN=\\E6\\97\\A5\\E6\\9C\\AC\\F0\\9F\\98\\80", [cn("日本😀")]],
    ["CN=x,OU=", [cn("x"), is("OU", "")]],
    ["CN=abc", [[{ type: "CN", value: "abc", encoding: "printable" }]]],
    ["CN=a@b", [[{ type: "CN", value: "a@b", encoding: "ia5" }]]],
    ["CN=\\C3\\BC", [[{ type: "CN", value: "ü", encoding: "t61" }]]],
    ["CN=\\C3\\BC\\,\\E6\\97\\A5", [[{ type: "CN", value: "ü,日", encoding: "bmp" }]]],
    ["CN=\\C3\\BC\\,\\F0\\9F\\98\\80\\ ", [[{ type: "CN", value: "ü,😀 ", encoding: "universal" }]]],
    ["CN=123", [opaque("CN", "1203313233")]],
    // OpenSSL refuses such a name; BoringSSL's table of string types has VisibleString.
    ["CN=v", [opaque("CN", "1A0176")]],
    // DER sorts the parts of an RDN (CN before OU); printing reverses them.
    ["OU=x+CN=v,C=DE", [[...cn("v"), ...is("OU", "x")], is("C", "DE")]],
    [
      "emailAddress=a@b.c,serialNumber=42,UID=u,DC=example,DC=com,SN=s,GN=g,street=x,L=l,ST=t,pseudonym=p",
      [
        ...[
          is("emailAddress", "a@b.c"),
          is("serialNumber", "42"),
          is("UID", "u"),
          is("DC", "example"),
          is("DC", "com"),
        ],
        ...[is("SN", "s"), is("GN", "g"), is("street", "x"), is("L", "l"), is("ST", "t"), is("pseudonym", "p")],
      ],
    ],
    ["1.2.3.4=#0C0568656C6C6F,CN=x", [is("1.2.3.4", "hello"), cn("x")]],
    // OpenSSL 3 knows a short name for this one; BoringSSL does not.
    ["2.5.4.97=#0C0756415444452D31", [is("2.5.4.97", "VATDE-1")]],
    ["2.999.18446744073709551616=#0C0161", [is("2.999.18446744073709551616", "a")]],
    ["CN=#3003020101", [opaque("CN", "3003020101")]],
    ["CN=#0101FF", [opaque("CN", "0101FF")]],
    ["CN=#0C02C328", [opaque("CN", "0C02C328")]],
    ["CN=#1E04D83DDE00", [opaque("CN", "1E04D83DDE00")]],
    ["CN=#1C0400110000", [opaque("CN", "1C0400110000")]],
    ["", []],
  ])("%j", (text, subject) => {
    const der = certificateOf(subject);
    expect(formatName(readSubject(der))).toBe(text);
    // Both ways to the caller's identity, by text and by certificate, must end in the same name.
    expect(parseName(text)).toEqual(readSubject(der));
  });

  test("parts of an RDN that are not in DER order are reversed as they stand", () => {
    const parts = [is("OU", "x"), cn("v")].map((rdn) => encodeName([rdn]).value[0] as ReturnType<typeof setOf>);
    const unsorted = { ...setOf(), value: parts.flatMap(({ value }) => value as never[]) };
    const der = encode(bareCertificate(sequence(unsorted)));
    expect(formatName(readSubject(der))).toBe("CN=v+OU=x");
  });
});

test.each(["rsa", "ec", "ed25519"] as const)("the subject of a certificate with an %s key is readable", (keyType) => {
  const { certificate } = authority.issue({ subject: "CN=my-app,O=x", usage: ["client"], keyType });
  expect(formatName(readSubject(der(certificate)))).toBe("CN=my-app,O=x");
});

describe("what is no certificate is a NameError", () => {
  const good = certificateOf([cn("my-app"), is("O", "tenant")]);

  test.each<[what: string, bytes: Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["text", Buffer.from("-----BEGIN CERTIFICATE-----")],
    ["an empty sequence", Buffer.of(0x30, 0)],
    ["an indefinite length", Buffer.of(0x30, 0x80, 0, 0)],
    ["a length of five bytes", Buffer.of(0x30, 0x85, 0, 0, 0, 0, 1, 0)],
    ["a length that is not minimal", Buffer.of(0x30, 0x81, 1, 0)],
    ["a length beyond the end", Buffer.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
    ["a long tag", Buffer.of(0x3f, 0x81, 1, 0)],
  ])("%s", (_, bytes) => {
    expect(() => readSubject(bytes)).toThrow(NameError);
  });

  test("cut anywhere", () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => readSubject(good.subarray(0, length)), `${length} bytes`).toThrow(NameError);
    }
  });

  test("or it is read, whatever byte is changed", () => {
    const random = seeded(7);
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(good);
      bytes[random.below(bytes.length)] = random.below(256);
      try {
        readSubject(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(NameError);
      }
    }
  });
});

function is(type: string, value: string) {
  return [{ type, value }];
}

function cn(value: string) {
  return is("CN", value);
}

function opaque(type: string, hex: string) {
  return [{ type, value: undefined, hex }];
}

function der(pem: string): Buffer {
  return fromPem(pem, "CERTIFICATE")[0] ?? Buffer.alloc(0);
}

function certificateOf(subject: Name): Buffer {
  return der(authority.issue({ subject, usage: ["client"] }).certificate);
}

/** A version 1 certificate as far as its subject. */
function bareCertificate(subject: ReturnType<typeof sequence>) {
  const now = time(new Date());
  return sequence(sequence(now, sequence(), sequence(), sequence(now, now), subject));
}
