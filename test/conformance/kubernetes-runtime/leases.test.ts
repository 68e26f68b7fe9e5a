import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type ConfigMap,
  configMaps,
  createClient,
  createLeaderElector,
  type LeaderElector,
  type LeaderElectorOptions,
  type Lease,
  leases,
  loadCluster,
} from "@application-connector/kube";
import { createManualClock, type ManualClock } from "@application-connector/kube/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { ElectorTask } from "./elector-process.ts";
import { type ApiServer, startApiServer } from "./servers.ts";
import { create, createWorld, metric, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const name = "leader";
const slow = { timeout: 15_000 };
const leaseOf = ({ admin, namespace }: World): Promise<Lease> => admin.get(leases, { name, namespace });
const sixDigits = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

interface Candidate {
  process: ChildProcess;
  lines: string[];
  says(line: string, withinMs?: number): Promise<void>;
}

/** A candidate in a process of its own, which may be stopped and killed. */
function startCandidate(world: World, identity: string, more: Partial<ElectorTask> = {}): Candidate {
  const { namespace } = world;
  const task: ElectorTask = { kubeconfigText: server.kubeconfig(), namespace, name, identity, ...more };
  const program = fileURLToPath(new URL("./elector-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const says = (line: string, withinMs = 30_000) =>
    until(`${identity} says ${line}`, () => lines.includes(line), withinMs);
  return { process: child, lines, says };
}

/** Short ones: that the usual ones are kept to is shown below, by a clock that is moved. */
const durations = { leaseDurationMs: 5_000, renewDeadlineMs: 3_500, retryPeriodMs: 500 };

test("KR-19 the lease of a leader that is killed is taken, and so is that of one that stops", async () => {
  const world = await createWorld(server);
  const first = startCandidate(world, "first", durations);
  await first.says("leads");
  const made = await leaseOf(world);
  expect(made.spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 5, leaseTransitions: 0 });
  const second = startCandidate(world, "second", durations);
  const third = startCandidate(world, "third", durations);
  await expect.poll(async () => (await leaseOf(world)).spec?.renewTime, slow).not.toBe(made.spec?.renewTime);
  await Promise.all([second, third].map((candidate) => candidate.says("waits")));

  first.process.kill("SIGKILL");
  const leads = ({ lines }: Candidate): boolean => lines.includes("leads");
  await until("another one leads", () => leads(second) || leads(third), 30_000);
  const taken = await leaseOf(world);
  expect(taken.spec?.leaseTransitions).toBe(1);

  const [leader, follower] = leads(second) ? [second, third] : [third, second];
  leader.process.kill("SIGTERM");
  await leader.says("stopped");
  await follower.says("leads");
  const { spec } = await leaseOf(world);
  expect(spec).toMatchObject({ holderIdentity: follower === second ? "second" : "third", leaseTransitions: 2 });
  expect(spec?.acquireTime).toMatch(sixDigits);
  expect(spec?.renewTime).toMatch(sixDigits);
  expect([...second.lines, ...third.lines].filter((line) => line === "leads")).toHaveLength(2);
}, 90_000);

test("KR-20 a leader that was stopped and goes on later writes nothing more", async () => {
  const world = await createWorld(server);
  const { namespace, admin, informers } = world;
  await create(world, "target");
  const writers: string[] = [];
  const note = ({ data, metadata }: ConfigMap): void => {
    const writer = data?.["writer"];
    if (metadata.name === "target" && writer !== undefined && writers.at(-1) !== writer) writers.push(writer);
  };
  informers.informer(configMaps, { namespace }).subscribe({ update: (_, now) => note(now) });
  const task = { ...durations, target: "target" };
  const first = startCandidate(world, "first", task);
  await until("the first writes", () => writers.includes("first"));
  const second = startCandidate(world, "second", task);
  await second.says("waits");

  first.process.kill("SIGSTOP");
  await until("the second writes", () => writers.includes("second"));
  first.process.kill("SIGCONT");
  await first.says("lost LeadershipLostError");
  const version = async () => (await admin.get(configMaps, { name: "target", namespace })).metadata.resourceVersion;
  await expect.poll(version, slow).not.toBe(await version());
  expect(writers).toEqual(["first", "second"]);
  expect(second.lines).toEqual(["waits", "leads"]);
});

/** An elector whose clock a test moves, and makes jump without anybody having noticed. */
async function createElector(options: Partial<LeaderElectorOptions> = {}) {
  const world = await createWorld(server, { time: "manual" });
  const manual = world.clock;
  let jumpedMs = 0;
  const clock = { ...manual, now: () => manual.now() + jumpedMs, setTimeout: manual.setTimeout };
  const { client, namespace, metrics } = world;
  const start = (identity: string, more: Partial<LeaderElectorOptions> = {}) => {
    const elector = createLeaderElector(client, {
      namespace,
      name,
      identity,
      clock,
      metrics,
      random: () => 0.5,
      ...options,
      ...more,
    });
    onTestFinished(() => elector.stop());
    return elector;
  };
  const jump = (ms: number): void => {
    jumpedMs += ms;
  };
  /** Time passes in steps that let every answer arrive. */
  const pass = async (ms: number, hanging = 0): Promise<void> => {
    for (let left = ms; left > 0; left -= 100) {
      await manual.advance(Math.min(100, left));
      await until("all answers are there", () => world.proxy.busy <= hanging);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const writes = (): number => world.proxy.requests.filter(({ method }) => method !== "GET").length;
  return { world, start, jump, pass, writes };
}

test.each([
  { leader: "was killed", end: ({ client }: World) => client.stop(), afterMs: 12_000, withinMs: 17_000 },
  { leader: "stopped", end: (_: World, elector: LeaderElector) => elector.stop(), afterMs: 0, withinMs: 3_000 },
])("KR-19 the longest pauses included, the lease of a leader that $leader is taken in time", async (row) => {
  const { world, start, pass } = await createElector({ random: () => 1 });
  const other = createClient(loadCluster({ kubeconfigText: server.kubeconfig() }), { clock: createManualClock() });
  onTestFinished(() => other.stop());
  const first = start("first");
  await first.lead();
  const second = createLeaderElector(other, { namespace: world.namespace, name, identity: "second", random: () => 1 });
  onTestFinished(() => second.stop());
  const clock = other.clock as ManualClock;
  const leading = second.lead();
  let passedMs = 0;
  const passBoth = async (ms: number, isDone = (): boolean => false): Promise<void> => {
    for (let left = ms; left > 0 && !isDone(); left -= 100) {
      await clock.advance(100);
      await pass(100);
      await new Promise((resolve) => setTimeout(resolve, 5));
      passedMs += 100;
    }
  };
  await until("the second looked", () => second.holder === "first");
  await passBoth(5_000);
  await row.end(world, first);
  passedMs = 0;
  await passBoth(30_000, () => second.isLeader);
  await leading;
  expect(passedMs).toBeGreaterThan(row.afterMs);
  expect(passedMs).toBeLessThanOrEqual(row.withinMs);
  expect((await leaseOf(world)).spec).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
});

test("KR-20 after a standstill no write leaves, before any timer has run", async () => {
  const { world, start, jump, writes } = await createElector();
  const leadership = await start("us").lead();
  const guarded = world.client.guarded(leadership);
  const target = await create(world, "target");
  await guarded.apply(configMaps, target, { fieldManager: "test", force: true });
  expect(await metric(world, "leader_election_status", { name })).toBe(1);
  const before = writes();

  jump(30_000);
  expect(leadership.signal.aborted).toBe(false);
  await expect(guarded.replace(configMaps, target)).rejects.toMatchObject({ name: "LeadershipLostError" });
  expect(leadership.signal.aborted).toBe(true);
  expect(() => leadership.check()).toThrow("not renewed for 10000 ms");
  expect(writes()).toBe(before);
  expect(await guarded.get(configMaps, { name: "target", namespace: world.namespace })).toBeDefined();
  expect(await metric(world, "leader_election_status", { name })).toBe(0);
});

test("KR-20 a write that waits for an answer is broken off when leadership is lost", async () => {
  const { world, start, pass } = await createElector();
  const leadership = await start("us").lead();
  const target = await create(world, "target");
  world.proxy.answer(({ path }) => path.endsWith("/target"), { hang: true });
  const write = world.client
    .guarded(leadership)
    .replace(configMaps, target)
    .catch((error: Error) => error);
  await until("the write is on its way", () => world.proxy.requests.some(({ path }) => path.endsWith("/target")));
  world.proxy.answer(({ path }) => path.endsWith(`/${name}`), { status: 503 }, 100);
  await pass(10_000, 1);
  expect(await write).toMatchObject({ name: "LeadershipLostError" });
});

test("a leader that cannot renew its lease stops leading after 10 s, and may lead again", async () => {
  const { world, start, pass } = await createElector();
  const elector = start("us");
  const leadership = await elector.lead();
  await pass(5_000);
  world.proxy.answer(({ path }) => path.endsWith(`/${name}`), { status: 503 }, 1_000);
  await pass(8_000);
  expect([leadership.signal.aborted, elector.isLeader]).toEqual([false, true]);
  await pass(2_100);
  expect([leadership.signal.aborted, elector.isLeader]).toEqual([true, false]);
  world.proxy.heal();
  const again = await elector.lead();
  expect([again.signal.aborted, elector.isLeader]).toEqual([false, true]);
});

test.each([
  { hours: 2, what: "ahead of" },
  { hours: -2, what: "behind" },
])("KR-21 a holder whose clock is two hours $what ours has as long as we see it renew", async ({ hours }) => {
  const { world, start, pass } = await createElector();
  const { admin, namespace } = world;
  const skewed = (): string => `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, -1)}000Z`;
  let lease = await admin.create(leases, {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace },
    spec: { holderIdentity: "other", leaseDurationSeconds: 15, renewTime: skewed(), leaseTransitions: 4 },
  });
  const elector = start("us");
  let leads = false;
  const leading = elector.lead().then(() => {
    leads = true;
  });
  await pass(14_000);
  lease = await admin.replace(leases, { ...lease, spec: { ...lease.spec, renewTime: skewed() } });
  await pass(14_000);
  expect([leads, elector.holder]).toEqual([false, "other"]);
  await pass(3_000);
  await leading;
  expect((await leaseOf(world)).spec).toMatchObject({ holderIdentity: "us", leaseTransitions: 5 });
});

test("of two that want a free lease one gets it, and the other waits", async () => {
  const { world, start, pass } = await createElector();
  const [one, two] = [start("one"), start("two")];
  const winner = await Promise.race([one.lead().then(() => one), two.lead().then(() => two)]);
  const loser = winner === one ? two : one;
  await pass(20_000);
  expect([winner.isLeader, loser.isLeader, loser.holder]).toEqual([true, false, winner.identity]);
  expect((await leaseOf(world)).spec?.leaseTransitions).toBe(0);
  const taken = loser.lead();
  await winner.stop();
  await pass(2_000);
  await taken;
  expect((await leaseOf(world)).spec).toMatchObject({ holderIdentity: loser.identity, leaseTransitions: 1 });
});

test("a renewal whose answer got lost is no reason to stop leading; nor is somebody else's label", async () => {
  const { world, start, pass } = await createElector();
  const { admin, namespace, proxy } = world;
  const leadership = await start("us").lead();
  proxy.answer(({ method }) => method === "PUT", { lose: true });
  await pass(4_000);
  const contentType = "application/merge-patch+json" as const;
  await admin.patch(leases, { name, namespace }, { metadata: { labels: { app: "crm" } } }, { contentType });
  await pass(20_000);
  expect(leadership.signal.aborted).toBe(false);
  expect(await leaseOf(world)).toMatchObject({
    metadata: { labels: { app: "crm" } },
    spec: { holderIdentity: "us", leaseTransitions: 0 },
  });
});

test("a lease that somebody deleted is made anew; one that somebody took is lost at once", async () => {
  const { world, start, pass } = await createElector();
  const { admin, namespace } = world;
  const leadership = await start("us").lead();
  await admin.delete(leases, { name, namespace });
  await pass(2_000);
  await expect.poll(() => leaseOf(world).catch(() => undefined), slow).toBeDefined();
  expect(leadership.signal.aborted).toBe(false);
  const lease = await leaseOf(world);
  await admin.replace(leases, { ...lease, spec: { ...lease.spec, holderIdentity: "robber" } });
  await pass(2_000);
  await until("it is noticed", () => leadership.signal.aborted);
  expect(leadership.signal.reason).toMatchObject({ message: "the lease is held by robber" });
});

test("whoever stops while waiting waits no longer; whoever stops leading gives the lease back", async () => {
  const { world, start } = await createElector();
  const [one, two] = [start("one"), start("two")];
  await one.lead();
  const waiting = two.lead().catch((error: Error) => error.message);
  await two.stop();
  expect(await waiting).toContain("was stopped");
  await one.stop();
  expect((await leaseOf(world)).spec).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1 });
  expect(world.clock.pending).toBe(0);
});

test("whoever stops while its claim is on its way leaves the lease to others all the same", async () => {
  const { world, start } = await createElector();
  const { proxy } = world;
  const elector = start("us");
  proxy.answer(({ method }) => method === "POST", { lose: true });
  const leading = elector.lead().catch((error: Error) => error.message);
  await until("the claim is lost", () => proxy.requests.some(({ method }) => method === "POST") && proxy.busy === 0);
  await elector.stop();
  expect(await leading).toContain("was stopped");
  expect((await leaseOf(world)).spec?.holderIdentity).toBe("");
});

test("whoever lost the lease does not give it back: what it sent may still be on its way", async () => {
  const { world, start, pass } = await createElector();
  const elector = start("us");
  const leadership = await elector.lead();
  world.proxy.answer(({ path }) => path.endsWith(`/${name}`), { status: 503 }, 1_000);
  await pass(11_000);
  expect(leadership.signal.aborted).toBe(true);
  world.proxy.heal();
  await elector.stop();
  expect((await leaseOf(world)).spec?.holderIdentity).toBe("us");
});

test("a lease is renewed whatever else waits for its turn", async () => {
  const { world, start, pass } = await createElector();
  const leadership = await start("us").lead();
  await create(world, "often");
  const ref = { name: "often", namespace: world.namespace };
  const queued = Array.from({ length: 900 }, () => world.client.get(configMaps, ref, { timeoutMs: 120_000 }));
  await pass(13_000);
  expect(leadership.signal.aborted).toBe(false);
  await pass(7_000);
  await Promise.all(queued);
});

test("durations with which two could lead at once are refused", () => {
  const client = { clock: createManualClock() } as never;
  const options = { namespace: "here", name, leaseDurationMs: 10_000 };
  expect(() => createLeaderElector(client, options)).toThrow(TypeError);
});
