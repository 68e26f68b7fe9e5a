import { describe, expect, test } from "vitest";
import { formatXfcc, parseXfcc, type XfccElement, XfccError } from "./index.ts";
import { mutated, seeded } from "./random.test-data.ts";

const HASH = "468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688";
const none: XfccElement = { by: [], uri: [], dns: [] };
const typical = [
  `Hash=${HASH};Cert="-----BEGIN%20CERTIFICATE-----%0A";Subject="CN=my-app,OU=group,O=tenant,L=Waldorf,ST=Waldorf,C=DE";URI=`,
  `By=spiffe://cluster.local/ns/kyma-system/sa/validator;Hash=${HASH};Subject="";URI=spiffe://cluster.local/ns/istio-system/sa/gateway`,
].join(",");

describe("parseXfcc reads", () => {
  test("what a gateway and a sidecar write", () => {
    expect(parseXfcc(typical)).toEqual([
      {
        by: [],
        hash: HASH,
        cert: "-----BEGIN%20CERTIFICATE-----%0A",
        subject: "CN=my-app,OU=group,O=tenant,L=Waldorf,ST=Waldorf,C=DE",
        uri: [""],
        dns: [],
      },
      {
        by: ["spiffe://cluster.local/ns/kyma-system/sa/validator"],
        hash: HASH,
        subject: "",
        uri: ["spiffe://cluster.local/ns/istio-system/sa/gateway"],
        dns: [],
      },
    ]);
  });

  test.each<[what: string, value: string, elements: XfccElement[]]>([
    ["one pair", "Hash=ab", [{ ...none, hash: "ab" }]],
    ["a certificate without a subject", 'Hash=hash1;Cert="cert"', [{ ...none, hash: "hash1", cert: "cert" }]],
    ["a chain", 'Chain="a%2Cb"', [{ ...none, chain: "a%2Cb" }]],
    [
      "keys in any case",
      'hASH=ab;SUBJECT="x";uri=u;dns=d;bY=b;cert="c";chain="h"',
      [{ by: ["b"], hash: "ab", subject: "x", uri: ["u"], dns: ["d"], cert: "c", chain: "h" }],
    ],
    [
      "several By, URI and DNS",
      "By=a;By=b;URI=c;URI=d;DNS=e;DNS=f",
      [{ by: ["a", "b"], uri: ["c", "d"], dns: ["e", "f"] }],
    ],
    ["empty bare values", "Hash=;By=;URI=;DNS=", [{ by: [""], hash: "", uri: [""], dns: [""] }]],
    ["empty quoted values", 'Subject="";Cert="";Chain=""', [{ ...none, subject: "", cert: "", chain: "" }]],
    ["separators inside quotes", 'Subject="CN=a,O=b;c";URI=u', [{ ...none, subject: "CN=a,O=b;c", uri: ["u"] }]],
    [
      "escapes, verbatim",
      String.raw`Subject="CN=say \"hi\"\, \\"`,
      [{ ...none, subject: String.raw`CN=say \"hi\"\, \\` }],
    ],
    ["'=' inside values", 'URI=a=b;Subject="CN=c=d"', [{ ...none, uri: ["a=b"], subject: "CN=c=d" }]],
    ["a backslash in a bare value", "URI=a\\b", [{ ...none, uri: ["a\\b"] }]],
    [
      "a backslash at the end of a bare value",
      "URI=a\\,DNS=b",
      [
        { ...none, uri: ["a\\"] },
        { ...none, dns: ["b"] },
      ],
    ],
    ["a quoted URI", 'URI="a,b"', [{ ...none, uri: ["a,b"] }]],
    ["text that looks like a subject in a URI, as a URI", "URI=Subject=CN:std", [{ ...none, uri: ["Subject=CN:std"] }]],
    ["8 elements", Array(8).fill("Hash=a").join(","), Array(8).fill({ ...none, hash: "a" })],
    ["64 pairs", Array(64).fill("DNS=a").join(";"), [{ ...none, dns: Array(64).fill("a") }]],
  ])("%s", (_, value, elements) => {
    expect(parseXfcc(value)).toEqual(elements);
  });
});

