import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { application, eventually, startWorld, type World } from "../world.ts";
import { createSender, type Ending, openConnections, statusOf, tally, wholeRequest } from "./senders.ts";
import { type SlowEventing, startSlowEventing } from "./slow-eventing.ts";
import { startValidatorProcess, type ValidatorProcess } from "./validator-process.ts";

export interface LoadSize {
  /** Connections that are slow or idle. */
  readonly connections: number;
  /** Requests at the same time. */
  readonly storm: number;
  /** How long a storm goes on. */
  readonly stormMs: number;
  /** Bodies of a MiB at the same time. */
  readonly largeBodies: number;
}

const maxInFlight = 100;
const share = maxInFlight / 2;
const maxBufferedMiB = 8;
/** What a connection may cost in resident memory: a socket, its parser and the head that it sends. */
const kibPerConnection = 40;
/** What a process may grow by, whatever is asked of it, once it has done everything a first time. */
const growthMiB = 100;

/** The program under more than it can do: what it refuses it says so, it stays small, and is well again at once. */
export function describeLoad({ connections, storm, stormMs, largeBodies }: LoadSize): void {
  let world: World;
  let eventing: SlowEventing;
  let validator: ValidatorProcess;
  beforeAll(async () => {
    world = await startWorld({ applications: ["std", "other"].map((name) => application(name)) });
    eventing = await startSlowEventing();
    validator = await startValidatorProcess([
      `--kubeconfig=${world.kubeconfig}`,
      `--eventingPublisherHost=127.0.0.1:${eventing.port}`,
      "--securityProfile=strict",
      `--maxInFlight=${maxInFlight}`,
      `--maxBufferedBytes=${maxBufferedMiB * 1024 ** 2}`,
      "--headersTimeout=2s",
      "--bodyTimeout=2s",
      "--proxyTimeout=20s",
    ]);
    // What every process needs when it does something for the first time.
    const sender = createSender(validator.port, 20);
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 20 }, () => sender.send("std")));
    await sender.stop();
  });
  afterAll(async () => {
    await validator.stop();
    await eventing.stop();
    await world.stop();
  });

  const senderOf = (atOnce: number) => {
    const sender = createSender(validator.port, atOnce);
    onTestFinished(() => sender.stop());
    return sender;
  };
  const isWell = async () => {
    const sender = createSender(validator.port, 2);
    const endings = await Promise.all([sender.send("std"), sender.send("other")]);
    await sender.stop();
    return endings.every(({ status }) => status === 204);
  };
  beforeEach(async () => {
    eventing.release();
    await eventually(isWell);
  });
  const soon = { timeout: 20_000, interval: 50 };
  const atRest = async () => {
    await expect.poll(() => validator.metric("connectivity_validator_inflight"), soon).toBe(0);
    expect(await validator.metric("connectivity_validator_buffered_bytes")).toBe(0);
    expect(validator.isRunning).toBe(true);
  };
  /** All say why and when to come again. */
  const expectTold = (endings: readonly Ending[]) => {
    for (const { status, retryAfter, reason } of endings)
      if (status === 429) expect([Number(retryAfter) > 0, reason]).toEqual([true, "overloaded"]);
  };
  /** A byte now and then to each, until it is over for all of them. */
  const trickle = async (sockets: Awaited<ReturnType<typeof openConnections>>, byte: string) => {
    const timer = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write(byte);
    }, 300);
    onTestFinished(() => clearInterval(timer));
    const statuses = await Promise.all(sockets.map(statusOf));
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
    return tally(statuses.map((status) => ({ status, retryAfter: undefined, reason: undefined })));
  };

  test("slow heads end with 408, and meanwhile others are served", async () => {
    const head = wholeRequest("std");
    const before = validator.resident().now;
    const begin = head.subarray(0, head.indexOf("\r\n") + 2);
    const sockets = await openConnections(validator.port, connections, (socket) => socket.write(begin));
    const ended = trickle(sockets, "X");
    expect(await isWell()).toBe(true);
    expect(validator.resident().peak - before).toBeLessThan(growthMiB + (connections * kibPerConnection) / 1024);
    expect(await ended).toEqual({ 408: connections });
    await atRest();
  });

  test("slow bodies take the share of their Application only, and end with 408", async () => {
    const whole = wholeRequest("std", "x".repeat(10_000));
    const begin = whole.subarray(0, -9_900);
    const sockets = await openConnections(validator.port, connections, (socket) => socket.write(begin));
    const ended = trickle(sockets, "x");
    await expect.poll(() => validator.metric("connectivity_validator_inflight"), soon).toBeGreaterThanOrEqual(share);
    expect((await senderOf(1).send("other")).status).toBe(204);
    const statuses = await ended;
    expect(Object.keys(statuses).toSorted()).toEqual(["408", "429"]);
    expect(statuses[408]).toBeGreaterThanOrEqual(share);
    await atRest();
  });

  test(`${connections} connections are held, and who comes later is served`, async () => {
    const before = validator.resident().now;
    const bytes = wholeRequest("std");
    const sockets = await openConnections(validator.port, connections, async (socket) => {
      const answered = statusOf(socket);
      socket.write(bytes);
      expect(await answered).toBe(204);
    });
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    expect(sockets.filter(({ closed }) => closed)).toEqual([]);
    expect(await isWell()).toBe(true);
    const grown = validator.resident().now - before;
    expect(grown).toBeLessThan(growthMiB + (connections * kibPerConnection) / 1024);
    for (const socket of sockets) socket.destroy();
    await atRest();
  });

  test("a storm while Eventing is slow: some wait, the rest is told when to come again", async () => {
    eventing.hold();
    const sender = senderOf(storm);
    const endings = Promise.all(Array.from({ length: storm }, () => sender.send("std")));
    await expect.poll(() => eventing.waiting, soon).toBe(share);
    eventing.hold();
    // The other Application has its share whatever this one does.
    const other = senderOf(1).send("other");
    await expect.poll(() => eventing.waiting, soon).toBe(share + 1);
    expect(await validator.metric("connectivity_validator_inflight")).toBe(share + 1);
    eventing.release();
    expect((await other).status).toBe(204);
    expect(tally(await endings)).toEqual({ 204: share, 429: storm - share });
    expectTold(await endings);
    await atRest();
  });

  test("a storm that goes on while Eventing is slow: memory stays", async () => {
    eventing.hold(200);
    const before = validator.resident().now;
    const sender = senderOf(2 * maxInFlight);
    const until = performance.now() + stormMs;
    const endings: Ending[] = [];
    const sendOn = async (_: unknown, index: number) => {
      while (performance.now() < until) {
        const ending = await sender.send(index % 2 === 0 ? "std" : "other");
        endings.push(ending);
        // As a sender does that was told to come later, only sooner.
        if (ending.status === 429) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await Promise.all(Array.from({ length: 2 * maxInFlight }, sendOn));
    expect(Object.keys(tally(endings)).toSorted()).toEqual(["204", "429"]);
    expectTold(endings);
    expect(validator.resident().peak - before).toBeLessThan(growthMiB);
    await atRest();
  });

  test("a storm of large bodies: no more of them are held than there is room for", async () => {
    eventing.hold();
    const before = validator.resident().now;
    const data = "x".repeat(1024 ** 2 - 1_000);
    const event = JSON.stringify({ specversion: "1.0", id: "1", source: "std", type: "t", data });
    const sender = senderOf(largeBodies);
    const asEvent = { "content-type": "application/cloudevents+json" };
    const endings = Promise.all(Array.from({ length: largeBodies }, () => sender.send("std", event, asEvent)));
    const held = () => validator.metric("connectivity_validator_inflight");
    // All that are not refused have come as a whole, and wait.
    await expect.poll(async () => eventing.waiting > 0 && (await held()) === eventing.waiting, soon).toBe(true);
    const { waiting } = eventing;
    expect(waiting).toBeLessThanOrEqual(maxBufferedMiB);
    expect(await validator.metric("connectivity_validator_buffered_bytes")).toBeLessThanOrEqual(
      maxBufferedMiB * 1024 ** 2,
    );
    eventing.release();
    const { 204: stored = 0, 429: refused = 0, 0: brokenOff = 0 } = tally(await endings);
    // One that is refused while it still sends may find its connection closed before it has read why.
    expect(stored + refused + brokenOff).toBe(largeBodies);
    expect(stored).toBeGreaterThanOrEqual(waiting);
    expect(refused).toBeGreaterThan(0);
    expectTold(await endings);
    expect(validator.resident().peak - before).toBeLessThan(growthMiB);
    await atRest();
  });

  test("a storm while Eventing is away: after ten failures it is left alone, and asked again when it is back", async () => {
    await eventing.goAway();
    onTestFinished(() => eventing.comeBack().catch(() => undefined));
    const sender = senderOf(share / 2);
    const endings: Ending[] = [];
    const sendOn = async () => {
      while (endings.length < storm) endings.push(await sender.send("std"));
    };
    await Promise.all(Array.from({ length: share / 2 }, sendOn));
    const counts = tally(endings);
    expect(Object.keys(counts).toSorted()).toEqual(["429", "502"]);
    // Those that were on their way when the tenth failed, and a probe every two seconds.
    expect(counts[502]).toBeLessThan(10 + share);
    expectTold(endings);
    expect(await validator.metric("connectivity_validator_circuit_open")).toBe(1);
    await eventing.comeBack();
    await expect.poll(async () => (await sender.send("std")).status, soon).toBe(204);
    expect(await validator.metric("connectivity_validator_circuit_open")).toBe(0);
    await atRest();
  });
}
