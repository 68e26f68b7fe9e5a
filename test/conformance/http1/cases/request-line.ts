import { type Bytes, type Case, get, type Outcome, refused, type Seen, served, smuggled } from "../case.ts";

const line =
  (written: (path: string) => string): Bytes =>
  (at) =>
    `${written(at.path("first"))}${at.head}\r\n`;

/** Request lines that are none. */
const invalid: readonly (readonly [title: string, written: (path: string) => string])[] = [
  ["a tab before the target", (path) => `GET\t${path} HTTP/1.1\r\n`],
  ["a tab behind the target", (path) => `GET ${path}\tHTTP/1.1\r\n`],
  ["a blank behind the version", (path) => `GET ${path} HTTP/1.1 \r\n`],
  ["a blank before the method", (path) => ` GET ${path} HTTP/1.1\r\n`],
  ["a blank in the target", (path) => `GET ${path}/a b HTTP/1.1\r\n`],
  ["another version inside the target", (path) => `GET ${path} HTTP/1.1 HTTP/1.1\r\n`],
  ["no version", (path) => `GET ${path}\r\n`],
  ["no target", () => "GET HTTP/1.1\r\n"],
  ["no method", (path) => `${path} HTTP/1.1\r\n`],
  ["nothing but a method", () => "GET\r\n"],
  ["a version in small letters", (path) => `GET ${path} http/1.1\r\n`],
  ["a version with more behind", (path) => `GET ${path} HTTP/1.1x\r\n`],
  ["a version of two digits", (path) => `GET ${path} HTTP/1.10\r\n`],
  ["a version with a leading zero", (path) => `GET ${path} HTTP/01.1\r\n`],
  ["a version without a point", (path) => `GET ${path} HTTP/11\r\n`],
  ["a version of one digit", (path) => `GET ${path} HTTP/1\r\n`],
  ["a version with a comma", (path) => `GET ${path} HTTP/1,1\r\n`],
  ["version 0.9", (path) => `GET ${path} HTTP/0.9\r\n`],
  ["version 1.2", (path) => `GET ${path} HTTP/1.2\r\n`],
  ["version 2.0", (path) => `GET ${path} HTTP/2.0\r\n`],
  ["version 3.0", (path) => `GET ${path} HTTP/3.0\r\n`],
  ["version 9.9", (path) => `GET ${path} HTTP/9.9\r\n`],
  ["another protocol", (path) => `GET ${path} HTTPS/1.1\r\n`],
  ["a method in small letters", (path) => `get ${path} HTTP/1.1\r\n`],
  ["a method with a NUL", (path) => `GE\0T ${path} HTTP/1.1\r\n`],
  ["a method with a colon", (path) => `GET: ${path} HTTP/1.1\r\n`],
  ["a method with brackets", (path) => `(GET) ${path} HTTP/1.1\r\n`],
  ["a method with a byte above ASCII", (path) => `G\u00cbT ${path} HTTP/1.1\r\n`],
  ["a NUL in the target", (path) => `GET ${path}/a\0b HTTP/1.1\r\n`],
  ["a control character in the target", (path) => `GET ${path}/a\u0001b HTTP/1.1\r\n`],
  ["DEL in the target", (path) => `GET ${path}/a\u007fb HTTP/1.1\r\n`],
  ["a bare CR in the target", (path) => `GET ${path}/a\rb HTTP/1.1\r\n`],
  ["a bare LF in the target", (path) => `GET ${path}/a\nb HTTP/1.1\r\n`],
  ["a bare LF at its end", (path) => `GET ${path} HTTP/1.1\n`],
  ["a bare CR at its end", (path) => `GET ${path} HTTP/1.1\r`],
  ["CR CR LF at its end", (path) => `GET ${path} HTTP/1.1\r\r\n`],
  ["a target without a slash", (path) => `GET ${path.slice(1)} HTTP/1.1\r\n`],
  ["a port for a target", () => "GET :80 HTTP/1.1\r\n"],
  ["an authority for a target", () => "GET h:80 HTTP/1.1\r\n"],
  ["a response for a request", () => "HTTP/1.1 200 OK\r\n"],
];

/**
 * Nobody reads a different request out of these (RFC 9112, 3), so they may be taken for what they look like, as long as
 * the target is sent a proper one.
 */
