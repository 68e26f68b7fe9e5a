import { createAuthority } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { refuses } from "./authorize.ts";
import { anyHash, element, evidence, gatewayHop, gatewayUri, header, hop } from "./fixtures.ts";
import { createIdentify } from "./identify.ts";
import { isRejection } from "./identity.ts";
import { trustedUris } from "./trusted-uris.ts";

// Every row is somebody who holds a certificate of his own, and tries to be taken for `victim`.

const named = (...names: string[]) => ({
  acceptedNames: new Set(names),
  tenant: undefined,
  group: undefined,
  settings: { certSha256: undefined },
});
const victim = named("victim");
const isTrustedUri = trustedUris(["spiffe://*/ns/istio-system/sa/istio-ingressgateway-service-account"]);
const identify = createIdentify({ elements: { min: 1, max: 2 }, certificate: "verify", isTrustedUri });

function isVictim(text: string, application: Parameters<typeof refuses>[0] = victim): boolean {
  const identity = identify.fromHeader(text, Date.now());
  return !isRejection(identity) && refuses(application, identity) === undefined;
}

test("the victim itself is let in", () => {
  for (const subject of [
    "CN=victim",
    "CN=victim,OU=a,O=b",
    "O=b,CN=victim",
    "OU=x\\,CN=other,CN=victim",
    "OU=a+OU=b,CN=victim",
  ])
    expect(isVictim(header(subject)), subject).toBe(true);
  expect(isVictim(element("CN=victim"))).toBe(true);
});

describe("subjects", () => {
  test.each([
    ["D-03: a comma inside another attribute", "CN=attacker,OU=x\\,CN=victim"],
    ["D-03: two common names", "CN=attacker,CN=victim"],
    ["D-03: two common names, the victim's first", "CN=victim,CN=attacker"],
    ["D-03: the victim's twice", "CN=victim,CN=victim"],
    ["D-04: an equals sign in the value", "CN=victim=evil"],
    ["D-04: an escaped equals sign", "CN=victim\\=evil"],
    ["D-05: a comma in the value", "CN=victim\\, b"],
    ["D-05: a part without =", "CN=victim,x"],
    ["D-05: an empty part at the end", "CN=victim,"],
    ["D-05: an empty part at the beginning", ",CN=victim"],
    ["a multi-valued part", "CN=victim+OU=x"],
    ["a multi-valued part, the other way round", "OU=x+CN=victim"],
    ["a multi-valued part beside a proper one", "CN=victim,OU=x+CN=attacker"],
    ["an opaque value", "CN=#0C0676696374696D"],
    ["an opaque value that spells the name", "CN=#victim"],
    ["lower-case type", "cn=victim"],
    ["type as OID", "2.5.4.3=victim"],
    ["whitespace before the type", "OU=x, CN=victim"],
    ["whitespace after the type", "CN =victim"],
    ["whitespace before the value", "CN= victim"],
    ["an escaped space behind the value", "CN=victim\\ "],
    ["other case", "CN=Victim"],
    ["a NUL behind the name", "CN=victim\\00"],
    ["a NUL and more", "CN=victim\\00.evil"],
    ["a line feed", "CN=victim\\0A"],
    ["a zero-width space", "CN=victim\\E2\\80\\8B"],
    ["a byte order mark before the name", "CN=\\EF\\BB\\BFvictim"],
    ["a Cyrillic letter that looks the same", "CN=v\\D1\\96ctim"],
    ["full-width letters", "CN=\\EF\\BD\\96ictim"],
    ["an overlong encoding", "CN=\\C1\\B6ictim"],
    ["broken UTF-8", "CN=victim\\C3"],
    ["a dangling backslash", "CN=victim\\\\\\"],
    ["quotes around the value", 'CN=\\"victim\\"'],
    ["slash form", "/CN=victim"],
    ["slash form with more", "/C=DE/CN=victim"],
    ["an empty name", ""],
    ["an empty common name", "CN="],
    ["no common name", "OU=victim,O=victim"],
    ["the name as a pattern", "CN=*"],
    ["the name as a prefix", "CN=victim.evil"],
    ["the user id of the victim", "UID=victim,CN=attacker"],
  ])("%s", (_title, subject) => {
    expect(isVictim(header(subject))).toBe(false);
  });
});

