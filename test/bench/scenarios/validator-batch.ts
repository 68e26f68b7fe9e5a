import path from "node:path";
import { jetstreamManager, StorageType } from "@nats-io/jetstream";
import { type Nats, natsServer, sap, startNats } from "../../conformance/connectivity-validator/nats/nats-server.ts";
import { saturate } from "../load/wrk.ts";
import { type Load, perCpuSecond } from "../measure.ts";
import type { Subject } from "../world/subjects.ts";
import type { World } from "../world/world.ts";
import { batchOfEvents, batchSize, singleEvent } from "./event-requests.ts";
import type { Budget, Scenario } from "./scenario.ts";

/** What a batch must be worth where what is behind the validator takes several events at once (performance.md, section 4). */
const budgets: readonly Budget[] = [{ peer: "single events", must: 5, aim: 15 }];

/** The same events by themselves and in batches, to the same process, which hands them on in the same way. */
function comparison(
  name: string,
  title: string,
  {
    start,
    ...more
  }: Pick<Scenario, "budgets"> & {
    start(world: World): Promise<Subject>;
    prepare?: Scenario["prepare"];
  },
): Scenario {
  return {
    name,
    title: `validator, batch of ${batchSize} events, ${title}`,
    unit: "events/CPU-s",
    subject: "batches",
    async contestants(world) {
      const running = await start(world);
      return [
        { ...running, name: "single events" },
        { ...running, name: "batches" },
      ];
    },
    prepare: async ({ effort: { seconds, connections } }) => loadOf(seconds, connections),
    ...more,
  };
}

const shapes = { single: singleEvent(), batch: batchOfEvents() };

const loadOf = (seconds: number, connections: number): Load =>
  perCpuSecond(({ name, port }) => events(name, port, seconds, connections));

async function events(contestant: string, port: number, seconds: number, connections: number): Promise<number> {
  const isBatch = contestant === "batches";
  const { requests } = await saturate(port, isBatch ? shapes.batch : shapes.single, seconds, connections);
  return requests * (isBatch ? batchSize : 1);
}

/** Events are sent on after they were acknowledged: the CPU time of that is theirs, too. */
function untilDelivered(subject: Subject, seconds: number): Load {
  return perCpuSecond(async ({ name, port }) => {
    const done = await events(name, port, seconds, 4);
    for (const until = performance.now() + 60_000; (await waiting(subject)) > 0; ) {
      if (performance.now() > until) throw new Error("the spool is not empty after a minute");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return done;
  });
}

async function waiting({ healthPort }: Subject): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  return Number(/^connectivity_validator_spool_events(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] ?? 0);
}

async function startStream(): Promise<Nats> {
  const [nats] = (await startNats()) as [Nats];
  const connection = await nats.client();
  const manager = await jetstreamManager(connection);
  // The same events again and again are known to the stream, which acknowledges them all the same.
  await manager.streams.add({ ...sap, storage: StorageType.Memory, max_bytes: 256 * 1024 ** 2 });
  await connection.close();
  return nats;
}

const toStream = comparison("validator-batch-nats", "into JetStream", {
  budgets,
  // What is beyond 5,000 events on their way to a stream is answered with 429, and 64 batches would be 6,400.
  prepare: async ({ effort: { seconds, connections } }) => loadOf(seconds, Math.min(connections, 32)),
  async start(world) {
    const { url } = await world.own("nats-server", startStream);
    return validatorWith(world, "validator, NATS", ["--delivery=nats", `--natsUrl=${url}`]);
  },
});

export const validatorBatches: readonly Scenario[] = [
  comparison("validator-batch", "to a receiver of batches", {
    budgets,
    start: (world) => world.validatorOfBatches(),
  }),
  ...(natsServer === undefined ? [] : [toStream]),
  comparison("validator-batch-split", "to a receiver of single events", {
    // Each event is a request again: less than two, whatever is done about the rest.
    budgets: [{ peer: "single events", must: 1, aim: 1.5, isInformative: true }],
    start: (world) => world.validator(),
    // Each batch waits for a hundred answers one after the other: with more of them none would end in time.
    prepare: async ({ effort: { seconds, connections } }) => loadOf(seconds, Math.min(connections, 8)),
  }),
  comparison("validator-batch-spool", "on disk first, then delivered singly", {
    budgets: [],
    start: spooling,
    prepare: async (world) => untilDelivered(await spooling(world), Math.min(world.effort.seconds, 1)),
  }),
];

function validatorWith(world: World, name: string, flags: readonly string[]): Promise<Subject> {
  return world.own(name, () => world.newValidator(flags));
}

function spooling(world: World): Promise<Subject> {
  const folder = path.join(world.folder, "spool");
  return validatorWith(world, "validator, spool", ["--delivery=spool", "--spoolMode=always", `--spoolDir=${folder}`]);
}