const lenient: readonly (readonly [title: string, written: (path: string) => string])[] = [
  ["two blanks before the target", (path) => `GET  ${path} HTTP/1.1\r\n`],
  ["two blanks behind the target", (path) => `GET ${path}  HTTP/1.1\r\n`],
  ["an absolute target without a host", (path) => `GET http://${path} HTTP/1.1\r\n`],
];

/** A well-formed request for nothing that is there: no reason to end the connection. */
const nowhere: readonly Outcome[] = [
  ...refused,
  { answers: ["refused", "served"], after: "open", target: [["second", ""]] },
];

const oneRequest = served([["first", ""]]);
const noHostOfOthers = ({ headers }: Seen): string | undefined =>
  headers.some(([, value]) => value.includes("evil")) ? "it was told of the other host" : undefined;

export const requestLines: readonly Case[] = [
  ...invalid.map(
    ([title, written]): Case => ({
      title: `a request line with ${title}`,
      bytes: (at) => `${line(written)(at)}${smuggled(at)}`,
      right: refused,
    }),
  ),
  ...lenient.map(
    ([title, written]): Case => ({
      title: `a request line with ${title}`,
      bytes: (at) => `${line(written)(at)}${get("second")(at)}`,
      right: [
        ...nowhere,
        ...served([
          ["first", ""],
          ["second", ""],
        ]),
      ],
    }),
  ),
  {
    title: "a request line with the protocol of cameras",
    bytes: (at) => `${line((path) => `GET ${path} RTSP/1.0\r\n`)(at)}${smuggled(at)}`,
    right: [...refused, ...served([["first", ""]], "closed")],
  },
  {
    title: "a request line with an asterisk for a target",
    bytes: (at) => `${line(() => "GET * HTTP/1.1\r\n")(at)}${get("second")(at)}`,
    right: nowhere,
  },
  {
    title: "a request of HTTP/0.9",
    bytes: (at) => `GET ${at.path("first")}\r\n`,
    steps: [{ after: "sent", end: true }],
    right: refused,
  },
  {
    title: "the preface of HTTP/2",
    bytes: (at) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0${smuggled(at)}`,
    right: [...refused, { answers: [], after: "closed", target: [] }],
  },
  {
    title: "a TLS hello on a port without TLS, or inside of it",
    bytes: () => "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
    steps: [{ after: "sent", end: true }],
    right: [...refused, { answers: [], after: "closed", target: [] }],
  },
  {
    title: "an empty line before the request",
    bytes: (at) => `\r\n${get("first")(at)}`,
    right: oneRequest,
  },
  {
    title: "an absolute target: its path counts, its host is told to nobody",
    bytes: (at) => `GET http://evil.example${at.path("first")} HTTP/1.1\r\n${at.head}\r\n`,
    right: oneRequest,
    check: noHostOfOthers,
  },
  {
    title: "an absolute target with a user",
    bytes: (at) => `GET http://evil:evil@h${at.path("first")} HTTP/1.1\r\n${at.head}\r\n`,
    right: [...oneRequest, ...refused],
    check: noHostOfOthers,
  },
  {
    title: "a Host with a path in it",
    bytes: (at) => `GET ${at.path("first")} HTTP/1.1\r\n${at.head.replace("Host: h", "Host: evil/smuggled?")}\r\n`,
    right: [...oneRequest, ...refused],
    check: noHostOfOthers,
  },
  {
    title: "CONNECT",
    bytes: (at) => `CONNECT h:80 HTTP/1.1\r\n${at.head}\r\n${smuggled(at)}`,
    right: refused,
    rightWhereNothingIsForwarded: [{ answers: [], after: "closed", target: [] }],
  },
  {
    title: "CONNECT to a path",
    bytes: (at) => `CONNECT ${at.path("first")} HTTP/1.1\r\n${at.head}\r\n${smuggled(at)}`,
    right: refused,
    rightWhereNothingIsForwarded: [{ answers: [], after: "closed", target: [] }],
  },
  {
    title: "OPTIONS of everything",
    bytes: (at) => `OPTIONS * HTTP/1.1\r\n${at.head}Connection: close\r\n\r\n`,
    right: [{ answers: ["any"], after: "closed", target: [] }],
  },
];
