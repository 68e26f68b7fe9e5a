import type { Random } from "../../application-gateway/fuzz/random.ts";

/** Lines that are right, and go with requests and responses alike. */
const plain = [
  "Accept: */*",
  "accept-ENCODING: gzip, br",
  "X-Empty:",
  "X-Blank: \t ",
  "X-Spaces: \t a  b \t",
  "X_Under_Score: 1",
  "x-high: \xe4\xf6\xfc\xff",
  "X-Tab: a\tb",
  "X-Twice: 1",
  "X-Twice: 2",
  "x-twice: 3",
  "Cookie: a=1; b=2",
  "Cookie: c=3",
  "Set-Cookie: a=1; Path=/",
  "Set-Cookie: b=2",
  "set-cookie: a=1; Path=/",
  "Date: Thu, 01 Jan 1970 00:00:00 GMT",
  "Content-Type: text/plain; charset=utf-8",
  'Content-Disposition: attachment; filename="\xe4.txt"',
  "Cache-Control: no-store",
  "Via: 1.0 somebody",
  "Server: x",
  "Forwarded: for=1.2.3.4",
  "X-Forwarded-For: 1.2.3.4",
  "Keep-Alive: timeout=5, max=100",
  "Keep-Alive: timeout=1",
  "Keep-Alive: timeout=0",
  "Keep-Alive: x",
  "Proxy-Connection: keep-alive",
  "Proxy-Authenticate: Basic",
  "Proxy-Authorization: Basic eDp5",
  "TE: trailers",
  "TE: gzip, trailers;q=0.5",
  "te: gzip",
  "Trailer: X-Checksum",
  "Connection: keep-alive",
  "Connection: close",
  "connection: KEEP-ALIVE",
  "Connection: X-Twice, keep-alive",
  "Connection: close, x-high",
  "Connection: content-length",
  "Connection: ,",
  "Connection:",
  "Upgrade: h2c",
  "Upgrade: websocket",
  "Warning: 199 - x",
  "__proto__: x",
  "constructor: y",
  "1: 2",
  "!#$%&'*+-.^_`|~: token",
];

/** Lines that are wrong, or nearly so. */
const odd = [
  "X-Folded: a\r\n b",
  "X-Folded: a\r\n\tb",
  " X-Leading: space",
  "X-Trailing : space",
  "X-Tab\t: x",
  "No colon",
  ": no name",
  "X-Bare: a\nX-More: b",
  "X-Return: a\rb",
  "X-Nul: a\0b",
  "X-Control: a\x01b",
  "X-Delete: a\x7fb",
  "X-Na\xefme: x",
  "X(): x",
  "X-\u0001: x",
  "\r",
  "Content-Length : 5",
  "Transfer-Encoding\t: chunked",
];

/** Some header lines, none of which frames the message. */
export function someFields(random: Random, oddPart: number): string[] {
  const lines = Array.from({ length: random.pick([0, 0, 1, 2, 3, 6]) }, () => random.pick(plain));
  if (random.chance(oddPart)) lines.splice(random.below(lines.length + 1), 0, random.pick(odd));
  if (random.chance(0.02)) lines.push(`X-Long: ${"y".repeat(random.pick([1_000, 8_000, 15_000, 17_000]))}`);
  if (random.chance(0.01)) lines.push(...Array.from({ length: 200 }, (_, index) => `X-Many-${index}: ${index}`));
  return lines;
}

/** Lines that frame a message in a way on which two readers may disagree. */
export function oddFraming(random: Random, length: number): string[] {
  const n = String(length);
  const lengths = [
    `Content-Length: ${n}`,
    `content-length: ${n}`,
    `Content-Length: ${length + 1}`,
    `Content-Length: ${Math.max(0, length - 1)}`,
    `Content-Length: +${n}`,
    `Content-Length: -${n}`,
    `Content-Length: 0${n}`,
    `Content-Length: ${n}, ${n}`,
    `Content-Length: ${n};`,
    `Content-Length: 0x${n}`,
    `Content-Length: ${n} ${n}`,
    `Content-Length: \t${n} `,
    `Content-Length:\r\n ${n}`,
    "Content-Length:",
    "Content-Length: 99999999999999999999",
    "Content-Length: 9007199254740993",
    "Content-Length: 1e1",
    "Content-Length: 5.0",
  ];
  const codings = [
    "Transfer-Encoding: chunked",
    "transfer-encoding: Chunked",
    "Transfer-Encoding: chunked ",
    "Transfer-Encoding:\tchunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, gzip",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: chunked;a=b",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\0",
    "Transfer-Encoding:",
    "Transfer-Encoding: ,chunked",
    'Transfer-Encoding: "chunked"',
    "Transfer-Encoding:\r\n chunked",
    "Transfer_Encoding: chunked",
  ];
  return random.pick([
    [random.pick(lengths)],
    [random.pick(codings)],
    [random.pick(lengths), random.pick(lengths)],
    [random.pick(lengths), random.pick(codings)],
    [random.pick(codings), random.pick(lengths)],
    [random.pick(codings), random.pick(codings)],
    [],
  ]);
}
