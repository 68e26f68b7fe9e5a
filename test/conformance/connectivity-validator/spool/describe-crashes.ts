import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Mood, type Receiver, startReceiver } from "./receiver.ts";
import { type Sender, startSender } from "./sender.ts";
import { buildPrograms } from "./validator-program.ts";

const applications = ["a0", "a1", "a2", "a3"];
const moods: readonly Mood[] = ["well", "failing", "broken", "slow", "cutting"];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function world() {
  const receiver = await startReceiver();
  const programs = await buildPrograms(applications);
  onTestFinished(async () => {
    await programs.stop();
    await receiver.stop();
  });
  const flags = (folder: string, ...more: string[]) => [
    `--eventingPublisherHost=127.0.0.1:${receiver.port}`,
    "--delivery=spool",
    "--eventingBatches=on",
    `--spoolDir=${join(programs.folder, folder)}`,
    "--proxyTimeout=2s",
    ...more,
  ];
  return { receiver, programs, flags };
}

/** The real program is killed at random points under load, as often as said, and loses nothing. */
export function describeCrashes(rounds: number, seed: number, timeoutMs: number): void {
  test(
    `CV-53 killed ${rounds} times at random points (seed ${seed}): every acknowledged event arrives, same id, in order`,
    async () => {
      const random = randomFrom(seed);
      const { receiver, programs, flags } = await world();
      const replica = await programs.replica();
      const start = () => replica.start(flags("spool", `--spoolMode=${random() < 0.5 ? "always" : "on-failure"}`));
      start();
      const senders = applications.map((application) => startSender(application, [replica.port]));
      for (let round = 0; round < rounds; round++) {
        receiver.mood = moods[Math.floor(random() * moods.length)] as Mood;
        const before = acknowledgedOf(senders);
        await expect.poll(() => acknowledgedOf(senders), { timeout: 30_000, interval: 5 }).toBeGreaterThan(before);
        await sleep(random() * 100);
        if (random() < 0.5) receiver.mood = moods[Math.floor(random() * moods.length)] as Mood;
        await sleep(random() * 100);
        await replica.end("SIGKILL");
        start();
      }
      receiver.mood = "well";
      await Promise.all(senders.map((sender) => sender.stop()));
      await expectAll(senders, receiver);
      for (const [source, ids] of receiver.ids)
        expect(ids, `order of ${source}`).toEqual(ids.toSorted((one, other) => Number(one) - Number(other)));
      expect(senders.reduce((sum, { queued }) => sum + queued, 0)).toBeGreaterThan(rounds);
      expect(await replica.end("SIGTERM")).toBe(0);
      expect(replica.log).not.toContain("are damaged");
    },
    timeoutMs,
  );
}

/** One of two replicas is killed and one is rolled, as often as said, while events come and Eventing has its moods. */
export function describeReplicas(rounds: number, timeoutMs: number): void {
  test(
    "two replicas under load, one killed, one rolled: no acknowledged event is missing",
    async () => {
      const { receiver, programs, flags } = await world();
      const replicas = [await programs.replica(), await programs.replica()] as const;
      for (const [index, replica] of replicas.entries()) replica.start(flags(`spool-${index}`));
      const ports = replicas.map(({ port }) => port);
      const senders = applications.map((application) => startSender(application, ports));
      for (let round = 0; round < rounds; round++) {
        for (const mood of ["well", "failing"] as const) {
          receiver.mood = mood;
          const before = acknowledgedOf(senders);
          await expect.poll(() => acknowledgedOf(senders), { timeout: 30_000 }).toBeGreaterThan(before + 30);
        }
        await replicas[0].end("SIGKILL");
        replicas[0].start(flags("spool-0"));
        // One that is still starting would end by the signal itself.
        await expect.poll(() => replicas[1].isReady(), { timeout: 30_000 }).toBe(true);
        // Eventing is away: it must leave what it has to the next start.
        expect(await replicas[1].end("SIGTERM")).toBe(0);
        replicas[1].start(flags("spool-1"));
        const before = acknowledgedOf(senders);
        await expect.poll(() => acknowledgedOf(senders), { timeout: 30_000 }).toBeGreaterThan(before);
      }
      receiver.mood = "well";
      await Promise.all(senders.map((sender) => sender.stop()));
      await expectAll(senders, receiver);
    },
    timeoutMs,
  );
}

const acknowledgedOf = (senders: readonly Sender[]): number =>
  senders.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);

async function expectAll(senders: readonly Sender[], receiver: Receiver): Promise<void> {
  const missing = () =>
    senders.flatMap(({ application, acknowledged }) =>
      acknowledged.filter((id) => !receiver.has(application, id)).map((id) => `${application} ${id}`),
    );
  await expect.poll(() => missing().length, { timeout: 60_000, interval: 50 }).toBe(0);
}
