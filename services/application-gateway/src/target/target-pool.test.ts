import { createAuthority } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { type TargetIdentity, TargetPool } from "./target-pool.ts";
import { parseTargetUrl, type TargetUrl } from "./target-url.ts";

describe("APIs share a target", () => {
  test.each([
    ["http://h/a", "http://H:80/b"],
    ["https://h/a?x", "https://user@h:443"],
  ])("with the same identity: %s and %s", (one, other) => {
    const { acquire } = world();
    expect(acquire(one).target).toBe(acquire(other).target);
  });

  test("over plain HTTP, whatever they say about TLS", () => {
    const { acquire } = world();
    expect(acquire("http://h", { skipVerify: true }).target).toBe(acquire("http://h").target);
  });
});

describe("APIs never share a target", () => {
  test.each<[string, Parameters<ReturnType<typeof world>["acquire"]>]>([
    ["another scheme", ["http://h:443"]],
    ["another host", ["https://g"]],
    ["another port", ["https://h:444"]],
    ["no verification", ["https://h", { skipVerify: true }]],
    ["another authority", ["https://h", { ca: createAuthority({ subject: "CN=private" }).certificate }]],
    ["pinned keys", ["https://h", { pins: ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="] }]],
    ["HTTP/1.1 only", ["https://h", { http2: false }]],
    ["a forward proxy", ["https://h", { proxy: { origin: "http://proxy" } }]],
    ["another time to connect", ["https://h", { connectTimeoutMs: 2_000 }]],
    ["another number of calls", ["https://h", { maxConcurrent: 1 }]],
    ["another queue", ["https://h", { maxQueued: 0 }]],
    ["a circuit breaker", ["https://h", { circuit: { failures: 3, openMs: 1_000 } }]],
  ])("with %s", (_, other) => {
    const { acquire } = world();
    expect(acquire(...other).target).not.toBe(acquire("https://h").target);
  });
});

test("the last API to go closes its target, and each goes once", () => {
  const { pool, acquire } = world();
  const [one, two] = [acquire("http://h"), acquire("http://h")];
  one.release();
  one.release();
  expect(pool.size).toBe(1);
  two.release();
  expect(pool.size).toBe(0);
  expect(acquire("http://h").target).not.toBe(one.target);
});

test("a target that nobody calls costs next to nothing", () => {
  const { acquire } = world();
  const before = process.memoryUsage().rss;
  for (let host = 0; host < 5_000; host++) acquire(`https://h${host}`);
  // With a TLS context for each it would be more than 100 MiB.
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(40);
});

test("a call under way keeps its target open, whoever goes meanwhile", () => {
  const { pool, acquire } = world();
  const lease = acquire("http://h");
  lease.hold();
  lease.release();
  expect(acquire("http://h").target).toBe(lease.target);
  expect(pool.size).toBe(1);
  lease.letGo();
  lease.release();
  expect(pool.size).toBe(1);
});

function world() {
  const pool = new TargetPool();
  const acquire = (url: string, options: Partial<TargetIdentity> = {}) =>
    pool.acquire({
      url: parseTargetUrl(url) as TargetUrl,
      skipVerify: false,
      http2: true,
      connectTimeoutMs: 1_000,
      maxConcurrent: 10,
      maxQueued: 10,
      ...options,
    });
  return { pool, acquire };
}
