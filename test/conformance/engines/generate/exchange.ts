import { type Random, randomFrom } from "../../application-gateway/fuzz/random.ts";
import type { Await, Exchange, Reply, Send, Step } from "../exchange.ts";
import { bent, cutsOf } from "./bytes.ts";
import { generateReply, generateSwitch } from "./reply.ts";
import { type Entrance, type GeneratedRequest, generateRequest } from "./request.ts";

const silence: Await = { kind: "await", event: "silence", count: 0 };
const answers = (count: number): Await => ({ kind: "await", event: "answers", count });

/** The exchange with this number among those of a seed. */
export function generateExchange(seed: number, number: number, entrance: Entrance): Exchange {
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const count = random.chance(0.7) ? 1 : random.chance(0.9) ? 2 + random.below(3) : 20;
  const requests = Array.from({ length: count }, (_, index) => generateRequest(random, entrance, index === count - 1));
  const isEarly = count === 1 && random.chance(0.15);
  const replies = requests.flatMap((request): Reply[] => {
    if (request.isUpgrade && random.chance(0.7)) return [generateSwitch(random)];
    return random.chance(0.2) ? [] : [generateReply(random, request.method, isEarly)];
  });
  return {
    tls: random.chance(0.15),
    steps: stepsFor(requests, random, isEarly),
    methods: requests.map(({ method }) => method),
    replies,
  };
}

function stepsFor(requests: readonly GeneratedRequest[], random: Random, isEarly: boolean): Step[] {
  const count = requests.length;
  const [first] = requests;
  const texts = requests.map(({ head, body }) => head + body);
  const all = texts.join("");
  if (first !== undefined && count === 1 && (isEarly || (first.expectsContinue && random.chance(0.7)))) {
    return [...inTwo(first, random, isEarly), ...ending(random)];
  }
  if (random.chance(0.08)) return [send(bent(all, random), random), answers(count), ...ending(random)];
  if (random.chance(0.05)) {
    // The client breaks off somewhere, and goes or ends its side.
    const part = all.slice(0, random.below(all.length + 1));
    return [send(part, random), silence, random.pick([end, leave("close"), leave("reset")])];
  }
  // Whoever ends a connection waits for no answers: what has been answered by then is chance, so that is waited for.
  if (random.chance(0.03)) return [send(all, random), silence, end, answers(count)];
  if (count > 1 && random.chance(0.4)) {
    return [...texts.flatMap((text, index) => [send(text, random), answers(index + 1)]), ...ending(random)];
  }
  if (requests.at(-1)?.isUpgrade) {
    return [send(all, random), answers(count), silence, send(random.bytes(20), random), silence, ...ending(random)];
  }
  return [send(all, random), answers(count), ...ending(random)];
}

/** The head, or it and some of the body, then what the other side says, then the rest. */
function inTwo({ head, body, isPlain }: GeneratedRequest, random: Random, isEarly: boolean): Step[] {
  const at = isEarly ? random.below(body.length + 1) : 0;
  const wait: Await = isEarly ? answers(1) : { kind: "await", event: "continue", count: 1 };
  const before: Step[] = [send(head + body.slice(0, at), random), wait];
  if (isPlain && random.chance(0.1)) return [...before, silence];
  return [...before, send(body.slice(at), random), answers(1)];
}

const end: Step = { kind: "end" };
const leave = (how: "close" | "reset"): Step => ({ kind: "leave", how });

function ending(random: Random): Step[] {
  if (random.chance(0.96)) return [];
  return [random.pick([end, leave("close"), leave("reset")])];
}

function send(text: string, random: Random): Send {
  return { kind: "send", text, cuts: cutsOf(text, random) };
}
