import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { GatewayProcess } from "../gateway-process.ts";
import type { World } from "../world.ts";
import { changeSomething } from "./configurations.ts";
import { type Random, randomFrom } from "./random.ts";
import { someBytes } from "./requests.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly forMs: number;
  /** Goes on after that until it has seen these, for half a minute: a slow machine gets less far in the same time. */
  readonly statuses?: readonly number[];
  readonly clients: number;
  /** Changes of Applications and Secrets in a second. */
  readonly changesPerSecond: number;
}

export interface FuzzReport {
  readonly connections: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly changes: number;
  /** What must not have been, in words, with the bytes that brought it about; bounded. */
  readonly faults: readonly string[];
}

/** Longer than every limit of the gateway together. */
const patienceMs = 30_000;
const overtimeMs = 30_000;

/** Bent requests from several clients at once, while Applications and Secrets change under them. */
export async function fuzz(world: World, gateway: GatewayProcess, options: FuzzOptions): Promise<FuzzReport> {
  const end = performance.now() + options.forMs;
  const statuses = new Map<number, number>();
  const goesOn = (): boolean => {
    const now = performance.now();
    return now < end || (now < end + overtimeMs && options.statuses?.some((status) => !statuses.has(status)) === true);
  };
  const faults: string[] = [];
  let connections = 0;
  let changes = 0;

  // Something to ask for from the start.
  const initial = randomFrom(options.seed + 1_000_000);
  for (let round = 0; round < 60; round++) changeSomething(world, initial);

  const client = async (random: Random): Promise<void> => {
    while (goesOn() && faults.length < 10 && gateway.process.exitCode === null) {
      connections++;
      const bytes = someBytes(random);
      const { text, ended } = await exchange(gateway.ports, bytes, random);
      const responses = text.match(/^HTTP\/1\.1 \d{3} [^\r]*\r\n[\s\S]*?\r\n\r\n/gm) ?? [];
      for (const head of responses) {
        const status = Number(head.slice(9, 12));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (!isAccountable(status, head)) faults.push(`${head} came of ${JSON.stringify(bytes.slice(0, 1_000))}`);
      }
      if (!ended) faults.push(`nothing ended within ${patienceMs} ms: ${JSON.stringify(bytes.slice(0, 1_000))}`);
    }
  };
  const changer = async (random: Random): Promise<void> => {
    while (goesOn()) {
      changeSomething(world, random);
      changes++;
      await delay(1_000 / options.changesPerSecond);
    }
  };
  const clients = Array.from({ length: options.clients }, (_, index) => client(randomFrom(options.seed + index + 1)));
  await Promise.all([changer(randomFrom(options.seed)), ...clients]);
  return { connections, statuses, changes, faults };
}

/** Who sees a 5xx must be told whose it is: ours names its reason, the target's own is a mapped 502. */
function isAccountable(status: number, head: string): boolean {
  if (status < 500) return true;
  if (/^(application-gateway-error|target-system-status):/im.test(head)) return true;
  // A coding that nobody knows is refused before there is a request, in plain text (section 6 of the contract).
  return status === 501 && /^content-type: text\/plain/im.test(head);
}

/** Sends, ends its side or leaves, and takes what comes until the other side ends. */
function exchange(
  { proxy, proxyCompass }: GatewayProcess["ports"],
  bytes: string,
  random: Random,
): Promise<{ text: string; ended: boolean }> {
  return new Promise((resolve) => {
    const port = random.chance(0.7) ? proxy : proxyCompass;
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let text = "";
    const isBrief = random.chance(0.8);
    let briefly: NodeJS.Timeout | undefined;
    const settle = (ended: boolean): void => {
      clearTimeout(late);
      clearTimeout(leave);
      clearTimeout(briefly);
      socket.destroy();
      resolve({ text, ended });
    };
    const late = setTimeout(settle, patienceMs, false);
    // Some go away, whatever they were about to get. The others are patient until the gateway has had enough of them.
    const leave = random.chance(0.2) ? setTimeout(settle, random.below(200), true) : undefined;
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      if (text.length < 100_000) text += piece;
      // Most have what they came for soon after the first bytes; the others wait until the gateway ends the connection.
      if (isBrief) briefly ??= setTimeout(settle, 30, true);
    });
    socket.on("error", () => undefined);
    socket.on("end", () => settle(true));
    socket.on("close", () => settle(true));
    const cut = random.chance(0.1) ? random.below(bytes.length) : bytes.length;
    socket.write(bytes.slice(0, cut), "latin1", () => {
      if (random.chance(0.1)) socket.end();
    });
  });
}