describe("parseXfcc refuses", () => {
  test.each<[what: string, value: string]>([
    ["nothing", ""],
    ["only a comma", ","],
    ["only a semicolon", ";"],
    ["an unknown key", "Foo=bar"],
    ["a key that ends in a known one", 'XSubject="CN=std"'],
    ["a key that begins with a known one", 'Subjects="CN=std"'],
    ["an empty key", "=a"],
    ["a space before a key", " Hash=a"],
    ["a space behind a separator", "Hash=a; URI=b"],
    ["a space behind a comma", "Hash=a, Hash=b"],
    ["a space before '='", "Hash =a"],
    ["a space before a quote", 'Subject= "CN=std"'],
    ["a key with a look-alike of ASCII", 'ſubject="CN=std"'],
    ["a Kelvin sign in a key", "Haſh=a"],
    ["a missing '='", "Hash"],
    ["a missing '=' before a separator", "Hash;URI=a"],
    ["a bare subject", "Subject=CN:std"],
    ["an empty bare subject", "Subject="],
    ["a bare certificate", "Cert=abc"],
    ["a bare chain", "Chain=abc"],
    ["an unterminated quote", 'Subject="CN=std'],
    ["a quote that ends in an escape", 'Subject="CN=std\\"'],
    ["only an opening quote", 'Subject="'],
    ["a backslash as the last character", 'Subject="\\'],
    ["a quote inside a bare value", 'URI=a"b"'],
    ["a quote at the end of a bare value", 'URI=a"'],
    ["text behind a closing quote", 'Subject="CN=std"x'],
    ["a space behind a closing quote", 'Subject="CN=std" ;URI=a'],
    ["two quotes in a row", 'Subject="CN=a""CN=b"'],
    ["a trailing semicolon", "Hash=a;"],
    ["a trailing comma", "Hash=a,"],
    ["a leading comma", ",Hash=a"],
    ["a leading semicolon", ";Hash=a"],
    ["an empty element", "Hash=a,,Hash=b"],
    ["an empty pair", "Hash=a;;URI=b"],
    ["a space in a bare value", "URI=a b"],
    ["a tab in a bare value", "URI=a\tb"],
    ["a tab in quotes", 'Subject="CN=a\tb"'],
    ["a NUL", 'Subject="CN=std\0"'],
    ["DEL", 'Subject="CN=std\x7f"'],
    ["an octet beyond ASCII in quotes", 'Subject="CN=\u00c3\u00bc"'],
    ["an octet beyond ASCII behind a backslash", 'Subject="CN=\\\u00fc"'],
    ["a line break behind a backslash", 'Subject="CN=\\\n"'],
    ["an octet beyond ASCII in a bare value", "URI=\u00fc"],
    ["9 elements", Array(9).fill("Hash=a").join(",")],
    ["65 pairs", Array(65).fill("DNS=a").join(";")],
    ["65 pairs over all elements", Array(5).fill(Array(13).fill("DNS=a").join(";")).join(",")],
    ["a second subject, injected by a URI of the certificate", 'Subject="CN=a";URI=x;Subject="CN=std"'],
    ["a second subject, empty first", 'Subject="";Subject="CN=std"'],
    ["a second hash", "Hash=a;Hash=a"],
    ["a second hash, empty first", "Hash=;hash=a"],
    ["a second certificate", 'Cert="a";Cert="b"'],
    ["a second chain", 'Chain="a";Chain="b"'],
  ])("%s: %j", (_, value) => {
    expect(() => parseXfcc(value)).toThrow(XfccError);
  });

  test("without repeating the content in the message", () => {
    expect(() => parseXfcc('Subject="CN=personal"x')).toThrow(/^unexpected character after a value at offset 21$/);
  });
});

test("formatXfcc writes what was read", () => {
  expect(formatXfcc(parseXfcc(typical))).toBe(typical);
});

