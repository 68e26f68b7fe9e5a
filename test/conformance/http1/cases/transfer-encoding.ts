import { type Bytes, type Case, chunked, get, type Outcome, post, refused, served, smuggled, text } from "../case.ts";

/** Spellings of `Transfer-Encoding: chunked` that are it. */
const valid: readonly (readonly [title: string, line: string])[] = [
  ["as it should be", "Transfer-Encoding: chunked\r\n"],
  ["in capitals", "TRANSFER-ENCODING: CHUNKED\r\n"],
  ["in mixed case", "tRANSFER-eNCODING: cHuNkEd\r\n"],
  ["without a blank", "Transfer-Encoding:chunked\r\n"],
  ["with blanks around", "Transfer-Encoding:   chunked  \r\n"],
  ["with a tab before the value", "Transfer-Encoding:\tchunked\r\n"],
];

/** Spellings that somebody takes for it and somebody else does not, and codings that nobody here undoes. */
const invalid: readonly (readonly [title: string, lines: string])[] = [
  ["with a blank before the colon", "Transfer-Encoding : chunked\r\n"],
  ["with a tab before the colon", "Transfer-Encoding\t: chunked\r\n"],
  ["with a blank before the name", " Transfer-Encoding: chunked\r\n"],
  ["with a blank inside the name", "Transfer -Encoding: chunked\r\n"],
  ["with a NUL in the name", "Transfer-\0Encoding: chunked\r\n"],
  ["with a vertical tab before the value", "Transfer-Encoding: \u000bchunked\r\n"],
  ["with a vertical tab behind the value", "Transfer-Encoding: chunked\u000b\r\n"],
  ["with a form feed before the value", "Transfer-Encoding: \fchunked\r\n"],
  ["with a NUL before the value", "Transfer-Encoding: \0chunked\r\n"],
  ["with a NUL inside the value", "Transfer-Encoding: chu\0nked\r\n"],
  ["with a no-break space before the value", "Transfer-Encoding: \u00a0chunked\r\n"],
  ["with a byte above ASCII behind the value", "Transfer-Encoding: chunked\u00ff\r\n"],
  ["folded before the value", "Transfer-Encoding:\r\n chunked\r\n"],
  ["folded with a tab", "Transfer-Encoding:\r\n\tchunked\r\n"],
  ["folded inside the value", "Transfer-Encoding: chu\r\n nked\r\n"],
  ["folded behind another coding", "Transfer-Encoding: gzip,\r\n chunked\r\n"],
  ["hidden in a folded line", "X-Folded: a\r\n Transfer-Encoding: chunked\r\n"],
  ["behind a bare CR", "X-Bare: a\rTransfer-Encoding: chunked\r\n"],
  ["behind a bare LF", "X-Bare: a\nTransfer-Encoding: chunked\r\n"],
  ["behind LF CR", "X-Bare: a\n\rTransfer-Encoding: chunked\r\n"],
  ["behind CR CR LF", "X-Bare: a\r\r\nTransfer-Encoding: chunked\r\n"],
  ["ended by a bare LF", "Transfer-Encoding: chunked\nX-Next: a\r\n"],
  ["ended by a bare CR", "Transfer-Encoding: chunked\rX-Next: a\r\n"],
  ["of another name in front", "Transfer-Encoding: xchunked\r\n"],
  ["of another name behind", "Transfer-Encoding: chunkedx\r\n"],
  ["in quotes", 'Transfer-Encoding: "chunked"\r\n'],
  ["in single quotes", "Transfer-Encoding: 'chunked'\r\n"],
  ["with a parameter", "Transfer-Encoding: chunked;q=1\r\n"],
  ["with a comma behind", "Transfer-Encoding: chunked,\r\n"],
  ["twice in a list", "Transfer-Encoding: chunked, chunked\r\n"],
  ["twice in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"],
  ["with identity behind", "Transfer-Encoding: chunked, identity\r\n"],
  ["with identity in the next line", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"],
  ["with nonsense in the next line", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"],
  ["with an empty next line", "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n"],
  ["with gzip behind", "Transfer-Encoding: chunked, gzip\r\n"],
  ["of identity only", "Transfer-Encoding: identity\r\n"],
  ["of gzip only", "Transfer-Encoding: gzip\r\n"],
  ["of nonsense", "Transfer-Encoding: cow\r\n"],
  ["that is empty", "Transfer-Encoding:\r\n"],
  ["of a comma only", "Transfer-Encoding: ,\r\n"],
  ["without a colon", "Transfer-Encoding chunked\r\n"],
];

/**
 * Chunked on top of something else. That says where the body ends, so nobody is fooled who only answers; but a proxy would
 * pass on a body that it does not understand.
 */
const onTop: readonly (readonly [title: string, lines: string])[] = [
  ["with a comma before", "Transfer-Encoding: ,chunked\r\n"],
  ["with identity before", "Transfer-Encoding: identity, chunked\r\n"],
  ["with identity in the line before", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"],
  ["with nonsense in the line before", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n"],
  ["with gzip before", "Transfer-Encoding: gzip, chunked\r\n"],
];

/** Ends at once for who reads chunks; the rest is a request for who does. */
const chunksThenSmuggled: Bytes = (at) => `0\r\n\r\n${smuggled(at)}`;

/** Names that are not `Transfer-Encoding`, however much they look like it: the length counts. */
const lookalikes = ["Transfer_Encoding", "X-Transfer-Encoding", "Transfer-Encoding-X", "Content-Encoding", "TE"];

const withLength = (lines: string, order: "before" | "behind"): Bytes => {
  return (at) => {
    const body = chunksThenSmuggled(at);
    const length = `Content-Length: ${body.length}\r\n`;
    return text(post(order === "before" ? length + lines : lines + length, body), at);
  };
};

/** Whose length ends within the chunks: the rest would be a request for who goes by the length. */
const withShortLength = (lines: string): Bytes => {
  return (at) => {
    const hidden = smuggled(at);
    return text(post(`Content-Length: 4\r\n${lines}`, chunked(hidden)), at);
  };
};

const whole = served([
  ["first", "hello"],
  ["second", ""],
]);

const asLength = (target: Outcome["target"]): readonly Outcome[] => served(target);

export const transferEncodings: readonly Case[] = [
  ...(valid.map(([title, line]) => ({
    title: `Transfer-Encoding ${title}`,
    bytes: (at) => `${text(post(line, chunked("hel", "lo")), at)}${get("second")(at)}`,
    right: whole,
  })) satisfies readonly Case[]),
  ...invalid.map(([title, lines]) => ({
    title: `Transfer-Encoding ${title}`,
    bytes: post(lines, chunksThenSmuggled),
    right: refused,
  })),
  ...onTop.map(
    ([title, lines]): Case => ({
      title: `Transfer-Encoding ${title}`,
      bytes: post(lines, chunksThenSmuggled),
      right: refused,
      rightWhereNothingIsForwarded: whole,
    }),
  ),
  {
    title: "Transfer-Encoding with a tab behind the value",
    bytes: (at) => `${text(post("Transfer-Encoding: chunked\t\r\n", chunked("hel", "lo")), at)}${get("second")(at)}`,
    // It is white space and no part of the value, which not every parser knows.
    right: [...whole, ...refused],
  },
  ...[...valid, ...invalid, ...onTop].flatMap(([title, lines]): Case[] => [
    {
      title: `Content-Length, then Transfer-Encoding ${title}`,
      bytes: withLength(lines, "before"),
      right: refused,
    },
    { title: `Transfer-Encoding ${title}, then Content-Length`, bytes: withLength(lines, "behind"), right: refused },
    { title: `a short Content-Length and Transfer-Encoding ${title}`, bytes: withShortLength(lines), right: refused },
  ]),
  ...lookalikes.map(
    (name): Case => ({
      title: `${name} says nothing about the body`,
      bytes: withLength(`${name}: chunked\r\n`, "before"),
      right: asLength([["first", "0\r\n\r\n<smuggled>"]]),
      check: ({ framing }) => (framing === "length" ? undefined : `it is framed by ${framing}`),
    }),
  ),
  {
    title: "Transfer-Encoding from a client of HTTP/1.0",
    bytes: (at) =>
      `POST ${at.path("first")} HTTP/1.0\r\n${at.head}Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n` +
      chunksThenSmuggled(at),
    right: refused,
    rightWhereNothingIsForwarded: served([
      ["first", ""],
      ["second", ""],
    ]),
  },
];
