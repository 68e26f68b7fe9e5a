import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { X } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { otherValidator } from "./other/other-validator.ts";
import { application, reference, startWorld, type World } from "./world.ts";

interface Reported {
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

const flags = ["--applicationStatus", "--applicationStatusInterval=1s"];
const conditionsOf = (world: World, name: string) =>
  (world.kubeApi.get(reference(name)) as Reported | undefined)?.status?.conditions ?? [];
const told = (world: World, name: string) =>
  conditionsOf(world, name).map(({ type, status, reason, message }) => {
    return `${type} ${status} ${reason}: ${message.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, "T")}`;
  });
const post = (world: World, name: string, commonName = name) =>
  world.call(`/${name}/events`, {
    xfcc: X("strict", `CN=${commonName}`),
    headers: binaryEvent(name),
    body: anyBody,
  });
const soon = { timeout: 10_000 };
const accepted = "EventsAccepted True EventAccepted: The last event was accepted at T";
const refused = "EventsRefused True SubjectMismatch: The last refusal was at T: subject_mismatch";

describe.skipIf(otherValidator !== undefined)("B-18 the status of an Application", () => {
  let world: World;
  beforeAll(async () => {
    const applications = ["std", "quiet", "other"].map((name) => application(name));
    world = await startWorld({ profile: "strict", flags, applications });
    const theirs = { type: "Ready", status: "True", reason: "ApisCallable", message: "of the gateway" };
    const conditions = [{ ...theirs, lastTransitionTime: "2030-01-01T00:00:00Z" }];
    world.kubeApi.patchObject(reference("other"), { status: { conditions } }, { subresource: "status" });
  });
  afterAll(() => world.stop());

  test("says when an event was accepted, and why one was refused", async () => {
    await post(world, "std");
    await expect.poll(() => told(world, "std"), soon).toEqual([accepted]);
    await post(world, "std", "stranger");
    await expect.poll(() => told(world, "std"), soon).toEqual([accepted, refused]);
    expect(told(world, "quiet")).toEqual([]);
  });

  test("goes on with the latest, and leaves what others wrote", async () => {
    await post(world, "other");
    await expect.poll(() => told(world, "other"), soon).toContain(accepted);
    const before = conditionsOf(world, "other").find(({ type }) => type === "EventsAccepted")?.message;
    const later = async () => {
      await post(world, "other");
      return conditionsOf(world, "other").find(({ type }) => type === "EventsAccepted")?.message;
    };
    await expect.poll(later, soon).not.toBe(before);
    expect(told(world, "other")).toContain("Ready True ApisCallable: of the gateway");
  });
});

test.skipIf(otherValidator !== undefined)("without the flag nothing is written", async () => {
  const world = await startWorld({ profile: "strict" });
  onTestFinished(() => world.stop());
  const before = world.kubeApi.get(reference("std"));
  await post(world, "std");
  expect(world.kubeApi.get(reference("std"))).toEqual(before);
});
