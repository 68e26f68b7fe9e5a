import type { Random } from "../../application-gateway/fuzz/random.ts";
import type { Reply } from "../exchange.ts";
import { bent, chunked, content, cutsOf } from "./bytes.ts";
import { oddFraming, someFields } from "./fields.ts";

const usual = [200, 200, 200, 201, 202, 203, 206, 301, 302, 400, 404, 409, 422, 500];
const statuses = [204, 205, 207, 226, 300, 303, 304, 307, 308, 401, 402, 403, 405, 407, 408, 410, 413, 417, 421, 425];
const moreStatuses = [426, 428, 429, 431, 451, 499, 501, 502, 503, 504, 505, 511, 599, 600, 700, 999];
const oddStatuses = ["099", "000", "20", "2000", "abc", "", "-200", "101", "1 0"];
const reasons = ["OK", "Whatever It Is", "", "OK\t\xe4", "x".repeat(300)];
const versions = [
  "HTTP/1.0",
  "HTTP/1.0",
  "HTTP/1.2",
  "HTTP/2.0",
  "HTTP/0.9",
  "http/1.1",
  "HTTP/1.1 ",
  "ICY",
  "HTTQ/1.1",
];

/** What a target says to one request; `early` when the request's end is not to be waited for. */
export function generateReply(random: Random, method: string, early: boolean): Reply {
  const isOdd = random.chance(0.3);
  const status = statusFor(random, isOdd);
  const lines = someFields(random, isOdd ? 0.3 : 0);
  const length = random.pick([0, 0, 1, 5, 26, 300, 5_000, 16_384, 16_385, 70_000, 300_000]);
  const hasNoBody = method === "HEAD" || status === "204" || status === "304" || status.startsWith("1");
  let body = content(random, length);
  let endsByClose = false;
  if (isOdd && random.chance(0.4)) {
    lines.push(...oddFraming(random, length));
    if (random.chance(0.5)) body = chunked(body, random, { odd: 0.5, trailers: [] });
    endsByClose = random.chance(0.3);
  } else if (random.chance(0.5)) lines.push(`Content-Length: ${length}`);
  else if (random.chance(0.6)) {
    lines.push("Transfer-Encoding: chunked");
    const trailers = random.chance(0.3) ? someFields(random, isOdd ? 0.2 : 0).slice(0, 3) : [];
    body = chunked(body, random, { odd: isOdd ? 0.5 : 0, trailers });
  } else if (!hasNoBody) endsByClose = true;
  // What may have no body has none, but for those that get it wrong.
  if (hasNoBody && !random.chance(0.15)) body = "";
  if (random.chance(0.15)) lines.push("Location: /elsewhere");
  if (random.chance(0.05)) lines.push("Retry-After: 1");
  const version = isOdd && random.chance(0.2) ? random.pick(versions) : "HTTP/1.1";
  const lineEnd = isOdd && random.chance(0.05) ? "\n" : "\r\n";
  const reason = random.chance(0.1) ? random.pick(reasons) : "OK";
  const space = random.chance(0.02) ? "" : " ";
  const head = `${version} ${status}${space}${reason}${lineEnd}${lines.map((line) => line + lineEnd).join("")}${lineEnd}`;
  let text = interim(random, isOdd) + head + body;
  if (random.chance(0.03))
    text += random.pick(["x", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad", "\r\n", "0\r\n\r\n"]);
  if (isOdd && random.chance(0.1)) text = bent(text, random);
  if (random.chance(0.06)) {
    // It breaks off somewhere, in the head as likely as in the body.
    const at = random.below(random.chance(0.5) ? Math.min(text.length, 150) : text.length);
    return {
      after: early ? "head" : "request",
      parts: pieces(text.slice(0, at), random),
      ending: random.pick(["end", "reset"]),
    };
  }
  const ending = endsByClose || random.chance(0.1) ? "end" : random.chance(0.03) ? "reset" : "keep";
  return { after: early ? "head" : "request", parts: pieces(text, random), ending };
}

/** What a target says that becomes something else. */
export function generateSwitch(random: Random): Reply {
  const protocol = random.pick(["websocket", "a/1", "b", "a/1, b", "WebSocket", "other", ""]);
  const lines = [
    ...(random.chance(0.9) ? ["Connection: Upgrade"] : []),
    `Upgrade: ${protocol}`,
    ...someFields(random, 0),
  ];
  const head = `HTTP/1.1 101 Switching Protocols\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
  const text = interim(random, false) + head;
  const bytes = content(random, random.pick([0, 3, 1_000, 70_000]));
  return {
    after: "request",
    parts: random.chance(0.5) ? [text + bytes] : [text, bytes],
    ending: random.pick(["keep", "keep", "end", "reset"]),
  };
}

function statusFor(random: Random, isOdd: boolean): string {
  if (isOdd && random.chance(0.1)) return random.pick(oddStatuses);
  return String(random.pick(random.pick([usual, statuses, moreStatuses])));
}

function interim(random: Random, isOdd: boolean): string {
  if (!random.chance(0.1)) return "";
  const statusesOf = ["100 Continue", "102 Processing", "103 Early Hints", "110 Whatever", "103"];
  const count = random.pick([1, 1, 2, 5]);
  return Array.from({ length: count }, () => {
    const lines = someFields(random, isOdd ? 0.2 : 0);
    if (random.chance(0.05)) lines.push("Content-Length: 3");
    return `HTTP/1.1 ${random.pick(statusesOf)}\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
  }).join("");
}

function pieces(text: string, random: Random): string[] {
  const cuts = [0, ...cutsOf(text, random), text.length];
  return cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
}
