import {
  answeredBeforeBody,
  type Bytes,
  type Case,
  get,
  post,
  refusedInBody,
  served,
  smuggled,
  text,
} from "../case.ts";

const te = "Transfer-Encoding: chunked\r\n";

/** Bodies that are right, and what they say. */
const valid: readonly (readonly [title: string, body: string, says: string])[] = [
  ["an empty body", "0\r\n\r\n", ""],
  ["many small chunks", `${"1\r\nx\r\n".repeat(100)}0\r\n\r\n`, "x".repeat(100)],
  ["a size in capitals", `A\r\n0123456789\r\n0\r\n\r\n`, "0123456789"],
  ["a size with leading zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello"],
  ["an extension", "5;name=value\r\nhello\r\n0\r\n\r\n", "hello"],
  ["an extension without value", "5;name\r\nhello\r\n0;last\r\n\r\n", "hello"],
  ["a quoted extension", '5;name="a b"\r\nhello\r\n0\r\n\r\n', "hello"],
  ["two extensions", "5;a=b;c=d\r\nhello\r\n0\r\n\r\n", "hello"],
  ["line ends inside", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"],
  ["what looks like a last chunk inside", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n"],
  ["a trailer", "5\r\nhello\r\n0\r\nX-Checksum: 1\r\n\r\n", "hello"],
];

/** What follows is never a request, since nobody can say where the body ended. */
const invalid: readonly (readonly [title: string, body: string])[] = [
  ["a size of nothing", "\r\nhello\r\n0\r\n\r\n"],
  ["a size that is no number", "xyz\r\nhello\r\n0\r\n\r\n"],
  ["a size with a minus sign", "-5\r\nhello\r\n0\r\n\r\n"],
  ["a last size with a minus sign", "5\r\nhello\r\n-0\r\n\r\n"],
  ["a size with a plus sign", "+5\r\nhello\r\n0\r\n\r\n"],
  ["a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a separator", "0_5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a blank before", " 5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a tab before", "\t5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a vertical tab behind", "5\u000b\r\nhello\r\n0\r\n\r\n"],
  ["a size with a NUL behind", "5\0\r\nhello\r\n0\r\n\r\n"],
  ["a size with a comma", "5,6\r\nhello\r\n0\r\n\r\n"],
  ["a size with a blank inside", "0 5\r\nhello\r\n0\r\n\r\n"],
  ["a size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"],
  ["a size of twenty digits", `${"f".repeat(20)}\r\nhello\r\n0\r\n\r\n`],
  ["a size line that ends in a bare LF", "5\nhello\r\n0\r\n\r\n"],
  ["a size line that ends in a bare CR", "5\rhello\r\n0\r\n\r\n"],
  ["a size line that ends in CR CR LF", "5\r\r\nhello\r\n0\r\n\r\n"],
  ["data that goes on", "5\r\nhello, world\r\n0\r\n\r\n"],
  ["data that ends in a bare LF", "5\r\nhello\n0\r\n\r\n"],
  ["data that ends in a bare CR", "5\r\nhello\r0\r\n\r\n"],
  ["data without an end", "5\r\nhello0\r\n\r\n"],
  ["two bytes other than CR LF behind the data", "5\r\nhelloXX0\r\n\r\n"],
  ["a last chunk that ends in bare LFs", "5\r\nhello\r\n0\n\n"],
  ["a last chunk that ends in CR LF and LF", "5\r\nhello\r\n0\r\n\n"],
  ["an extension with a bare LF", "5;a\nb\r\nhello\r\n0\r\n\r\n"],
  ["an extension that ends in a bare LF", "5;a\nhello\r\n0\r\n\r\n"],
  ["an extension with a bare CR", "5;a\rb\r\nhello\r\n0\r\n\r\n"],
  ["an extension that ends in a bare CR", "5;a\rhello\r\n0\r\n\r\n"],
  ["an extension with a NUL", "5;a\0b\r\nhello\r\n0\r\n\r\n"],
  ["an extension with a line end in quotes", '5;a="\r\nhello\r\n0\r\n\r\n"'],
  ["an extension of megabytes", `5;${"a".repeat(4 * 1024 * 1024)}\r\nhello\r\n0\r\n\r\n`],
  ["a trailer with a blank before the colon", "5\r\nhello\r\n0\r\nX : y\r\n\r\n"],
  ["a trailer with a blank before the name", "5\r\nhello\r\n0\r\n X: y\r\n\r\n"],
  ["a trailer without a colon", "5\r\nhello\r\n0\r\nX\r\n\r\n"],
  ["a trailer with a NUL", "5\r\nhello\r\n0\r\nX: a\0b\r\n\r\n"],
  ["a trailer with a bare CR", "5\r\nhello\r\n0\r\nX: a\rb\r\n\r\n"],
  ["a trailer that ends in a bare LF", "5\r\nhello\r\n0\r\nX: a\n\r\n"],
  ["trailers of megabytes", `5\r\nhello\r\n0\r\n${`X: ${"y".repeat(8_000)}\r\n`.repeat(500)}\r\n`],
];

/** Trailers that would say something else about the request, if anybody took them for headers. */
const forgedTrailers = [
  "Content-Length: 0",
  "Transfer-Encoding: chunked",
  "Host: evil.example",
  "Authorization: Bearer evil",
  "X-Forwarded-For: 6.6.6.6",
  "X-Forwarded-Client-Cert: evil",
  "Connection: close",
];

const body = (bytes: string, behind: Bytes): Bytes => {
  return (at) => `${text(post(te, bytes), at)}${behind(at)}`;
};

export const chunkedBodies: readonly Case[] = [
  ...valid.map(
    ([title, bytes, says]): Case => ({
      title: `chunks with ${title}`,
      bytes: body(bytes, get("second")),
      right: served([
        ["first", says],
        ["second", ""],
      ]),
    }),
  ),
  ...invalid.map(
    ([title, bytes]): Case => ({
      title: `chunks with ${title}`,
      bytes: body(bytes, smuggled),
      right: refusedInBody,
      rightWhereNothingIsForwarded: answeredBeforeBody,
    }),
  ),
  ...forgedTrailers.map(
    (trailer): Case => ({
      title: `the trailer ${trailer.split(":")[0]} is no header`,
      bytes: body(`5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`, get("second")),
      right: [
        ...served([
          ["first", "hello"],
          ["second", ""],
        ]),
        ...refusedInBody,
        // `Connection: close` may count wherever it stands.
        ...served([["first", "hello"]], "closed"),
      ],
      rightWhereNothingIsForwarded: [...answeredBeforeBody, { answers: ["served"], after: "silent", target: [] }],
      check: ({ headers, trailers }) => {
        const values = [...headers, ...trailers].map(([, value]) => value);
        return values.some((value) => /evil|6\.6\.6\.6/.test(value)) ? "it was told of the trailer" : undefined;
      },
    }),
  ),
  {
    title: "chunks with a size of all ones",
    bytes: body("ffffffffffffffff\r\nhello\r\n0\r\n\r\n", smuggled),
    steps: [{ after: "sent", end: true }],
    right: refusedInBody,
    rightWhereNothingIsForwarded: answeredBeforeBody,
  },
  {
    title: "chunks with extensions of megabytes, a little with each",
    bytes: body(`${`1;${"a".repeat(8_000)}\r\nx\r\n`.repeat(500)}0\r\n\r\n`, get("second")),
    right: [
      ...served([
        ["first", "x".repeat(500)],
        ["second", ""],
      ]),
      ...refusedInBody,
    ],
    rightWhereNothingIsForwarded: answeredBeforeBody,
  },
  {
    title: "chunks that end, and garbage behind them",
    bytes: post(te, "5\r\nhello\r\n0\r\n\r\nXYZ\r\n\r\n"),
    right: [{ answers: ["served", "refused"], after: "closed", target: [["first", "hello"]] }],
    rightWhereNothingIsForwarded: answeredBeforeBody,
  },
  {
    title: "a request in a chunk is a body",
    bytes: (at) => {
      const hidden = smuggled(at);
      return text(post(te, `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`), at);
    },
    right: served([["first", "<smuggled>"]]),
  },
];
