import { applications, services } from "./configurations.ts";
import type { Random } from "./random.ts";

const methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "PROPFIND", "TRACE"];
const odd = [
  "..",
  ".",
  "%2e%2e",
  "%2F",
  "%00",
  "%zz",
  ";a=b",
  ":",
  "a b",
  "\u00e4",
  "%E2%82%AC",
  "[x]",
  "{|}",
  "\\",
  "'",
];
const normalised = services.map((name) =>
  name
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase()
    .replace(/-$/, "")
    .slice(0, 57)
    .replace(/^-/, ""),
);

/** The bytes of one connection's requests (latin1): mostly what a client would send, and then bent. */
export function someBytes(random: Random): string {
  const requests = Array.from({ length: random.chance(0.15) ? 3 : 1 }, () => request(random)).join("");
  return random.chance(0.3) ? bent(requests, random) : requests;
}

function request(random: Random): string {
  const body = random.bytes(random.pick([0, 0, 1, 20, 500, 20_000, 120_000]));
  const lines = [
    `${random.chance(0.97) ? random.pick(methods) : random.pick(["CONNECT", "FOO"])} ${target(random)} HTTP/1.${random.chance(0.95) ? 1 : 0}`,
    "Host: gateway",
    ...Array.from({ length: random.below(5) }, () => field(random)),
  ];
  if (body === "") return `${lines.join("\r\n")}\r\n\r\n`;
  if (random.chance(0.5)) return `${lines.join("\r\n")}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const middle = random.below(body.length) + 1;
  const chunks = [body.slice(0, middle), body.slice(middle)].filter((chunk) => chunk !== "");
  const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");
  return `${lines.join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`;
}

function target(random: Random): string {
  const name = random.chance(0.97) ? random.pick(applications) : random.word(5);
  const rest = Array.from({ length: random.below(4) }, () =>
    random.chance(0.1) ? random.pick([...odd, random.word(4)]) : random.pick(["x", "e", "echo", "sink", ""]),
  );
  const query = random.chance(0.3) ? `?${random.pick(["a=1&b=2", "%zz", "a=%zz;b", "=", "?", random.word(9)])}` : "";
  const service = random.chance(0.8) ? "s" : random.pick(normalised);
  return `/${[name, service, ...rest].join("/")}${query}`;
}

function field(random: Random): string {
  return random.pick([
    "Connection: keep-alive, X-Mine",
    "Connection: close",
    "Connection: Authorization, Host",
    "Expect: 100-continue",
    "TE: trailers, gzip",
    "Access-Token: Bearer external",
    "X-User-Token: a.user.token",
    "Authorization: Bearer a-user-token",
    "Authorization: Basic eDp5",
    "X-CSRF-Token: mine",
    "Cookie: SESSION=1; a=b",
    "Upgrade: websocket",
    "X-Forwarded-For: 1.2.3.4",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "traceparent: 00-zz-01",
    "X-Request-Id: a\tb",
    `X-${random.word(3).replaceAll(/[^A-Za-z0-9]/g, "")}: ${random.word(random.below(40))}`,
    `X-Long: ${"y".repeat(random.below(30_000))}`,
  ]);
}

/** Bytes that are lost, doubled, moved or changed. */
function bent(bytes: string, random: Random): string {
  let result = bytes;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    // Mostly in the head, where it matters.
    const at = random.below(random.chance(0.8) ? Math.min(result.length, 300) : result.length);
    const length = 1 + random.below(6);
    const [before, cut, after] = [result.slice(0, at), result.slice(at, at + length), result.slice(at + length)];
    result = random.pick([
      before + after,
      before + cut + cut + after,
      before + random.bytes(length) + after,
      `${before}${random.pick(["\r\n", "\n", "\r", "\0", ":", " ", "\r\n\r\n"])}${cut}${after}`,
      before,
    ]);
  }
  return result;
}
