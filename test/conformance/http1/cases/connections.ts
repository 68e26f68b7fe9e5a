import { type Bytes, type Case, chunked, get, type Outcome, post, refused, served, smuggled, text } from "../case.ts";

const all =
  (...parts: Bytes[]): Bytes =>
  (at) =>
    parts.map((part) => part(at)).join("");

const bad: Bytes = (at) => `GET ${at.path("smuggled")} HTTP/1.1\r\n${at.head}X : y\r\n\r\n`;

const tags = Array.from({ length: 40 }, (_, index) => `nr${index}`);

const pipelines: readonly Case[] = [
  {
    title: "requests in a row are answered in order",
    bytes: all(get("first"), get("second"), get("third")),
    right: served([
      ["first", ""],
      ["second", ""],
      ["third", ""],
    ]),
  },
  {
    title: "forty requests at once are answered in order",
    bytes: all(...tags.map((tag) => get(tag))),
    right: served(tags.map((tag) => [tag, ""] as const)),
  },
  {
    title: "a bad request amid good ones is the last",
    bytes: all(get("first"), bad, smuggled),
    right: [{ answers: ["served", "refused"], after: "closed", target: [["first", ""]] }],
    rightWhereNothingIsForwarded: refused,
  },
  {
    title: "a bad request before good ones is the last",
    bytes: all(bad, smuggled, smuggled),
    right: refused,
  },
  {
    title: "nothing counts behind Connection: close",
    bytes: all(get("first", "Connection: close\r\n"), smuggled),
    right: served([["first", ""]], "closed"),
  },
  {
    title: "nothing counts behind Connection: close among others",
    bytes: all(get("first", "Connection: x, cLOSE\r\n"), smuggled),
    right: served([["first", ""]], "closed"),
  },
  {
    title: "a body and a request behind it",
    bytes: all(post("Content-Length: 5\r\n", "hello"), get("second")),
    right: served([
      ["first", "hello"],
      ["second", ""],
    ]),
  },
  {
    title: "both kinds of bodies in turn",
    bytes: (at) =>
      [
        text(post("Content-Length: 5\r\n", "hello"), at),
        `PUT ${at.path("second")} HTTP/1.1\r\n${at.head}Transfer-Encoding: chunked\r\n\r\n${chunked("wor", "ld")}`,
        `PUT ${at.path("third")} HTTP/1.1\r\n${at.head}Content-Length: 0\r\n\r\n`,
        get("fourth")(at),
      ].join(""),
    right: served([
      ["first", "hello"],
      ["second", "world"],
      ["third", ""],
      ["fourth", ""],
    ]),
  },
];

const broken: readonly Outcome[] = [
  { answers: [], after: "closed", target: [] },
  { answers: ["refused"], after: "closed", target: [] },
];

/** Where the head alone is answered, a body that breaks off breaks no answer. */
const answeredByHead: readonly Outcome[] = [
  { answers: ["served"], after: "closed", target: [] },
  { answers: ["served", "refused"], after: "closed", target: [] },
  ...broken,
];

/** Most servers take the end of the client's side for the end of the client; some send the answer all the same. */
const answeredOrLeft = (body: string): readonly Outcome[] => [
  ...served([["first", body]], "closed"),
  { answers: [], after: "closed", target: [] },
  { answers: [], after: "closed", target: [["first", body]] },
];

const halves: readonly Case[] = [
  {
    title: "a client that ends its side behind the request",
    bytes: get("first"),
    steps: [{ after: "sent", end: true }],
    right: answeredOrLeft(""),
  },
  {
    title: "a client that ends its side behind a body",
    bytes: post("Content-Length: 5\r\n", "hello"),
    steps: [{ after: "sent", end: true }],
    right: answeredOrLeft("hello"),
  },
  {
    title: "a client that ends its side amid the head asked for nothing",
    bytes: (at) => `GET ${at.path("smuggled")} HTTP/1.1\r\n${at.head}`,
    steps: [{ after: "sent", end: true }],
    right: broken,
  },
  {
    title: "a client that ends its side amid a body of known length sent none",
    bytes: post("Content-Length: 50\r\n", "hello"),
    steps: [{ after: "target", end: true }],
    right: broken,
    rightWhereNothingIsForwarded: answeredByHead,
  },
  {
    title: "a client that ends its side amid chunks sent none",
    bytes: post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"),
    steps: [{ after: "target", end: true }],
    right: broken,
    rightWhereNothingIsForwarded: answeredByHead,
  },
  {
    title: "a client that ends its side before the last line of the chunks sent none",
    bytes: post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n"),
    steps: [{ after: "target", end: true }],
    right: broken,
    rightWhereNothingIsForwarded: answeredByHead,
  },
];

/** More than anybody keeps back until it is whole. */
const large = "x".repeat(100_000);

/** The answer is there before the body is: the rest of the body must not be taken for a request. */
const early: readonly Outcome[] = [
  { answers: ["served"], after: "closed", target: [] },
  { answers: ["served"], after: "open", target: [] },
  { answers: ["served"], after: "closed", target: [["first", `${large}<smuggled>`]] },
  { answers: ["served"], after: "open", target: [["first", `${large}<smuggled>`]] },
  { answers: ["served"], after: "closed", target: [["first", "hello<smuggled>"]] },
  { answers: ["served"], after: "open", target: [["first", "hello<smuggled>"]] },
];

const earlyAnswers: readonly Case[] = [
  {
    title: "a request in the rest of a body whose answer came early",
    target: "early",
    bytes: (at) => text(post(`Content-Length: ${large.length + smuggled(at).length}\r\n`, large), at),
    steps: [{ after: "answer", send: smuggled }],
    right: early,
  },
  {
    title: "a request in the rest of the chunks whose answer came early",
    target: "early",
    bytes: (at) =>
      text(post("Transfer-Encoding: chunked\r\n", `5\r\nhello\r\n${smuggled(at).length.toString(16)}\r\n`), at),
    steps: [{ after: "answer", send: (at) => `${smuggled(at)}\r\n0\r\n\r\n` }],
    right: early,
  },
  {
    title: "a request behind the chunks whose answer came early, and that end there",
    target: "early",
    bytes: post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"),
    steps: [{ after: "answer", send: (at) => `zz\r\n${smuggled(at)}` }],
    right: [...early, { answers: ["served", "refused"], after: "closed", target: [] }],
    // Who waits for the whole body has not answered yet when it turns out to be none.
    rightWhereNothingIsForwarded: refused,
  },
];

const versions: readonly Case[] = [
  {
    title: "a client of HTTP/1.0",
    bytes: all(get("first", "", "HTTP/1.0"), smuggled),
    right: served([["first", ""]], "closed"),
  },
  {
    title: "a client of HTTP/1.0 without Host",
    bytes: (at) => `GET ${at.path("first")} HTTP/1.0\r\n${at.head.replace(/^Host:.*?\r\n/, "")}\r\n`,
    right: served([["first", ""]], "closed"),
  },
  {
    title: "a client of HTTP/1.0 that keeps its connection",
    bytes: get("first", "Connection: keep-alive\r\n", "HTTP/1.0"),
    right: [...served([["first", ""]], "open"), ...served([["first", ""]], "closed")],
  },
  {
    title: "a client of HTTP/1.0 with a body",
    bytes: (at) => `POST ${at.path("first")} HTTP/1.0\r\n${at.head}Content-Length: 5\r\n\r\nhello${smuggled(at)}`,
    right: served([["first", "hello"]], "closed"),
  },
];

export const connections: readonly Case[] = [...pipelines, ...halves, ...earlyAnswers, ...versions];
