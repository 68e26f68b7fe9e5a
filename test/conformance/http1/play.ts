import { type Case, get, type Outcome, type Place, type Seen } from "./case.ts";
import { Client, type Response } from "./client.ts";
import type { PublicListener } from "./listeners.ts";

/** How the bytes leave: as fast as they can, or one by one. */
export type Pace = "at once" | "byte by byte";

export interface PlayOptions {
  readonly pace?: Pace;
  /** How long to wait for what is right. A case that fails may wait that long. */
  readonly patienceMs?: number;
}

/** All that could be seen of one case from outside. Two engines that treat it alike are equal in it. */
export interface Observation {
  readonly answers: readonly number[];
  /** What came from the listener and was no response. */
  readonly problem: string | undefined;
  /** `open`: another request was served on the connection. `silent`: it was neither closed nor answered in time. */
  readonly after: "open" | "closed" | "silent";
  /** The whole requests that arrived at the target for this case, without the one that tried the connection. */
  readonly seen: readonly Seen[];
  /** What arrived there and was no request, or belongs to no case that is played. */
  readonly strange: readonly string[];
}

const defaultPatienceMs = 10_000;
/** Where silence is right there is nothing to wait for. */
const silenceMs = 300;
/** Of longer ones the rest leaves at once: it is their size that matters. */
const dribbledBytes = 2_000;
let plays = 0;

/** Plays one case on one listener, on a connection of its own. One at a time: the target is watched meanwhile. */
export async function play(
  listener: PublicListener,
  one: Case,
  { pace = "at once", patienceMs = defaultPatienceMs }: PlayOptions = {},
): Promise<Observation> {
  const prefix = `case-${++plays}-`;
  const plain = (text: string): string => text.replaceAll(prefix, "");
  const place: Place = { ...listener.place, path: (tag) => listener.place.path(prefix + tag) };
  const { target } = listener;
  target?.clear();
  if (target) target.behaviour = one.target;
  const client = new Client(listener.port, listener.tls?.());
  const right = outcomesFor(listener, one);
  try {
    await send(client, one.bytes(place), pace);
    for (const { after, send: more, end } of one.steps ?? []) {
      await reached(client, after, listener, prefix, patienceMs);
      if (more) await send(client, more(place), pace);
      if (end) client.socket.end();
    }
    const after = await stateOf(client, right, listener, get("probe")(place), patienceMs);
    await fence(listener, place);
    const seen = target?.whole.filter(({ path }) => path.includes(prefix) && !/probe|fence/.test(path)) ?? [];
    return {
      answers: client.responses.map(({ status }) => status).slice(0, after === "open" ? -1 : undefined),
      problem: client.problem,
      after,
      seen: seen.map((request) => ({ ...request, path: plain(request.path), body: plain(request.body) })),
      strange: [
        ...(target?.malformed ?? []),
        ...(target?.whole.filter(({ path }) => !path.includes(prefix)) ?? []).map(
          ({ path }) => `a request for ${path}`,
        ),
      ],
    };
  } finally {
    client.socket.destroy();
    if (target) target.behaviour = undefined;
  }
}

export function outcomesFor(listener: PublicListener, one: Case): readonly Outcome[] {
  if (listener.target) return one.right;
  return [...one.right, ...(one.rightWhereNothingIsForwarded ?? [])].map((outcome) => ({ ...outcome, target: [] }));
}

/** What a listener answers is what a case calls by this word. */
export function isAnswered(listener: PublicListener, expected: Outcome["answers"][number], status: number): boolean {
  if (expected === "any") return true;
  if (expected === "served") return listener.isServed(status);
  if (expected === "refused") return (status >= 400 && status < 500) || status === 501 || status === 505;
  return status === expected;
}

export function answersFit(
  listener: PublicListener,
  answers: Outcome["answers"],
  responses: readonly Response[],
): boolean {
  return (
    answers.length === responses.length &&
    answers.every((expected, index) => isAnswered(listener, expected, responses[index]?.status ?? 0))
  );
}

async function send(client: Client, bytes: string, pace: Pace): Promise<void> {
  if (pace === "byte by byte") await client.dribble(bytes.slice(0, dribbledBytes));
  client.send(pace === "at once" ? bytes : bytes.slice(dribbledBytes));
}

async function reached(
  client: Client,
  after: string,
  { target }: PublicListener,
  prefix: string,
  patienceMs: number,
): Promise<void> {
  // Who answers by itself may wait for the whole body, and then no answer comes before it.
  const answeredWithinMs = target === undefined ? silenceMs : patienceMs;
  if (after === "answer") await client.until(() => client.responses.length > 0 || client.ended, answeredWithinMs);
  if (after !== "target" || target === undefined) return;
  const arrived = () => target.pending.some((text) => text.includes(prefix)) || target.whole.length > 0;
  // A listener may keep a small body until it is whole; then there is nothing to wait for.
  await client.until(() => arrived() || client.ended, 100);
}

async function stateOf(
  client: Client,
  right: readonly Outcome[],
  listener: PublicListener,
  probe: string,
  patienceMs: number,
): Promise<Observation["after"]> {
  const { responses } = client;
  const most = Math.max(...right.map(({ answers }) => answers.length));
  const mayBeOpen = () =>
    right.some(({ after, answers }) => after === "open" && answersFit(listener, answers, responses));
  const limitMs = right.some(({ after }) => after === "silent") ? silenceMs : patienceMs;
  await client.until(() => client.ended || responses.length >= most || mayBeOpen(), limitMs);
  if (!client.ended && mayBeOpen()) {
    const before = responses.length;
    client.send(probe);
    await client.until(() => client.ended || responses.length > before, limitMs);
    if (responses.length > before) return "open";
  } else await client.until(() => client.ended, limitMs);
  return client.ended ? "closed" : "silent";
}

/** Goes the same way as a smuggled request would, and behind it. */
async function fence(listener: PublicListener, place: Place): Promise<void> {
  if (listener.target === undefined) return;
  const client = new Client(listener.port, listener.tls?.());
  client.send(get("fence", "Connection: close\r\n")(place));
  await client.until(() => client.ended, defaultPatienceMs);
  client.socket.destroy();
}
