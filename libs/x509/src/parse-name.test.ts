import { describe, expect, test } from "vitest";
import { commonName, formatName, type Name, NameError, parseName } from "./index.ts";
import { mutated, seeded } from "./random.test-data.ts";

const rdn = (type: string, value: string) => [{ type, value }];

describe("parseName reads", () => {
  test.each<[text: string, name: Name]>([
    ["", []],
    ["CN=my-app", [rdn("CN", "my-app")]],
    ["CN=my-app,OU=group,O=tenant,C=DE", [rdn("CN", "my-app"), rdn("OU", "group"), rdn("O", "tenant"), rdn("C", "DE")]],
    ["O=client organization,CN=std", [rdn("O", "client organization"), rdn("CN", "std")]],
    ["CN=a\\, b", [rdn("CN", "a, b")]],
    ['CN=say \\"hi\\"', [rdn("CN", 'say "hi"')]],
    ["CN=M\\C3\\BCller-App", [rdn("CN", "Müller-App")]],
    ["CN=M\\c3\\bcller-App", [rdn("CN", "Müller-App")]],
    ["CN=Müller-App", [rdn("CN", "Müller-App")]],
    ["CN=ü\\, \\C3\\BC", [rdn("CN", "ü, ü")]],
    ["CN=\\F0\\9F\\98\\80", [rdn("CN", "😀")]],
    ["CN=\\ x\\ ", [rdn("CN", " x ")]],
    ["CN=a\\+b", [rdn("CN", "a+b")]],
    ["CN=\\#h", [rdn("CN", "#h")]],
    ["CN=a#b", [rdn("CN", "a#b")]],
    ["CN=a\\;b\\<c\\>d", [rdn("CN", "a;b<c>d")]],
    ["CN=a\\\\b", [rdn("CN", "a\\b")]],
    ["CN=a\\\\,O=b", [rdn("CN", "a\\"), rdn("O", "b")]],
    ["CN=victim=evil", [rdn("CN", "victim=evil")]],
    ["CN=a\\=b", [rdn("CN", "a=b")]],
    ["CN=attacker,OU=x\\,CN=victim", [rdn("CN", "attacker"), rdn("OU", "x,CN=victim")]],
    ["CN=attacker,OU=x\\2CCN=victim", [rdn("CN", "attacker"), rdn("OU", "x,CN=victim")]],
    ["CN=a\\0Ab\\00c\\7F", [rdn("CN", "a\nb\0c\x7f")]],
    ["CN=", [rdn("CN", "")]],
    ["CN=,O=", [rdn("CN", ""), rdn("O", "")]],
    ["CN= a ", [rdn("CN", " a ")]],
    ["CN=\\EF\\BB\\BFapp", [rdn("CN", "\ufeffapp")]],
    ["cn=x,2.5.4.3=y", [rdn("cn", "x"), rdn("2.5.4.3", "y")]],
    ["emailAddress=a@b.c,dnQualifier=q", [rdn("emailAddress", "a@b.c"), rdn("dnQualifier", "q")]],
    ["CN=v+OU=x,C=DE", [[...rdn("CN", "v"), ...rdn("OU", "x")], rdn("C", "DE")]],
    ["1.2.3.4=#0C0568656C6C6F", [[{ type: "1.2.3.4", value: undefined, hex: "0C0568656C6C6F" }]]],
    ["CN=#0c0161", [[{ type: "CN", value: undefined, hex: "0C0161" }]]],
  ])("%j", (text, name) => {
    expect(parseName(text)).toEqual(name);
  });
});

describe("parseName refuses", () => {
  test.each<[what: string, text: string]>([
    ["a segment without '='", "CN"],
    ["a later segment without '='", "CN=a, b"],
    ["a trailing comma", "CN=x,"],
    ["a leading comma", ",CN=x"],
    ["an empty segment", "CN=x,,O=y"],
    ["a trailing plus", "CN=x+"],
    ["an empty part of an RDN", "CN=x++OU=y"],
    ["an empty type", "=x"],
    ["an empty later type", "CN=x,=y"],
    ["a dangling backslash", "CN=x\\"],
    ["a dangling backslash behind an escaped one", "CN=x\\\\\\"],
    ["half a hex pair", "CN=x\\C"],
    ["a hex pair cut by a comma", "CN=x\\C,O=y"],
    ["a backslash before a plain character", "CN=\\x"],
    ["a backslash before a character beyond ASCII", "CN=\\ü"],
    ["whitespace before a type", " CN=x"],
    ["whitespace before a later type", "CN=x, O=y"],
    ["whitespace behind a type", "CN =x"],
    ["whitespace before a type in an RDN", "CN=x+ OU=y"],
    ["the slash form", "/C=DE/CN=x"],
    ["an escaped type", "C\\4E=x"],
    ["a quoted value", 'CN="a, b"'],
    ["a quote inside a value", 'CN=a"b'],
    ["a bare semicolon", "CN=a;O=b"],
    ["bare angle brackets", "CN=<a>"],
    ["'#' without hex", "CN=#"],
    ["'#' with half a byte", "CN=#0C0"],
    ["'#' with something else", "CN=#xyz"],
    ["'#' with an escape", "CN=#0C\\30"],
    ["broken UTF-8", "CN=\\C3"],
    ["an overlong encoding", "CN=\\C0\\AFx"],
    ["an encoded surrogate", "CN=\\ED\\A0\\80"],
    ["a sequence of UTF-8 cut by a character", "CN=\\C3x\\BC"],
    ["a lone surrogate", "CN=a\ud800"],
    ["a lone surrogate beside an escape", "CN=\\,\ud800"],
  ])("%s: %j", (_, text) => {
    expect(() => parseName(text)).toThrow(NameError);
  });

  test("without repeating the text in the message", () => {
    expect(() => parseName("CN=secret, b")).toThrow(/^an attribute type has an illegal character at offset 10$/);
  });
});

