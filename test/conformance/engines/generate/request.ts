import type { Random } from "../../application-gateway/fuzz/random.ts";
import { chunked, content } from "./bytes.ts";
import { oddFraming, someFields } from "./fields.ts";

/** Where the listener expects requests: the path that leads to the target, and the lines that all requests need. */
export interface Entrance {
  readonly prefix: string;
  readonly head: string;
  /** What is asked for most: a gateway takes every method, others take POST. */
  readonly methods: readonly string[];
}

export interface GeneratedRequest {
  readonly method: string;
  readonly head: string;
  readonly body: string;
  /** Nothing about it is wrong, as far as the generator knows. */
  readonly isPlain: boolean;
  readonly expectsContinue: boolean;
  readonly isUpgrade: boolean;
}

const otherMethods = ["CONNECT", "PRI", "SOURCE", "get", "FOO", "G@T", "", "M-SEARCH", "QUERY", "X".repeat(100)];
const versions = [
  "HTTP/1.0",
  "HTTP/1.0",
  "HTTP/1.2",
  "HTTP/2.0",
  "HTTP/0.9",
  "http/1.1",
  "HTTP/1.1 ",
  "HTTP/11",
  "HTTP/1.",
  "",
];
const hosts = [
  "",
  "Host:\r\n",
  "Host: a\r\nHost: b\r\n",
  "Host: a b\r\n",
  "host: h:80\r\n",
  "Host: h/x\r\n",
  "Host: \xff\r\n",
];

export function generateRequest(
  random: Random,
  { prefix, head, methods }: Entrance,
  isLast: boolean,
): GeneratedRequest {
  const isOdd = random.chance(0.3);
  const method = isOdd && random.chance(0.15) ? random.pick(otherMethods) : random.pick(methods);
  const version = isOdd && random.chance(0.15) ? random.pick(versions) : "HTTP/1.1";
  const target = targetFor(random, prefix, isOdd);
  const lines = someFields(random, isOdd ? 0.3 : 0);
  const length = random.chance(0.55) ? 0 : random.pick([1, 5, 26, 300, 5_000, 16_384, 16_385, 70_000, 300_000]);
  let body = content(random, length);
  let expectsContinue = false;
  let isUpgrade = false;
  if (isOdd && random.chance(0.4)) {
    lines.push(...oddFraming(random, length));
    if (random.chance(0.5)) body = chunked(body, random, { odd: 0.3, trailers: [] });
  } else if (length > 0 && random.chance(0.5)) lines.push(`Content-Length: ${length}`);
  else if (length > 0) {
    lines.push("Transfer-Encoding: chunked");
    const trailers = random.chance(0.2) ? someFields(random, isOdd ? 0.2 : 0).slice(0, 2) : [];
    body = chunked(body, random, { odd: isOdd ? 0.5 : 0, trailers });
  } else if (random.chance(0.1)) lines.push(random.pick(["Content-Length: 0", "content-length: 00"]));
  if (random.chance(length > 0 ? 0.08 : 0.02)) {
    expectsContinue = true;
    lines.push(random.pick(["Expect: 100-continue", "expect: 100-Continue", "Expect: x", "Expect: 100-continue, x"]));
  }
  if (isLast && length === 0 && random.chance(0.05)) {
    isUpgrade = true;
    lines.push("Connection: Upgrade", random.pick(["Upgrade: websocket", "Upgrade: a/1, b", "upgrade: h2c"]));
  }
  if (random.chance(0.8)) lines.push("X-Request-Id: given");
  shuffle(lines, random);
  const host = isOdd && random.chance(0.1) ? random.pick(hosts) : head;
  const lineEnd = isOdd && random.chance(0.05) ? "\n" : "\r\n";
  const between = isOdd && random.chance(0.05) ? random.pick(["  ", "\t", ""]) : " ";
  const before = random.chance(0.02) ? random.pick(["\r\n", "\r\n\r\n", "\n", " ", "\r"]) : "";
  const start = `${before}${method}${between}${target} ${version}${lineEnd}`;
  const text = `${start}${host}${lines.map((line) => line + lineEnd).join("")}${lineEnd}`;
  return { method, head: text, body, isPlain: !isOdd && before === "", expectsContinue, isUpgrade };
}

function targetFor(random: Random, prefix: string, isOdd: boolean): string {
  const query = random.chance(0.2) ? random.pick(["?", "?a=1&b=2", "?%zz", "?a?b", "?\\", "?{}|^`"]) : "";
  const rest = random.pick(["/a", "/a/b/", "/", "", "/%2F%41", "/a;b=c", "/..", "//x", "/'()*!$", "/%e4"]);
  const path = `${prefix}${rest}${query}`;
  if (!isOdd || random.chance(0.7)) return path;
  return random.pick([
    `http://h${path}`,
    `http://other:1${path}`,
    `HTTP://h${path}`,
    `https://u:p@h${path}`,
    `ftp://h${path}`,
    "*",
    "h:80",
    "/",
    "",
    "?",
    `${path}#fragment`,
    `${path} x`,
    `${path}\t`,
    `${path}\xe4`,
    `${path}\0`,
    `${path}\x7f`,
    `${path}"<>`,
    `${path}?${"q".repeat(random.pick([3_000, 17_000]))}`,
    path.slice(1),
  ]);
}

function shuffle(lines: string[], random: Random): void {
  for (let i = lines.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [lines[i], lines[j]] = [lines[j] as string, lines[i] as string];
  }
}
