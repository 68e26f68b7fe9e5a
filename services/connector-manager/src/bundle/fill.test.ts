import { expect, test } from "vitest";
import { fill } from "./fill.ts";

const settings = { text: "a", number: 2, no: false, list: ["x", "y"], none: [], map: { k: "v" }, inner: { deep: "d" } };

test.for<[title: string, template: unknown, filled: unknown]>([
  [
    "a whole text becomes the value with its type",
    { a: "@{number}", b: "@{no}", c: "@{map}" },
    { a: 2, b: false, c: { k: "v" } },
  ],
  ["a part of a text becomes text", ["--n=@{number}", "@{inner.deep}.@{text}"], ["--n=2", "d.a"]],
  ["a value may be asked for as text", { value: "@{=no}" }, { value: "false" }],
  [
    "an element that names a list is repeated",
    { to: [{ block: { cidr: "@{*list}" } }] },
    { to: [{ block: { cidr: "x" } }, { block: { cidr: "y" } }] },
  ],
  [
    "the innermost list repeats",
    { rules: [{ names: ["fixed", "@{*list}"] }, 1] },
    { rules: [{ names: ["fixed", "x", "y"] }, 1] },
  ],
  [
    "what is absent goes, with what is empty without it",
    { keep: 1, a: { b: ["@{missing}"] }, c: "https://@{missing}" },
    { keep: 1 },
  ],
  ["an empty list leaves nothing behind", { a: 1, secrets: [{ name: "@{*none}" }] }, { a: 1 }],
  [
    "what is empty in the template stays",
    { selector: {}, rules: [{}], text: "" },
    { selector: {}, rules: [{}], text: "" },
  ],
  ["zero and false are values", { replicas: "@{zero}" }, { replicas: 0 }],
])("%s", ([, template, filled]) => {
  expect(fill(template, { ...settings, zero: 0 })).toEqual(filled);
});