describe("commonName", () => {
  test.each([
    ["CN=my-app", "my-app"],
    ["O=x,CN=my-app,C=DE", "my-app"],
    ["CN=attacker,OU=x\\,CN=victim", "attacker"],
    ["CN=victim=evil", "victim=evil"],
    ["CN=a\\, b", "a, b"],
    ["CN= std", " std"],
    ["CN=\\EF\\BB\\BFapp", "\ufeffapp"],
    ["CN=e\\CC\\81", "e\u0301"],
    ["CN=x,OU=a+O=b", "x"],
    ["CN=x,cn=y,2.5.4.3=z", "x"],
    ["CN=x,OU=#0C0161", "x"],
  ])("of %j is %j", (text, expected) => {
    expect(commonName(parseName(text))).toBe(expected);
  });

  test.each([
    ["no name", ""],
    ["no CN", "OU=x,O=y"],
    ["two CNs", "CN=a,CN=b"],
    ["the same CN twice", "CN=a,CN=a"],
    ["a CN in a multi-valued RDN", "CN=v+OU=x"],
    ["a second CN in a multi-valued RDN", "CN=a,OU=x+CN=b"],
    ["two CNs in one RDN", "CN=a+CN=b"],
    ["an opaque CN", "CN=#0C0161"],
    ["an opaque CN beside a readable one", "CN=a,CN=#0C0161"],
    ["an empty CN", "CN="],
    ["a line break", "CN=a\\0Ab"],
    ["a NUL", "CN=std\\00"],
    ["DEL", "CN=a\\7F"],
    ["a C1 control character", "CN=a\\C2\\85b"],
    ["only a lower-case type", "cn=a"],
    ["only an OID as type", "2.5.4.3=a"],
  ])("refuses %s: %j", (_, text) => {
    expect(() => commonName(parseName(text))).toThrow(NameError);
  });
});

test("parseName agrees with the grammar, written as one regular expression, on random texts", () => {
  const random = seeded(20260321);
  const pieces = [
    ...'\\\\\\,,++==##"; <>',
    "\\C3\\BC",
    "\\2C",
    "\\,",
    "CN=",
    "OU=x",
    "#0C0161",
    "ü",
    "\0",
    "😀",
    "\ud83d",
  ];
  const start = [
    "CN=my-app,OU=group,O=tenant,C=DE",
    "CN=a\\, b+O=M\\C3\\BCller,1.2.3=#0C0161",
    "CN=\\ x\\ ,L=\\\\",
    "",
  ];
  let valid = 0;
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const text = mutated(random.pick(start), random, pieces);
    const expected = reference(text);
    let actual: Name | undefined;
    try {
      actual = parseName(text);
    } catch (error) {
      expect(error).toBeInstanceOf(NameError);
    }
    expect(actual, JSON.stringify(text)).toEqual(expected);
    if (actual === undefined) continue;
    valid++;
    expect(parseName(formatName(actual)), JSON.stringify(text)).toEqual(actual);
  }
  expect(valid).toBeGreaterThan(rounds / 20);
  expect(valid).toBeLessThan(rounds * 0.95);
});

test("parseName takes a long text in stride", () => {
  const size = 500_000;
  expect(parseName(`CN=${"\\,".repeat(size)}`)[0]?.[0]?.value).toHaveLength(size);
  expect(parseName(`CN=a${",CN=a".repeat(size / 10)}`)).toHaveLength(size / 10 + 1);
  expect(() => parseName("C".repeat(size))).toThrow(NameError);
  expect(() => parseName(`CN=${"\\".repeat(size + 1)}`)).toThrow(NameError);
});

/** Slow and plain: the whole text must match, then it is taken apart by the same expressions. */
function reference(text: string): Name | undefined {
  const value = String.raw`#(?:[0-9A-Fa-f]{2})+|(?!#)(?:[^",+;<>\\]|\\[",+;<>\\#= ]|\\[0-9A-Fa-f]{2})*`;
  const attribute = `[A-Za-z0-9._-]+=(?:${value})`;
  const rdn = String.raw`${attribute}(?:\+${attribute})*`;
  if (text === "") return [];
  if (!new RegExp(`^${rdn}(?:,${rdn})*$`).test(text) || !text.isWellFormed()) return undefined;
  const name = text.match(new RegExp(rdn, "g"))?.map((part) =>
    (part.match(new RegExp(attribute, "g")) ?? []).map((pair) => {
      const equals = pair.indexOf("=");
      const [type, raw] = [pair.slice(0, equals), pair.slice(equals + 1)];
      if (raw.startsWith("#")) return { type, value: undefined, hex: raw.slice(1).toUpperCase() };
      const bytes = raw.replace(/\\([0-9A-Fa-f]{2}|.)|[^\\]+/gs, (whole, escaped?: string) => {
        if (escaped?.length === 2) return `${escaped} `;
        return `${Buffer.from(escaped ?? whole).toString("hex")} `;
      });
      return { type, value: Buffer.from(bytes.replaceAll(" ", ""), "hex") };
    }),
  );
  const broken = name?.some((part) => part.some(({ value }) => value !== undefined && !isUtf8(value)));
  if (broken) return undefined;
  return name?.map((part) => part.map((pair) => ({ ...pair, value: pair.value?.toString("utf8") })));
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
}
