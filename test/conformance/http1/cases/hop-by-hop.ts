import { type Case, chunked, get, post, refused, type Seen, served, text } from "../case.ts";

const absent =
  (...names: string[]) =>
  ({ headers }: Seen): string | undefined =>
    headers
      .filter(([name]) => names.includes(name.toLowerCase()))
      .map(([name, value]) => `it was told of ${name}: ${value}`)[0];

const present =
  (name: string, value: string) =>
  ({ headers }: Seen): string | undefined =>
    headers.some(([given, said]) => given.toLowerCase() === name && said === value)
      ? undefined
      : `it was not told of ${name}: ${value}`;

const one = served([["first", ""]]);
const oneThenClosed = served([["first", ""]], "closed");

/** Headers that a client may not take away by naming them in `Connection`. */
const nominated = ["Content-Length", "Transfer-Encoding", "Host", "X-Forwarded-For", "close-not", "te"];

const nominations: readonly Case[] = nominated.flatMap((name): Case[] => [
  {
    title: `Connection: ${name} and a body of known length`,
    bytes: post(`Connection: ${name}\r\nContent-Length: 5\r\n`, "hello"),
    right: served([["first", "hello"]]),
  },
  {
    title: `Connection: ${name} and a chunked body`,
    bytes: post(`Connection: ${name}\r\nTransfer-Encoding: chunked\r\n`, chunked("hello")),
    right: served([["first", "hello"]]),
  },
]);

const expectations: readonly Case[] = [["100-continue"], ["100-Continue"], [" 100-continue ", "with blanks"]].map(
  ([value = "", how = value]): Case => ({
    title: `Expect: ${how}`,
    bytes: post(`Expect: ${value}\r\nContent-Length: 5\r\n`, ""),
    steps: [{ after: "sent", send: () => "hello" }],
    right: served([["first", "hello"]]),
  }),
);

const unknownExpectations: readonly Case[] = [
  ["of something else", "200-ok"],
  ["of two things", "100-continue, 200-ok"],
  ["of nothing", ""],
  ["with more behind it", "100-continuex"],
].map(
  ([title = "", value = ""]): Case => ({
    title: `Expect ${title}`,
    bytes: post(`Expect: ${value}\r\nContent-Length: 5\r\n`, "hello"),
    right: [
      ...served([["first", "hello"]]),
      ...served([["first", "hello"]], "closed"),
      { answers: [417], after: "closed", target: [] },
      { answers: [417], after: "open", target: [] },
    ],
    check: absent("expect"),
  }),
);

const toWebSocket =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n";

/** Who follows an upgrade that was not granted lets the client write to the target past all rules. */
const upgrades: readonly Case[] = [
  {
    title: "an upgrade to HTTP/2 without TLS is not passed on",
    target: "switches",
    bytes: get("first", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
    right: [...one, ...oneThenClosed],
    check: absent("upgrade", "http2-settings"),
  },
  {
    title: "an upgrade to HTTP/2 that only Connection: Upgrade announces is not passed on",
    target: "switches",
    bytes: get("first", "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
    right: [...one, ...oneThenClosed],
    check: absent("upgrade"),
  },
  {
    title: "an Upgrade that Connection does not name is none",
    target: "switches",
    bytes: get("first", "Upgrade: websocket\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"),
    right: [...one, ...oneThenClosed],
    check: absent("upgrade"),
  },
  {
    title: "an Upgrade in a request with a body is none",
    target: "switches",
    bytes: post("Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n", "hello"),
    right: [...served([["first", "hello"]]), ...served([["first", "hello"]], "closed")],
    check: absent("upgrade"),
  },
  {
    title: "an Upgrade of HTTP/1.0 is none",
    target: "switches",
    bytes: get("first", "Connection: Upgrade\r\nUpgrade: websocket\r\n", "HTTP/1.0"),
    right: served([["first", ""]], "closed"),
    check: absent("upgrade"),
  },
  {
    title: "what follows an upgrade that the target refuses is judged like all else",
    target: "refuses upgrades",
    bytes: (at) => `${text(get("first", toWebSocket), at)}GET /smuggled-past-all-rules HTTP/1.1\r\nHost: h\r\n\r\n`,
    right: [
      { answers: ["served", "any"], after: "open", target: [["first", ""]] },
      { answers: ["served", "any"], after: "closed", target: [["first", ""]] },
      { answers: ["served"], after: "closed", target: [["first", ""]] },
    ],
  },
  {
    title: "what follows an upgrade that the target grants as another one reaches nobody",
    target: "switches",
    bytes: (at) => `${get("first", toWebSocket)(at)}GET /smuggled-past-all-rules HTTP/1.1\r\nHost: h\r\n\r\n`,
    right: [
      { answers: [502], after: "closed", target: [["first", ""]] },
      { answers: ["served", "any"], after: "open", target: [["first", ""]] },
      { answers: ["served"], after: "closed", target: [["first", ""]] },
    ],
  },
];

export const hopByHop: readonly Case[] = [
  ...nominations,
  ...expectations,
  ...unknownExpectations,
  ...upgrades,
  {
    title: "Expect: 100-continue without a body",
    bytes: get("first", "Expect: 100-continue\r\n"),
    right: one,
  },
  {
    title: "Expect: 100-continue from a client of HTTP/1.0",
    bytes: (at) =>
      `POST ${at.path("first")} HTTP/1.0\r\n${at.head}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`,
    right: [...served([["first", "hello"]], "closed"), ...refused],
    check: absent("expect"),
  },
  {
    title: "TE: trailers, as Connection names it, is all that is passed on of TE",
    bytes: get("first", "Connection: TE\r\nTE: gzip, trailers, deflate;q=0.5\r\n"),
    right: one,
    check: (seen) =>
      seen.headers.some(([name, value]) => name.toLowerCase() === "te" && value !== "trailers")
        ? "it was told of more"
        : undefined,
  },
  {
    title: "headers for the next hop only stay with it",
    bytes: get(
      "first",
      "Keep-Alive: timeout=99\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\n",
    ),
    right: one,
    check: absent("keep-alive", "proxy-connection", "proxy-authorization"),
  },
  {
    title: "headers that Connection names stay here, in any case and with blanks around",
    bytes: get("first", "X-Mine: 1\r\nX-Other: 2\r\nX-Kept: 3\r\nConnection: x-MINE ,\tX-Other\r\n"),
    right: one,
    check: (seen) => absent("x-mine", "x-other")(seen) ?? present("x-kept", "3")(seen),
  },
  {
    title: "a Connection of nothing but commas",
    bytes: get("first", "Connection: ,,, ,\r\nX-Kept: 3\r\n"),
    right: one,
    check: present("x-kept", "3"),
  },
  {
    title: "Connection lines by the hundred",
    bytes: get("first", `${"Connection: a, b, c\r\n".repeat(200)}X-Kept: 3\r\n`),
    right: one,
    check: present("x-kept", "3"),
  },
];
