import { type Case, type Outcome, smuggled } from "./case.ts";
import type { PublicListener } from "./listeners.ts";
import { isAnswered, type Observation, outcomesFor } from "./play.ts";

/** What was wrong about it, in sentences; nothing when it went one of the right ways. */
export function judge(listener: PublicListener, one: Case, observed: Observation): string[] {
  const wrong = observed.strange.map((text) => `at the target: ${text}`);
  if (observed.problem !== undefined) wrong.push(`to the client: ${observed.problem}`);
  if (observed.seen.some(({ path }) => path.includes("smuggled"))) wrong.push("the target saw the smuggled request");
  for (const seen of observed.seen) {
    const fault = one.check?.(seen);
    if (fault !== undefined) wrong.push(`the target saw ${seen.path}: ${fault}`);
  }
  const right = outcomesFor(listener, one);
  if (!right.some((outcome) => fits(listener, outcome, observed))) {
    wrong.push(`it went like this: ${described(observed)}; right is: ${right.map(outcomeText).join("; or ")}`);
  }
  return wrong;
}

function fits(listener: PublicListener, outcome: Outcome, observed: Observation): boolean {
  return (
    observed.after === outcome.after &&
    observed.answers.length === outcome.answers.length &&
    outcome.answers.every((expected, index) => isAnswered(listener, expected, observed.answers[index] ?? 0)) &&
    observed.seen.length === outcome.target.length &&
    outcome.target.every(([tag, body], index) => {
      const seen = observed.seen[index];
      return seen?.path.includes(tag) && seen.body === body.replace("<smuggled>", smuggled(listener.place));
    })
  );
}

function described({ answers, after, seen }: Observation): string {
  const requests = seen.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body.slice(0, 100))}`);
  return `answers ${answers.join(", ") || "none"}, then ${after}, target saw ${requests.join(", ") || "nothing"}`;
}

function outcomeText({ answers, after, target }: Outcome): string {
  const requests = target.map(([tag, body]) => `${tag} ${JSON.stringify(body.slice(0, 100))}`);
  return `answers ${answers.join(", ") || "none"}, then ${after}, target saw ${requests.join(", ") || "nothing"}`;
}
