import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig, schema } from "@application-connector/connectivity-validator";
import { loadConfig } from "@application-connector/service";
import { describe, expect, onTestFinished, test } from "vitest";
import { X } from "../certificates.ts";
import { anyBody, binaryEvent } from "../events.ts";
import { manifestFlags, startWorld, type World } from "../world.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spool-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A validator with a spool in front of an Eventing with moods. */
async function spooled(folder: string, flags: string[] = []): Promise<World & { receiver: Receiver }> {
  const receiver = await startReceiver();
  const own = [`--eventingPublisherHost=127.0.0.1:${receiver.port}`, "--delivery=spool", `--spoolDir=${folder}`];
  const world = await startWorld({ profile: "strict", flags: [...own, ...flags] });
  onTestFinished(async () => {
    await world.stop();
    await receiver.stop();
  });
  return { ...world, receiver };
}

const xfcc = X("strict", "CN=std");
const send = ({ call }: World, id: string, body = anyBody) =>
  call("/std/events", { xfcc, headers: binaryEvent("std", id), body });
const said = (response: Awaited<ReturnType<typeof send>>) => [response.status, response.header("delivery")];

test("an outage of Eventing is bridged: events are queued, and arrive in order when it is over", async () => {
  const world = await spooled(await emptyFolder(), ["--circuitBreaker=on"]);
  const { receiver } = world;
  expect(said(await send(world, "0"))).toEqual([204, undefined]);
  receiver.mood = "failing";
  for (const id of ["1", "2"]) expect(said(await send(world, id))).toEqual([204, "queued"]);
  const batch = JSON.stringify(
    ["3", "4"].map((id) => ({ specversion: "1.0", id, source: "std", type: "order.created.v1" })),
  );
  const headers = ["Content-Type: application/cloudevents-batch+json"];
  expect(said(await world.call("/std/events", { xfcc, headers, body: batch }))).toEqual([204, "queued"]);
  const { text } = await world.health("/metrics");
  expect(text).toContain('connectivity_validator_spool_events{application="std"} 4');
  expect(text).toContain("connectivity_validator_spool_stored_total 4");
  expect((await world.health("/readyz")).status).toBe(200);
  receiver.mood = "well";
  await expect.poll(() => receiver.ids.get("std"), { timeout: 10_000 }).toEqual(["0", "1", "2", "3", "4"]);
  await expect.poll(async () => said(await send(world, "5"))).toEqual([204, undefined]);
});

test("what is no event is refused, also where events are not checked: it could only be given up later", async () => {
  const world = await spooled(await emptyFolder(), ["--ceValidation=off", "--sourcePolicy=any"]);
  world.receiver.mood = "failing";
  const noId = binaryEvent("std").filter((line) => !line.startsWith("Ce-Id"));
  expect((await world.call("/std/events", { xfcc, headers: noId, body: anyBody })).status).toBe(400);
  expect((await world.call("/std/v1/events", { xfcc, body: "{}" })).status).toBe(400);
});

test("no room left: 429 with Retry-After, and other Applications' events are still kept", async () => {
  const flags = ["--spoolMaxBytesPerApp=65536", "--spoolMode=always"];
  const world = await spooled(await emptyFolder(), flags);
  world.receiver.mood = "broken";
  const body = JSON.stringify("x".repeat(10_000));
  const statuses: number[] = [];
  for (let at = 0; at < 10; at++) statuses.push((await send(world, `${at}`, body)).status);
  expect(statuses.filter((status) => status === 204).length).toBe(6);
  const refused = await send(world, "last", body);
  expect([refused.status, refused.header("error-reason"), refused.header("retry-after")]).toEqual([
    429,
    "spool_full",
    "5",
  ]);
  const other = await world.call("/ucl/events", {
    xfcc: X("strict", "CN=clientId1"),
    headers: binaryEvent("ucl"),
    body: anyBody,
  });
  expect(said(other)).toEqual([204, "queued"]);
});

test("a spool without a folder is a mistake in the settings", () => {
  const flags = [...manifestFlags, "--delivery=spool"];
  expect(() => loadConfig(schema, flags, {}, checkConfig)).toThrow("--delivery=spool needs --spoolDir");
});

const withoutMounts = "a file system cannot be mounted here; injected faults show the same";

/** Puts a disk in the folder's place until the test ends or `remove` is called; undefined when this machine has none for us. */
function mounted(folder: string, options: string): { remove(): void } | undefined {
  if (spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status !== 0) return undefined;
  let isThere = true;
  const remove = () => {
    if (isThere) spawnSync("umount", ["-l", folder]);
    isThere = false;
  };
  onTestFinished(remove);
  return { remove };
}

describe("a real disk", () => {
  test("that is full: 429, still ready, and events go on as soon as there is room", async ({ skip }) => {
    const folder = await emptyFolder();
    if (mounted(folder, "size=256k") === undefined) return skip(withoutMounts);
    const world = await spooled(folder);
    world.receiver.mood = "failing";
    const body = JSON.stringify("x".repeat(20_000));
    let stored = 0;
    while ((await send(world, `${stored}`, body)).status === 204) stored++;
    expect(stored).toBeGreaterThan(5);
    const refused = await send(world, "refused", body);
    expect([refused.status, refused.header("error-reason")]).toEqual([429, "spool_full"]);
    expect((await world.health("/readyz")).status).toBe(200);
    world.receiver.mood = "well";
    await expect.poll(() => world.receiver.ids.get("std"), { timeout: 15_000 }).toHaveLength(stored);
    expect(world.receiver.ids.get("std")).toEqual(Array.from({ length: stored }, (_, at) => `${at}`));
    await expect.poll(async () => said(await send(world, "after", body)), { timeout: 5_000 }).toEqual([204, undefined]);
  });

  test("that is read-only: not ready, and Eventing's failure is the answer; it is noticed when it can be written", async ({
    skip,
  }) => {
    const folder = await emptyFolder();
    const world = await spooled(folder);
    const disk = mounted(join(folder, "queue"), "ro");
    if (disk === undefined) return skip(withoutMounts);
    world.receiver.mood = "failing";
    const response = await send(world, "1");
    expect([response.status, response.header("target-system-status")]).toEqual([502, "503"]);
    const { status, text } = await world.health("/readyz");
    expect(status).toBe(503);
    expect(text).toContain("the spool cannot be written");
    world.receiver.mood = "well";
    expect(said(await send(world, "2"))).toEqual([204, undefined]);
    disk.remove();
    await expect.poll(async () => (await world.health("/readyz")).status, { timeout: 5_000 }).toBe(200);
  });
});
