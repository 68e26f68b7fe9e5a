import type { Engine } from "../tested-engine.ts";
import { type Activity, never } from "./activity.ts";
import { type Exchange, type Observation, placeholder, type Step } from "./exchange.ts";
import { type Address, ExchangeClient } from "./exchange-client.ts";
import { probeAnswer, probePath, type ScriptedTarget } from "./scripted-target.ts";

/** Where one exchange at a time is played: a target of its own, and the Application that leads to it. */
export interface Lane {
  /** As long as {@link placeholder}. */
  readonly application: string;
  readonly activity: Activity;
  readonly target: ScriptedTarget;
  /** Where each engine listens for it. */
  readonly addresses: Readonly<Record<Engine, Address>>;
}

/** How long nobody says anything when nothing more is to be expected. */
export interface Patience {
  readonly silenceMs: number;
}

/** Plays an exchange on one listener. What an exchange leaves behind is cleared away before this resolves. */
export async function play(
  exchange: Exchange,
  lane: Lane,
  address: Address,
  probe: string,
  { silenceMs }: Patience,
): Promise<Observation> {
  const { activity, target } = lane;
  const named = (text: string): string => text.replaceAll(placeholder, lane.application);
  const unnamed = (text: string): string => text.replaceAll(lane.application, placeholder);
  await target.begin(exchange.replies);
  const client = new ExchangeClient(address, exchange.methods, activity);
  let hasLeft = false;
  for (const step of exchange.steps) {
    if (step.kind === "send") await client.send(named(step.text), step.cuts);
    else if (step.kind === "await") {
      // What is owed may take its time; nobody knows how long silence is to be listened to.
      await activity.until(reached(step, client), step.event === "silence" ? silenceMs : silenceMs * 3);
    } else if (step.kind === "end") client.end();
    else {
      client.leave(step.how);
      hasLeft = true;
    }
  }
  const after = hasLeft ? "left" : await fate(client, activity, named(probe), silenceMs);
  const { texts, rest } = client.messages;
  client.leave("close");
  // What the gateway still does at the target, such as to give a call up.
  if (after !== "open") await activity.until(never, silenceMs);
  const seen = await target.finish();
  return {
    // Whoever has left has taken what had come by chance.
    client: hasLeft ? [] : [...texts, ...(rest === "" ? [] : [rest])].map(unnamed),
    after,
    target: seen
      // One that was opened and not used: the call was given up, and whether before or after it was open is chance.
      .filter(({ received }) => received.length > 0)
      .map(({ received, after: end }) => ({ received: received.map(unnamed), after: end })),
  };
}

function reached({ event, count }: Extract<Step, { kind: "await" }>, client: ExchangeClient): () => boolean {
  return () => {
    if (client.state !== "open") return true;
    if (event === "silence") return false;
    const { final, interim } = client.messages;
    return event === "answers" ? final >= count : interim + final >= count;
  };
}

/** What becomes of the connection: whether it ends by itself, serves another request, or does neither. */
async function fate(
  client: ExchangeClient,
  activity: Activity,
  probe: string,
  silenceMs: number,
): Promise<Observation["after"]> {
  const { final, texts, isTunnel } = client.messages;
  const isLast = isTunnel || texts.some((text) => /^HTTP\/1\.1 [2-9]\d\d [\s\S]*?^connection: close\r$/im.test(text));
  if (isLast || final === 0) await activity.until(() => client.state !== "open", isLast ? silenceMs * 8 : silenceMs);
  if (client.state !== "open") return client.state;
  await client.send(probe, []);
  const isServed = (): boolean => client.messages.texts.some((text) => text.endsWith(`\r\n\r\n${probeAnswer}`));
  await activity.until(() => client.state !== "open" || isServed(), silenceMs * 3);
  if (client.state === "open" && isServed()) return "open";
  return client.state === "open" ? "silent" : client.state;
}

/** A request that is served where the connection is as it should be. */
export function probeFor(prefix: string, head: string): string {
  return `GET ${prefix}${probePath} HTTP/1.1\r\n${head}\r\n`;
}
