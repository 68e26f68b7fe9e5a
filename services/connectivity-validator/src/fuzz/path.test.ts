import { expect, test } from "vitest";
import { readTarget } from "../path/request-target.ts";
import { chooseRoute, prefixesOf } from "../path/route.ts";
import { fuzzMs, mutated, pick, rounds, textOf } from "./rounds.ts";

const pieces = [
  "/",
  "//",
  ".",
  "..",
  "%2f",
  "%2F",
  "%2e",
  "%2E%2e",
  "%5c",
  "%00",
  "%",
  "%zz",
  "%C3%BC",
  "?",
  "#",
  "\\",
  " ",
  "app",
  "events",
  "v1",
  "v2",
  "x",
  ";",
  ":",
  "@",
  "\u00ff",
  "\u007f",
  "http://",
  "%25",
  "%252f",
];

/** What a path is to whoever decodes it once, segment by segment; undefined when it must not be passed on. */
function reference(
  target: string,
): { application: string; segments: string[] } | "bad_request" | "refused" | "not_found" {
  if (/[\p{Cc} #\\]/u.test(target.replaceAll(/[\x80-\x9f]/g, ""))) return "bad_request";
  const origin = target.startsWith("/") ? target : /^https?:\/\/[!-.0->@-~]+((?:[/?].*)?)$/is.exec(target)?.[1];
  if (origin === undefined) return "bad_request";
  const path = (origin.startsWith("/") ? origin : `/${origin}`).split("?")[0] ?? "";
  if (/%(?![\da-f]{2})/i.test(path)) return "bad_request";
  const raw = path.slice(1).split("/");
  const segments = raw.map((segment) =>
    segment.replaceAll(/%(..)/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
  if (segments.some((segment) => /[/\\\0]/.test(segment))) return "refused";
  if (
    segments.some((segment, at) => segment === "." || segment === ".." || (segment === "" && at < segments.length - 1))
  )
    return "refused";
  const [application = ""] = segments;
  return segments.length < 2 || application === "" ? "not_found" : { application, segments };
}

test("targets of all kinds are read as the slow way reads them", { timeout: fuzzMs + 60_000 }, () => {
  const prefixes = prefixesOf("app", { v1: "/%/v1/events", v2: "/%/v2/events", events: "/%/events" }, "%");
  let routed = 0;
  rounds(10_000, (random) => {
    const start = pick(random, [
      "/app/events",
      "/app/v1/events",
      "/app/v2/events/x",
      "http://h/app/events",
      "/app/events?x=/../#",
      textOf(random, pieces, 8),
    ]);
    const target = mutated(random, start, pieces);
    const expected = reference(target);
    const read = readTarget(target);
    const outcome =
      typeof read === "string"
        ? read === "not_canonical"
          ? "refused"
          : read
        : { application: read.application, segments: read.decoded.slice(1).split("/") };
    expect([target, outcome]).toEqual([target, expected]);
    if (typeof read === "string" || typeof expected === "string") return;
    // Byte for byte what came: whoever reads it next decides about the same path.
    expect(target.endsWith(read.path + read.query) || `/${target}`.endsWith(read.query)).toBe(true);
    const [first, second, third] = expected.segments;
    const route =
      first !== "app"
        ? undefined
        : second === "events"
          ? "events"
          : third === "events" && (second === "v1" || second === "v2")
            ? second
            : undefined;
    expect([target, chooseRoute(read.decoded, prefixes)]).toEqual([target, route]);
    if (route !== undefined) routed++;
  });
  expect(routed).toBeGreaterThan(300);
});
