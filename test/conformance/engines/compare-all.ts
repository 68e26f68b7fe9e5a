import { brisk, confirm, isEqual, isKnown, type Pair, patient, playOnBoth, type Verdict } from "./compare.ts";
import { describeDifference } from "./describe-difference.ts";
import type { Exchange } from "./exchange.ts";
import { generateExchange } from "./generate/exchange.ts";
import type { Lane } from "./play.ts";
import { shrink } from "./shrink.ts";
import type { Subject } from "./subject.ts";

export interface Comparison {
  readonly seed: number;
  /** The exchanges to play. */
  readonly numbers: readonly number[];
  /** Nothing more is played after so many differences. */
  readonly maxDifferences?: number;
  /** Cuts each down to the smallest that still differs, which takes a while. */
  readonly shrinks?: boolean;
  readonly onDifference?: (text: string) => void;
  /** Told what an exchange differed in that was equal later. */
  readonly onUnsteady?: (text: string) => void;
}

export interface Report {
  readonly played: number;
  /** Statuses that clients saw, to show that the run has reached what it is about. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly differences: readonly string[];
  /** Numbers of exchanges that went now this way and now that. */
  readonly unsteady: readonly number[];
}

const rounds = 3;

/** Plays the exchanges of a seed on both engines, several at a time, each on a lane of its own. */
export async function compareAll(subject: Subject, options: Comparison): Promise<Report> {
  const { seed, numbers, maxDifferences = 20, shrinks = true } = options;
  const verdicts = { equal: 0, known: 0, unsteady: 0, different: 0 };
  const statuses = new Map<string, number>();
  const differences: string[] = [];
  const unsteady: number[] = [];
  let played = 0;
  const waiting = { plain: [] as number[], tls: [] as number[] };
  for (const number of numbers) {
    const wantsTls = subject.lanes.tls.length > 0 && generateExchange(seed, number, subject.entrance).tls;
    waiting[wantsTls ? "tls" : "plain"].push(number);
  }

  const judge = async (lane: Lane, exchange: Exchange, number: number): Promise<Verdict> => {
    const pair = await playOnBoth(subject, lane, exchange, brisk);
    subject.lives();
    note(pair, statuses);
    if (isEqual(pair)) return "equal";
    if (isKnown(exchange, pair)) return "known";
    const verdict = await confirm(subject, lane, exchange, rounds);
    if (verdict === "unsteady") {
      unsteady.push(number);
      options.onUnsteady?.(`EXCHANGE=${number}\n${describeDifference(exchange, pair)}`);
    }
    if (verdict === "different") {
      const smallest = shrinks ? await shrink(subject, lane, exchange) : exchange;
      const shown = await playOnBoth(subject, lane, smallest, patient);
      const text = `SEED=${seed} EXCHANGE=${number}\n${describeDifference(smallest, shown)}`;
      differences.push(text);
      options.onDifference?.(text);
    }
    return verdict;
  };
  const work = async (lane: Lane, numbers: number[]): Promise<void> => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      if (differences.length >= maxDifferences) return;
      verdicts[await judge(lane, generateExchange(seed, number, subject.entrance), number)] += 1;
      played += 1;
    }
  };
  await warmUp(subject);
  await Promise.all([
    ...subject.lanes.plain.map((lane) => work(lane, waiting.plain)),
    ...subject.lanes.tls.map((lane) => work(lane, waiting.tls)),
  ]);
  return { played, statuses, verdicts, differences, unsteady };
}

/** Programs that have just started are slow, and would be taken for silent. */
async function warmUp(subject: Subject): Promise<void> {
  const lanes = Object.entries(subject.lanes).flatMap(([kind, all]) =>
    all.map((lane) => ({ lane, tls: kind === "tls" })),
  );
  for (let round = 0; round < warmUpRounds; round++) {
    await Promise.all(lanes.map(({ lane, tls }) => playOnBoth(subject, lane, { ...nothing, tls }, patient)));
  }
}

const warmUpRounds = 4;
/** The client asks for no more than its probe. */
const nothing: Exchange = { tls: false, steps: [], methods: [], replies: [] };

function note({ node }: Pair, statuses: Map<string, number>): void {
  for (const text of node.client) {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? "none";
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
}