test("parseXfcc agrees with the grammar, written as one regular expression, on random texts", () => {
  const random = seeded(20260322);
  const pieces = [
    ...'\\\\""",,;;== \t',
    "\u00fc",
    "Hash=",
    'Subject="CN=a"',
    "URI=x",
    ',Subject="',
    ";DNS=",
    '\\"',
    ",By=b",
  ];
  const start = [
    'Hash=ab;Subject="CN=a\\, b,O=\\"x\\"";URI=,By=spiffe://c;Hash=cd;Subject="";URI=spiffe://d',
    'Hash=ab;Cert="a%20b";Chain="c";Subject="CN=a";URI=u;DNS=a.b;DNS=c.d',
    "Hash=a,Hash=b,Hash=c,Hash=d,Hash=e,Hash=f,Hash=g",
    Array(61).fill("DNS=a").join(";"),
  ];
  let valid = 0;
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const value = mutated(random.pick(start), random, pieces);
    let actual: XfccElement[] | undefined;
    try {
      actual = parseXfcc(value);
    } catch (error) {
      expect(error).toBeInstanceOf(XfccError);
    }
    expect(actual, JSON.stringify(value)).toEqual(reference(value));
    if (actual !== undefined) valid++;
  }
  expect(valid).toBeGreaterThan(rounds / 20);
  expect(valid).toBeLessThan(rounds * 0.95);
});

test("parseXfcc takes a long value in stride", () => {
  const size = 500_000;
  expect(parseXfcc(`Cert="${'\\"'.repeat(size)}"`)[0]?.cert).toHaveLength(2 * size);
  for (const hostile of ["=", ",", ";", '"', "\\", 'Subject="', "Hash", 'Subject="";', "DNS=a;"]) {
    expect(() => parseXfcc(hostile.repeat(size))).toThrow(XfccError);
    expect(() => parseXfcc(`Subject="${hostile.repeat(size)}`)).toThrow(XfccError);
  }
});

/** Slow and plain: the grammar of the specification, then the counts. */
function reference(value: string): XfccElement[] | undefined {
  const quoted = String.raw`"(?:[\x20-\x21\x23-\x5B\x5D-\x7E]|\\[\x20-\x7E])*"`;
  const bare = String.raw`[\x21\x23-\x2B\x2D-\x3A\x3C-\x7E]*`;
  const pair = `(?:[cC][eE][rR][tT]|[cC][hH][aA][iI][nN]|[sS][uU][bB][jJ][eE][cC][tT])=${quoted}|(?:[bB][yY]|[hH][aA][sS][hH]|[uU][rR][iI]|[dD][nN][sS])=(?:${quoted}|${bare})`;
  const element = `(?:${pair})(?:;(?:${pair}))*`;
  if (!new RegExp(`^(?:${element})(?:,(?:${element}))*$`).test(value)) return undefined;
  const elements = (value.match(new RegExp(element, "g")) ?? []).map((part) => {
    const pairs = (part.match(new RegExp(pair, "g")) ?? []).map((text) => {
      const equals = text.indexOf("=");
      const raw = text.slice(equals + 1);
      return [text.slice(0, equals).toLowerCase(), raw.startsWith('"') ? raw.slice(1, -1) : raw] as const;
    });
    return pairs;
  });
  if (elements.length > 8 || elements.flat().length > 64) return undefined;
  const single = ["hash", "cert", "chain", "subject"];
  if (elements.some((pairs) => single.some((key) => pairs.filter(([name]) => name === key).length > 1)))
    return undefined;
  const all = (pairs: readonly (readonly [string, string])[], key: string) =>
    pairs.filter(([name]) => name === key).map(([, text]) => text);
  return elements.map((pairs) => ({
    by: all(pairs, "by"),
    uri: all(pairs, "uri"),
    dns: all(pairs, "dns"),
    ...Object.fromEntries(pairs.filter(([name]) => single.includes(name))),
  }));
}
