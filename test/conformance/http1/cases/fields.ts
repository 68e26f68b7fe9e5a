import { type Bytes, type Case, get, refused, type Seen, served, smuggled } from "../case.ts";

const withLine = (line: string): Bytes => get("first", line);

/** Lines that are no header field. A request behind each shows whether the connection was in step. */
const invalid: readonly (readonly [title: string, line: string])[] = [
  ["a blank before the colon", "X-A : b\r\n"],
  ["a tab before the colon", "X-A\t: b\r\n"],
  ["a blank inside the name", "X A: b\r\n"],
  ["no name", ": b\r\n"],
  ["nothing but a colon", ":\r\n"],
  ["no colon", "X-A\r\n"],
  ["a NUL in the name", "X\0A: b\r\n"],
  ["a control character in the name", "X\u0001A: b\r\n"],
  ["DEL in the name", "X\u007fA: b\r\n"],
  ["a byte above ASCII in the name", "X\u00e4A: b\r\n"],
  ["brackets in the name", "X(A): b\r\n"],
  ["a comma in the name", "X,A: b\r\n"],
  ["a slash in the name", "X/A: b\r\n"],
  ["an at sign in the name", "X@A: b\r\n"],
  ["braces in the name", "X{A}: b\r\n"],
  ["quotes in the name", '"X": b\r\n'],
  ["a blank before the name", " X-A: b\r\n"],
  ["a folded value", "X-A: b\r\n c\r\n"],
  ["a value folded with a tab", "X-A: b\r\n\tc\r\n"],
  ["a fold of nothing", "X-A: b\r\n \r\n"],
  ["a NUL in the value", "X-A: a\0b\r\n"],
  ["a NUL at the end of the value", "X-A: a\0\r\n"],
  ["a control character in the value", "X-A: a\u0001b\r\n"],
  ["a backspace in the value", "X-A: a\bb\r\n"],
  ["an escape in the value", "X-A: a\u001bb\r\n"],
  ["DEL in the value", "X-A: a\u007fb\r\n"],
  ["a bare CR in the value", "X-A: a\rb\r\n"],
  ["a bare CR and a forged field", "X-A: a\rX-Forged: b\r\n"],
  ["a bare LF in the value", "X-A: a\nb\r\n"],
  ["a bare LF and a forged field", "X-A: a\nX-Forged: b\r\n"],
  ["a bare LF at its end", "X-A: a\n"],
  ["a bare CR at its end", "X-A: a\r"],
  ["CR CR LF at its end", "X-A: a\r\r\n"],
  ["LF CR at its end", "X-A: a\n\r"],
];

const valid: readonly (readonly [title: string, line: string, seen: string])[] = [
  ["an empty value", "X-A:\r\n", ""],
  ["a value of blanks", "X-A:  \t \r\n", ""],
  ["blanks and tabs around the value", "X-A: \t b \t\r\n", "b"],
  ["a tab inside the value", "X-A: a\tb\r\n", "a\tb"],
  ["bytes above ASCII in the value", "X-A: a\u00e4\u00ffb\r\n", "a\u00e4\u00ffb"],
  ["a colon in the value", "X-A: :b:\r\n", ":b:"],
  ["a request in the value", "X-A: GET /smuggled HTTP/1.1\r\n", "GET /smuggled HTTP/1.1"],
];

const fieldOf = ({ headers }: Seen, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];

const tokenName = "!#$%&'*+-.^_`|~09az";

/** What is wrong with `Host` makes the request bad, whoever the target is (RFC 9112, 3.2). */
const hosts: readonly (readonly [title: string, edit: (head: string) => string])[] = [
  ["two Hosts", (head) => `${head}Host: evil\r\n`],
  ["two Hosts, the same", (head) => `${head}${head.split("\r\n", 1)[0]}\r\n`],
  ["two Hosts in other cases", (head) => `hOST: evil\r\n${head}`],
  ["no Host", (head) => head.replace(/^Host:.*?\r\n/, "")],
];

export const fields: readonly Case[] = [
  ...invalid.map(
    ([title, line]): Case => ({
      title: `a field with ${title}`,
      bytes: (at) => `${withLine(line)(at)}${smuggled(at)}`,
      right: refused,
    }),
  ),
  ...invalid.map(
    ([title, line]): Case => ({
      title: `the first field with ${title}`,
      bytes: (at) => `GET ${at.path("first")} HTTP/1.1\r\n${line}${at.head}\r\n${smuggled(at)}`,
      right: refused,
    }),
  ),
  ...valid.map(
    ([title, line, value]): Case => ({
      title: `a field with ${title}`,
      bytes: withLine(line),
      right: served([["first", ""]]),
      check: (seen) => (fieldOf(seen, "X-A") === value ? undefined : `X-A was ${JSON.stringify(fieldOf(seen, "X-A"))}`),
    }),
  ),
  {
    title: "a field whose name has every character that a name may have",
    bytes: withLine(`${tokenName}: b\r\n`),
    right: served([["first", ""]]),
    check: (seen) => (fieldOf(seen, tokenName) === "b" ? undefined : "its name or value has changed"),
  },
  ...hosts.map(
    ([title, edit]): Case => ({
      title,
      bytes: (at) => `GET ${at.path("first")} HTTP/1.1\r\n${edit(at.head)}\r\n${smuggled(at)}`,
      right: refused,
    }),
  ),
];
