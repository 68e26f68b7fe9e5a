import {
  answeredBeforeBody,
  type Bytes,
  type Case,
  get,
  type Outcome,
  post,
  refused,
  served,
  smuggled,
  text,
} from "../case.ts";

/** The body of `first` is `hello`; what comes behind it is a request of its own, when the length is understood. */
const helloAndMore =
  (lines: string, behind: Bytes): Bytes =>
  (at) =>
    `${text(post(lines, "hello"), at)}${behind(at)}`;

const both = served([
  ["first", "hello"],
  ["second", ""],
]);

const valid: readonly (readonly [title: string, value: string])[] = [
  ["as it should be", " 5"],
  ["without a blank", "5"],
  ["with blanks around", "  5  "],
  ["with a tab before", "\t5"],
  ["with leading zeros", " 0005"],
];

const invalid: readonly (readonly [title: string, value: string])[] = [
  ["with a plus sign", " +5"],
  ["with a minus sign", " -5"],
  ["that is minus zero", " -0"],
  ["in hexadecimal", " 0x5"],
  ["in octal", " 0o5"],
  ["with a fraction", " 5.0"],
  ["with an exponent", " 5e0"],
  ["with a separator", " 5_"],
  ["with a comma behind", " 5,"],
  ["with a comma before", " ,5"],
  ["with a semicolon behind", " 5;"],
  ["with a blank inside", " 5 5"],
  ["with a tab inside", " 5\t5"],
  ["that is empty", ""],
  ["of blanks only", "   "],
  ["in words", " five"],
  ["in quotes", ' "5"'],
  ["in other digits", " \u00d9\u00a5"],
  ["with a vertical tab before", " \u000b5"],
  ["with a vertical tab behind", " 5\u000b"],
  ["with a form feed behind", " 5\f"],
  ["with a NUL behind", " 5\0"],
  ["with a bare CR behind", " 5\r"],
  ["with a no-break space before", " \u00a05"],
  ["beyond 64 bits", " 18446744073709551621"],
  ["of forty digits", ` ${"9".repeat(40)}`],
  ["as a list of two", " 5, 6"],
];

/** RFC 9112, 6.3: the same value twice may be taken for one, or refused. */
const onceOrRefused: readonly Outcome[] = [...refused, ...both];

const several: readonly (readonly [title: string, lines: string, right: readonly Outcome[]])[] = [
  ["twice, the second larger", "Content-Length: 5\r\nContent-Length: 6\r\n", refused],
  ["twice, the first larger", "Content-Length: 6\r\nContent-Length: 5\r\n", refused],
  ["twice, one of them zero", "Content-Length: 0\r\nContent-Length: 5\r\n", refused],
  ["twice, the second empty", "Content-Length: 5\r\nContent-Length:\r\n", refused],
  ["twice, the second signed", "Content-Length: 5\r\nContent-Length: +5\r\n", refused],
  ["twice in other cases", "Content-Length: 5\r\ncONTENT-lENGTH: 6\r\n", refused],
  ["twice, far apart", `Content-Length: 5\r\n${"X: y\r\n".repeat(50)}Content-Length: 6\r\n`, refused],
  ["three times", "Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 6\r\n", refused],
  ["twice the same", "Content-Length: 5\r\nContent-Length: 5\r\n", onceOrRefused],
  ["as a list of the same", "Content-Length: 5, 5\r\n", onceOrRefused],
];

/** A body that looks like a request stays a body, whatever the method says about bodies. */
const bodies: readonly Case[] = ["POST", "PUT", "GET", "DELETE", "OPTIONS", "PATCH"].map((method) => ({
  title: `a request in the body of a ${method} is its body`,
  bytes: (at) => {
    const body = smuggled(at);
    return text(post(`Content-Length: ${body.length}\r\n`, body, method), at);
  },
  right: [
    { answers: ["served"], after: "open", target: [["first", "<smuggled>"]] },
    { answers: ["served"], after: "closed", target: [["first", "<smuggled>"]] },
  ],
}));

export const contentLengths: readonly Case[] = [
  {
    title: "Content-Length with a tab behind",
    bytes: helloAndMore("Content-Length: 5\t\r\n", get("second")),
    // It is white space and no part of the value, which not every parser knows.
    right: onceOrRefused,
  },
  {
    title: "Content-Length beyond what a number holds exactly",
    bytes: helloAndMore("Content-Length: 9007199254740993\r\n", smuggled),
    steps: [{ after: "sent", end: true }],
    right: refused,
    rightWhereNothingIsForwarded: answeredBeforeBody,
  },
  ...valid.map(([title, value]) => ({
    title: `Content-Length ${title}`,
    bytes: helloAndMore(`Content-Length:${value}\r\n`, get("second")),
    right: both,
  })),
  ...invalid.map(([title, value]) => ({
    title: `Content-Length ${title}`,
    bytes: helloAndMore(`Content-Length:${value}\r\n`, smuggled),
    right: refused,
  })),
  ...several.map(([title, lines, right]) => ({
    title: `Content-Length ${title}`,
    bytes: helloAndMore(lines, right === refused ? smuggled : get("second")),
    right,
  })),
  ...bodies,
  {
    title: "Content-Length too short: what is left over is no request",
    bytes: post("Content-Length: 5\r\n", "hello, world\r\n\r\n"),
    right: [{ answers: ["served", "refused"], after: "closed", target: [["first", "hello"]] }],
    rightWhereNothingIsForwarded: [{ answers: ["served"], after: "closed", target: [] }],
  },
  {
    title: "no length at all: there is no body, and what follows is a request",
    bytes: (at) => `${text(post("", ""), at)}${get("second")(at)}`,
    right: served([
      ["first", ""],
      ["second", ""],
    ]),
  },
];
