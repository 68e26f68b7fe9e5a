import { describe, expect, test } from "vitest";
import { readSettings, unrestricted } from "./settings.ts";

const digest = "ab".repeat(32);
const read = (annotations: Record<string, unknown>, previous = undefined as typeof unrestricted | undefined) =>
  readSettings(annotations, "in.example", { ...unrestricted, maxBodyBytes: 1000 }, previous);

test("without annotations the defaults count, and annotations of others do not", () => {
  expect(read({ "other/rate-limit": "1/s", "in.example.com/paused": "true" })).toEqual({
    settings: { ...unrestricted, maxBodyBytes: 1000 },
    mistakes: [],
  });
});

describe("what an annotation says", () => {
  test.each([
    ["allowed-sources", " a , b/c,,", { allowedSources: new Set(["a", "b/c"]) }],
    ["allowed-sources", "", { allowedSources: new Set() }],
    ["source-policy", "rewrite", { sourcePolicy: "rewrite" }],
    ["rate-limit", "100/s;burst=200", { rateLimit: { perSecond: 100, burst: 200 } }],
    ["rate-limit", "90/m", { rateLimit: { perSecond: 1.5, burst: 2 } }],
    ["max-body-bytes", "65536", { maxBodyBytes: 65_536 }],
    ["max-body-bytes", "2Mi", { maxBodyBytes: 2 * 1024 * 1024 }],
    ["max-body-bytes", "0", { maxBodyBytes: 0 }],
    [
      "cert-sha256",
      `${digest},${digest.toUpperCase().replace(/(..)(?=.)/g, "$1:")}`,
      { certSha256: new Set([digest]) },
    ],
    ["cert-sha256", "", { certSha256: new Set() }],
    ["paused", " true ", { paused: true }],
    ["paused", "false", { paused: false }],
  ])("%s: %s", (name, text, expected) => {
    const { settings, mistakes } = read({ [`in.example/${name}`]: text });
    expect(settings).toMatchObject(expected);
    expect(mistakes).toEqual([]);
  });
});

describe("what cannot be read keeps what was said before, and restricts when nothing was", () => {
  const before = {
    ...unrestricted,
    rateLimit: { perSecond: 5, burst: 5 },
    certSha256: new Set([digest]),
    sourcePolicy: "rewrite",
  } as const;
  test.each([
    ["allowed-event-types", "order created", { allowedTypes: [] }],
    ["allowed-event-types", "order.**.v1", { allowedTypes: [] }],
    ["source-policy", "strict", { sourcePolicy: "match" }],
    ["rate-limit", "0/s", { rateLimit: undefined }],
    ["rate-limit", "fast", { rateLimit: undefined }],
    ["rate-limit", "1/s;burst=0", { rateLimit: undefined }],
    ["max-body-bytes", "-1", { maxBodyBytes: 1000 }],
    ["max-body-bytes", "1MB", { maxBodyBytes: 1000 }],
    ["cert-sha256", "ab:cd", { certSha256: new Set() }],
    ["cert-sha256", `${digest},x`, { certSha256: new Set() }],
    ["paused", "yes", { paused: true }],
    ["paused", 1, { paused: true }],
  ])("%s: %s", (name, text, alone) => {
    const annotation = `in.example/${name}`;
    const first = read({ [annotation]: text });
    expect(first.settings).toMatchObject(alone);
    expect(first.mistakes).toEqual([{ annotation, problem: expect.stringMatching(/^must be /) }]);
    const later = read({ [annotation]: text }, before);
    expect(later.settings).toMatchObject({ ...pick(before, alone) });
    expect(later.mistakes).toHaveLength(1);
  });
});

test("a name that nobody knows is a mistake", () => {
  const { mistakes } = read({ "in.example/ratelimit": "1/s" });
  expect(mistakes).toEqual([{ annotation: "in.example/ratelimit", problem: expect.stringContaining("rate-limit") }]);
});

function pick(from: object, like: object): object {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name in like));
}
