import { createAuthority, formatName, type Name } from "@application-connector/x509";
import { expect, test } from "vitest";
import { evidence, gatewayHop, gatewayUri } from "../identity/fixtures.ts";
import { createIdentify } from "../identity/identify.ts";
import { trustedUris } from "../identity/trusted-uris.ts";
import { fuzzMs, mutated, pick, type Random, rounds, textOf } from "./rounds.ts";

// Whoever is identified is identified by a slow reading of the specification's grammar as well, and by the same name.

const timeout = fuzzMs + 60_000;
const identify = createIdentify({
  elements: { min: 1, max: 3 },
  certificate: "ignore",
  isTrustedUri: trustedUris(["spiffe://*/ns/istio-system/sa/istio-ingressgateway-service-account"]),
});
const identified = (header: string): string | undefined => {
  const result = identify.fromHeader(header, Date.now());
  return "rejected" in result ? undefined : result.commonName;
};

/** Section 4.2, letter by letter. */
const quoted = String.raw`"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"`;
const bare = String.raw`[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]*`;
const pair = `(?:By|Hash|Cert|Chain|Subject|URI|DNS)=(?:${quoted}|${bare})`;
const xfcc = new RegExp(`^${pair}(?:[;,]${pair})*$`, "i");
const nextPair = new RegExp(`^(${pair})([;,]|$)`, "i");

function referenceElements(header: string): [key: string, value: string, isQuoted: boolean][][] | undefined {
  if (!xfcc.test(header)) return undefined;
  const elements: [string, string, boolean][][] = [[]];
  for (let rest = header; rest !== ""; ) {
    const [all, text, delimiter] = nextPair.exec(rest) as unknown as [string, string, string];
    const at = text.indexOf("=");
    const value = text.slice(at + 1);
    const isQuoted = value.startsWith('"');
    elements.at(-1)?.push([text.slice(0, at).toLowerCase(), isQuoted ? value.slice(1, -1) : value, isQuoted]);
    if (delimiter === ",") elements.push([]);
    rest = rest.slice(all.length);
  }
  return elements;
}

/** Section 4.4. */
function referenceSubject(header: string): string | undefined {
  const elements = referenceElements(header);
  if (elements === undefined || elements.length > 3 || elements.flat().length > 64) return undefined;
  for (const element of elements) {
    for (const key of ["hash", "cert", "chain", "subject"]) {
      const found = element.filter(([name]) => name === key);
      if (found.length > 1 || (key !== "hash" && found.some(([, , isQuoted]) => !isQuoted))) return undefined;
    }
  }
  const valuesIn = (element: [string, string, boolean][], key: string) =>
    element.filter(([name]) => name === key).map(([, value]) => value);
  const [client = [], ...hops] = elements;
  for (const hop of hops) {
    const uris = valuesIn(hop, "uri");
    if (valuesIn(hop, "subject").some((subject) => subject !== "") || uris.length === 0) return undefined;
    if (
      !uris.every((uri) => /^spiffe:\/\/[^/]+\/ns\/istio-system\/sa\/istio-ingressgateway-service-account$/.test(uri))
    )
      return undefined;
  }
  return valuesIn(client, "subject")[0];
}

/** Section 5: every character with whether a backslash protects it, then cut where none does. */
function referenceCommonName(text: string): string | undefined {
  const characters: { byte: number; isPlain: boolean }[] = [];
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte !== 0x5c) characters.push({ byte, isPlain: true });
    else {
      const hex = bytes.toString("latin1", at + 1, at + 3);
      const next = bytes[at + 1];
      if (/^[\da-f]{2}$/i.test(hex)) {
        characters.push({ byte: Number.parseInt(hex, 16), isPlain: false });
        at += 2;
      } else if (next !== undefined && '",;<>\\+#= '.includes(String.fromCharCode(next))) {
        characters.push({ byte: next, isPlain: false });
        at += 1;
      } else return undefined;
    }
  }
  const isDelimiter = (character: { byte: number; isPlain: boolean }, which: string) =>
    character.isPlain && String.fromCharCode(character.byte) === which;
  const rdns = cut(characters, (each) => isDelimiter(each, ",")).map((rdn) =>
    cut(rdn, (each) => isDelimiter(each, "+")),
  );
  const names: { value: string | undefined; isAlone: boolean }[] = [];
  for (const rdn of rdns) {
    for (const attribute of rdn) {
      const equals = attribute.findIndex((each) => isDelimiter(each, "="));
      if (equals < 1) return undefined;
      const type = attribute.slice(0, equals);
      if (!type.every((each) => each.isPlain && /[A-Za-z0-9._-]/.test(String.fromCharCode(each.byte))))
        return undefined;
      const value = attribute.slice(equals + 1);
      const isHex = value[0] !== undefined && isDelimiter(value[0], "#");
      if (isHex) {
        if (
          !/^#(?:[\da-f]{2})+$/i.test(String.fromCharCode(...value.map(({ byte }) => byte))) ||
          value.some(({ isPlain }) => !isPlain)
        )
          return undefined;
      } else if (value.some(({ byte, isPlain }) => isPlain && '";<>'.includes(String.fromCharCode(byte))))
        return undefined;
      const decoded = utf8(value.map(({ byte }) => byte));
      if (decoded === undefined) return undefined;
      if (String.fromCharCode(...type.map(({ byte }) => byte)) === "CN")
        names.push({ value: isHex ? undefined : decoded, isAlone: rdn.length === 1 });
    }
  }
  const [only, ...more] = names;
  if (only === undefined || more.length > 0 || !only.isAlone || !only.value || /\p{Cc}/u.test(only.value))
    return undefined;
  return only.value;
}

