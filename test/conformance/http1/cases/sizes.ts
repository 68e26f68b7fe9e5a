import { type Case, get, type Outcome, refused, served, smuggled } from "../case.ts";

/** Whoever sends more than is read may see the connection break before the answer. */
const tooLarge: readonly Outcome[] = [...refused, { answers: [], after: "closed", target: [] }];

const withinHalf = served([["first", ""]]);

export const sizes: readonly Case[] = [
  {
    title: "a head of half the size that is allowed, in one value",
    bytes: (at) => get("first", `X-Long: ${"x".repeat(at.maxHeaderBytes / 2)}\r\n`)(at),
    right: withinHalf,
    check: ({ headers }) => {
      const value = headers.find(([name]) => name.toLowerCase() === "x-long")?.[1] ?? "";
      return /^x{8000,}$/.test(value) ? undefined : `${value.length} bytes of the value arrived`;
    },
  },
  {
    title: "a head of half the size that is allowed, in many fields",
    bytes: (at) => get("first", "X-Y: z1\r\n".repeat(Math.floor(at.maxHeaderBytes / 2 / 9)))(at),
    right: withinHalf,
    check: ({ headers }) => {
      const count = headers.filter(([name]) => name.toLowerCase() === "x-y").length;
      return count >= 900 ? undefined : `${count} of the fields arrived`;
    },
  },
  {
    title: "a value larger than a head may be",
    bytes: (at) => `${get("first", `X-Long: ${"x".repeat(at.maxHeaderBytes)}\r\n`)(at)}${smuggled(at)}`,
    right: tooLarge,
  },
  {
    title: "a name larger than a head may be",
    bytes: (at) => `${get("first", `X-${"x".repeat(at.maxHeaderBytes)}: y\r\n`)(at)}${smuggled(at)}`,
    right: tooLarge,
  },
  {
    title: "more fields than a head may hold",
    bytes: (at) => `${get("first", "X-Y: z1\r\n".repeat(at.maxHeaderBytes / 4))(at)}${smuggled(at)}`,
    right: tooLarge,
  },
  {
    title: "fields of two bytes by the ten thousand",
    bytes: (at) => `${get("first", "a:\r\n".repeat(at.maxHeaderBytes))(at)}${smuggled(at)}`,
    right: tooLarge,
  },
  {
    title: "a target larger than a head may be",
    bytes: (at) => `GET ${at.path("first")}?${"x".repeat(at.maxHeaderBytes)} HTTP/1.1\r\n${at.head}\r\n${smuggled(at)}`,
    right: tooLarge,
  },
  {
    title: "a method that never ends",
    bytes: (at) => `${"G".repeat(at.maxHeaderBytes)} ${at.path("first")} HTTP/1.1\r\n${at.head}\r\n${smuggled(at)}`,
    right: tooLarge,
  },
  {
    title: "empty lines by the megabyte before a request",
    bytes: (at) => `${"\r\n".repeat(at.maxHeaderBytes)}${get("first")(at)}`,
    right: [...tooLarge, ...withinHalf],
  },
];