describe("header text", () => {
  const attacker = element("CN=attacker");
  test.each([
    ["D-01: the victim's element second", `${attacker},${element("CN=victim")}`],
    ["D-01: seeded before the own one", `${element("CN=victim")},${attacker}`],
    ["D-01: seeded, with a gateway behind", `${element("CN=victim")},${attacker},${gatewayHop}`],
    ["D-01: behind the gateway", `${attacker},${gatewayHop},${element("CN=victim")}`],
    ["D-01: in the gateway's element", `${attacker},${hop(gatewayUri, "CN=victim")}`],
    ["D-01: another workload of the mesh", `${element("CN=victim")},${hop("spiffe://cluster.local/ns/evil/sa/evil")}`],
    [
      "D-02: a Subject inside a URI name",
      `Hash=${anyHash};Subject="CN=attacker";URI=spiffe://a;Subject="CN=victim",${gatewayHop}`,
    ],
    [
      "D-02: a Subject inside a URI name that comes first",
      `URI=spiffe://a;Subject="CN=victim";Hash=${anyHash};Subject="CN=attacker";URI=`,
    ],
    ["D-02: a Subject inside a DNS name", `${attacker};DNS=a;Subject="CN=victim",${gatewayHop}`],
    ["D-02: a whole element inside a URI name", `URI=x,Subject="CN=victim",${gatewayHop}`],
    ["D-02: a Subject inside Cert", `Hash=${anyHash};Cert="Subject=\\"CN=victim\\"";Subject="CN=attacker"`],
    ["D-02: a key that ends in Subject", `XSubject="CN=victim";${attacker}`],
    ["D-02: quotes inside the Subject", `Subject="CN=attacker,O=\\"Subject=\\"CN=victim"`],
    ["an upper-case second Subject", `${attacker};SUBJECT="CN=victim"`],
    ["a Subject that never ends", 'Subject="CN=victim'],
    ["a Subject without quotes", "Subject=CN=victim"],
    ["single quotes", "Subject='CN=victim'"],
    ["By that carries a Subject", `By=x;Subject="CN=victim";${attacker}`],
  ])("%s", (_title, text) => {
    expect(isVictim(text)).toBe(false);
  });
});

test("D-08: an empty client id lets nobody in without a common name", () => {
  // That the id is dropped is application.test.ts's; were it not, nobody would have that name.
  const application = named("");
  for (const subject of ["O=x", "CN=", ""]) expect(isVictim(header(subject), application)).toBe(false);
});

test("D-12: a name outside ASCII is itself, in the one form in which it was registered", () => {
  const müller = named("Müller-App");
  expect(isVictim(header("CN=M\\C3\\BCller-App"), müller)).toBe(true);
  expect(isVictim(header("CN=Mu\\CC\\88ller-App"), müller)).toBe(false);
  expect(isVictim(header("CN=M\\FCller-App"), müller)).toBe(false);
});

describe("certificates", () => {
  const authority = createAuthority({ subject: "CN=Test CA" });
  const own = evidence(authority, { subject: "CN=attacker" });
  test.each([
    [
      "the own certificate under the victim's Subject",
      own.header.replace('Subject="CN=attacker"', 'Subject="CN=victim"'),
    ],
    [
      "a common name hidden in a multi-valued part",
      evidence(authority, { subject: "CN=victim+OU=x" }, "CN=victim").header,
    ],
    [
      "a second common name in the certificate",
      evidence(authority, { subject: "CN=victim,CN=attacker" }, "CN=victim").header,
    ],
    ["a NUL that the text leaves out", evidence(authority, { subject: "CN=victim\\00" }, "CN=victim").header],
  ])("%s", (_title, text) => {
    expect(isVictim(text)).toBe(false);
  });
});