function cut<T>(items: readonly T[], isDelimiter: (item: T) => boolean): T[][] {
  const parts: T[][] = [[]];
  for (const item of items) {
    if (isDelimiter(item)) parts.push([]);
    else parts.at(-1)?.push(item);
  }
  return parts;
}

function utf8(bytes: readonly number[]): string | undefined {
  const text = Buffer.from(bytes).toString();
  return Buffer.from(text).equals(Buffer.from(bytes)) ? text : undefined;
}

const pieces = [
  "CN=",
  "OU=",
  "O=",
  "cn=",
  "2.5.4.3=",
  "victim",
  "a",
  ",",
  "+",
  ";",
  "=",
  "\\",
  '"',
  "\\,",
  '\\"',
  "\\C3\\BC",
  "\\FF",
  "\\0A",
  "#",
  "#0C01",
  " ",
  "<",
  "Subject=",
  "URI=",
  "Hash=",
  "By=",
  gatewayHop,
  gatewayUri,
  "\\20",
  "\\2C",
  "\u00fc",
  "\t",
];

function subject(random: Random): string {
  const rdn = () =>
    `${pick(random, ["CN", "OU", "O", "L", "cn", "1.2.3", ""])}=${textOf(random, ["a", "victim", "\\,", "\\+", "\\C3\\BC", "b c", "=", "#", "\\#"], 3)}`;
  return Array.from({ length: 1 + random(4) }, rdn).join(pick(random, [",", ",", ",", "+"]));
}

test("headers of all kinds name whom the grammar says, or nobody", { timeout }, () => {
  let named = 0;
  rounds(6_000, (random) => {
    const element = mutated(
      random,
      `Hash=${"ab".repeat(32)};Subject="${subject(random)}";URI=${pick(random, ["", "spiffe://a/b", 'x;Subject="CN=victim"', 'x,Subject="CN=victim"'])}`,
      pieces,
    );
    const header = mutated(
      random,
      pick(random, [
        element,
        `${element},${gatewayHop}`,
        `${element},${gatewayHop},${gatewayHop}`,
        `${gatewayHop},${element}`,
      ]),
      pieces,
    );
    const text = referenceSubject(header);
    const expected = text ? referenceCommonName(text) : undefined;
    if (expected !== undefined) named++;
    expect([header, identified(header)]).toEqual([header, expected]);
  });
  // A test that never meets a good one shows nothing.
  expect(named).toBeGreaterThan(30);
});

test("a certificate of any name is identified by its own common name, from the header and from the bytes", {
  timeout,
}, () => {
  const authority = createAuthority({ subject: "CN=CA" });
  const strict = createIdentify({ elements: { min: 2, max: 2 }, certificate: "require", isTrustedUri: () => true });
  const values = [
    "victim",
    "a",
    ",",
    "+",
    '"',
    "\\",
    ";",
    "<",
    ">",
    "#",
    "=",
    " ",
    "ü",
    "€",
    "😀",
    "/",
    "CN=victim",
    "\ufeff",
    "\u202e",
  ];
  let named = 0;
  rounds(400, (random) => {
    const attribute = (type: string) => ({ type, value: textOf(random, values, 4).slice(0, 40).toWellFormed() || "x" });
    const name: Name = Array.from({ length: 1 + random(4) }, () => {
      const attributes = Array.from({ length: random(8) === 0 ? 2 : 1 }, () =>
        attribute(pick(random, ["CN", "OU", "O", "L", "UID"])),
      );
      return attributes.map((each) => (random(12) === 0 ? { ...each, value: undefined, hex: "0C0161" } : each));
    });
    const { header, der } = evidence(authority, { subject: name, key: authority.key }, formatName(name));
    const names = name.filter((rdn) => rdn.some(({ type }) => type === "CN"));
    const [rdn] = names;
    const isGood = names.length === 1 && rdn?.length === 1 && !/\p{Cc}/u.test(rdn[0]?.value ?? "");
    // A string is read again from its bytes: what was opaque in the text is text in the certificate.
    const value = rdn?.[0]?.value ?? (rdn?.[0]?.hex === undefined ? undefined : "a");
    const fromBytes = strict.fromCertificate(Buffer.from(der), Date.now());
    const fromHeader = strict.fromHeader(header, Date.now());
    const expected = isGood ? value : undefined;
    if (expected !== undefined) named++;
    expect("rejected" in fromBytes ? undefined : fromBytes.commonName).toBe(expected);
    expect("rejected" in fromHeader ? undefined : fromHeader.commonName).toBe(
      rdn?.[0]?.value === undefined ? undefined : expected,
    );
  });
  expect(named).toBeGreaterThan(50);
});
