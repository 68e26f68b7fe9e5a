import { isEqual, isKnown, patient, playOnBoth } from "./compare.ts";
import type { Exchange, Reply, Step } from "./exchange.ts";
import type { Lane } from "./play.ts";
import type { Subject } from "./subject.ts";

/** Plays that may be spent on one difference. */
const maxPlays = 160;

/** The smallest exchange on the way down from this one that still differs: parts are left out as long as it does. */
export async function shrink(subject: Subject, lane: Lane, exchange: Exchange): Promise<Exchange> {
  let smallest = exchange;
  let plays = 0;
  const differs = async (candidate: Exchange): Promise<boolean> => {
    // Twice: chance must not lead astray.
    for (let round = 0; round < 2; round++) {
      plays += 1;
      const pair = await playOnBoth(subject, lane, candidate, patient);
      if (isEqual(pair) || isKnown(candidate, pair)) return false;
    }
    return true;
  };
  for (let found = true; found && plays < maxPlays; ) {
    found = false;
    for (const candidate of smaller(smallest)) {
      if (plays >= maxPlays) break;
      if (!(await differs(candidate))) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** What is a little less than this exchange, the largest steps first. */
function* smaller(exchange: Exchange): Generator<Exchange> {
  const { steps, replies } = exchange;
  if (exchange.steps.some((step) => step.kind === "send" && step.cuts.length > 0)) {
    yield { ...exchange, steps: steps.map((step) => (step.kind === "send" ? { ...step, cuts: [] } : step)) };
  }
  for (const [index] of replies.entries()) yield { ...exchange, replies: replies.toSpliced(index, 1) };
  if (steps.length > 1) for (const [index] of steps.entries()) yield { ...exchange, steps: steps.toSpliced(index, 1) };
  for (const [index, reply] of replies.entries()) {
    for (const less of smallerReplies(reply)) yield { ...exchange, replies: replies.with(index, less) };
  }
  for (const [index, step] of steps.entries()) {
    for (const less of smallerSteps(step)) yield { ...exchange, steps: steps.with(index, less) };
  }
}

function* smallerReplies(reply: Reply): Generator<Reply> {
  if (reply.parts.length > 1) yield { ...reply, parts: [reply.parts.join("")] };
  else for (const text of smallerTexts(reply.parts[0] ?? "")) yield { ...reply, parts: [text] };
  if (reply.ending !== "keep") yield { ...reply, ending: "keep" };
}

function* smallerSteps(step: Step): Generator<Step> {
  if (step.kind !== "send") return;
  for (const [index] of step.cuts.entries()) yield { ...step, cuts: step.cuts.toSpliced(index, 1) };
  if (step.cuts.length === 0) for (const text of smallerTexts(step.text)) yield { ...step, text };
}

/** Without its second half, without one of its lines, with the longest of them cut in half. */
function* smallerTexts(text: string): Generator<string> {
  const lines = text.split(/(?<=\n)/);
  if (text.length > 2_000) yield text.slice(0, text.length / 2);
  for (const [index, line] of lines.entries()) {
    if (index > 0 && line.length > 2 && lines.length < 60) yield lines.toSpliced(index, 1).join("");
  }
  const longest = lines.reduce((most, line, index) => (line.length > (lines[most]?.length ?? 0) ? index : most), 0);
  const line = lines[longest] ?? "";
  if (line.length > 60) yield lines.with(longest, line.slice(0, line.length / 4) + line.slice(-2)).join("");
}
