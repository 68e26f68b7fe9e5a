import { type Applier, KubeError } from "@application-connector/kube";
import { describe, expect, test } from "vitest";
import { StatusWriter } from "./status-writer.ts";

const application = { metadata: { name: "a", uid: "u", resourceVersion: "1" } };
const ready = { type: "Ready", status: "True", reason: "Fine", message: "m" } as const;
const broken = { ...ready, status: "False" } as const;

describe("a writer of conditions", () => {
  test("says whether it was the one who wrote", async () => {
    const { write, answers } = world();
    answers.push({ changed: true }, { changed: false });
    expect(await write([ready])).toBe("written");
    expect(await write([broken])).toBe("unchanged");
  });

  test("does not fight somebody who writes other conditions: it waits longer each time", async () => {
    const { write, clock, calls } = world();
    expect(await write([ready])).toBe("written");
    expect(await write([ready])).toBe("held");
    for (const waitMs of [10_000, 20_000, 40_000]) {
      clock.now += waitMs - 1;
      expect(await write([ready])).toBe("held");
      clock.now += 1;
      expect(await write([ready])).toBe("written");
    }
    expect(calls.length).toBe(4);
  });

  test("waits for nothing when it has something else to say", async () => {
    const { write } = world();
    expect(await write([ready])).toBe("written");
    expect(await write([broken])).toBe("written");
    expect(await write([ready])).toBe("written");
  });

  test("that is not allowed to says so once, and leaves the API server alone for a while", async () => {
    const { write, answers, clock, calls, warnings } = world();
    const forbidden = new KubeError("no", { status: 403, reason: "Forbidden" });
    answers.push(forbidden, forbidden, { changed: true }, forbidden);
    expect(await write([ready])).toBe("refused");
    expect(await write([broken])).toBe("refused");
    expect(calls.length).toBe(1);
    clock.now += 600_000;
    expect(await write([broken])).toBe("refused");
    expect(calls.length).toBe(2);
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatchObject({ remedy: expect.stringContaining("applications/status") });
    clock.now += 600_000;
    expect(await write([broken])).toBe("written");
    expect(await write([ready])).toBe("refused");
    expect(warnings.length).toBe(2);
  });

  test.each([
    ["is away", new Error("ECONNREFUSED"), "failed"],
    ["is overloaded", new KubeError("later", { status: 503, reason: "ServiceUnavailable" }), "failed"],
    ["does not know it any more", new KubeError("gone", { status: 404, reason: "NotFound" }), "unchanged"],
  ])("tells when the API server %s", async (_, error, outcome) => {
    const { write, answers, warnings } = world();
    answers.push(error);
    expect(await write([ready])).toBe(outcome);
    expect(warnings).toEqual([]);
  });
});

function world() {
  const clock = { now: 0 };
  const answers: (Error | { changed: boolean })[] = [];
  const calls: unknown[] = [];
  const warnings: object[] = [];
  const applier = {
    fieldManager: "application-gateway",
    async apply(_: unknown, desired: unknown) {
      calls.push(desired);
      const answer = answers.shift() ?? { changed: true };
      if (answer instanceof Error) throw answer;
      return { object: desired, ...answer };
    },
  } as unknown as Applier;
  const writer = new StatusWriter({
    applier,
    log: { warn: (fields) => warnings.push(fields) },
    now: () => clock.now,
    refusedMs: 600_000,
    signal: new AbortController().signal,
  });
  return {
    clock,
    answers,
    calls,
    warnings,
    write: (conditions: Parameters<typeof writer.write>[1]) => writer.write(application, conditions),
  };
}
