import type { CompassConnection } from "@application-connector/crds";
import { describe, expect, test } from "vitest";
import { createAgenda, type Look } from "./agenda.ts";

const connection = (version: string, spec: object = {}, connectionState = "Synchronized"): CompassConnection => ({
  metadata: { name: "compass-connection", resourceVersion: version },
  spec: { managementInfo: { connectorUrl: "c", directorUrl: "d" }, ...spec },
  status: { connectionState, connectionStatus: { certificateStatus: {} } },
});

const look = (of: Partial<Look> = {}): Look => ({
  connection: connection("1"),
  freshToken: undefined,
  isPaired: true,
  ...of,
});

function clocked(periodMs: number, minimalMs: number, random = 0.5) {
  const clock = { ms: 1_000_000 };
  return { clock, agenda: createAgenda({ periodMs, minimalMs, random: () => random, now: () => clock.ms }) };
}

test("RA-44 a side of UCL that fails for a minute is asked at most 13 times, though it is asked for all the time", () => {
  for (const random of [0, 0.01, 0.5, 0.99]) {
    const { clock, agenda } = clocked(20_000, 5_000, random);
    const asked = look({ connection: connection("1", { resyncNow: true }) });
    let calls = 0;
    for (const end = clock.ms + 60_000; clock.ms <= end; clock.ms += 100) {
      if (agenda.timeToNextRound(asked) > 0) continue;
      agenda.begun(asked);
      calls++;
      agenda.director.failed();
      agenda.ended("1", true);
    }
    expect(calls).toBeLessThanOrEqual(13);
    expect(calls).toBeGreaterThan(1);
  }
});

describe("after a restart", () => {
  test("a connection that works waits for a part of the period", () => {
    expect(clocked(180_000, 15_000).agenda.timeToNextRound(look())).toBe(90_000);
  });

  test.each([
    ["that does not work", look({ connection: connection("1", {}, "SynchronizationFailed") })],
    ["without a certificate", look({ isPaired: false })],
    ["that there is not yet", look({ connection: undefined })],
    ["that is asked to synchronise", look({ connection: connection("1", { resyncNow: true }) })],
    ["that is to get a new certificate", look({ connection: connection("1", { refreshCredentialsNow: true }) })],
    ["with a new token", look({ freshToken: "hash" })],
  ])("one %s does not", (_, first) => {
    expect(clocked(180_000, 15_000).agenda.timeToNextRound(first)).toBe(0);
  });
});

test("a round is followed by the next one after the period, and what was written by it is no reason for one", () => {
  const { clock, agenda } = clocked(180_000, 15_000);
  agenda.timeToNextRound(look({ connection: undefined }));
  agenda.begun(look({ connection: undefined }));
  clock.ms += 30_000;
  agenda.ended("7", false);
  const after = look({ connection: connection("7") });
  expect(agenda.timeToNextRound(after)).toBe(189_000);
  expect(agenda.timeToNextRound(look({ connection: connection("8") }))).toBe(0);
});

test("a token is tried at once, and once", () => {
  const { agenda } = clocked(180_000, 15_000);
  const first = look({ freshToken: "a" });
  agenda.begun(first);
  agenda.connector.failed();
  agenda.ended("1", true);
  expect(agenda.timeToNextRound(first)).toBeGreaterThan(0);
  expect(agenda.timeToNextRound(look({ freshToken: "b" }))).toBe(0);
});
