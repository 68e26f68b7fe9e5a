import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalised } from "./normalised.ts";
import { connectServers, type Server, type Servers, send } from "./servers.ts";
import { create, remove, type Step } from "./step.ts";

export { limitedUser } from "../../conformance/kubernetes-runtime/servers.ts";

interface Answer {
  status: number;
  type: string;
  warnings: unknown;
  body: unknown;
  /** Whether the object has another resourceVersion than in the answer before. */
  changed?: boolean;
}

/** What a file of scenarios needs: a namespace nobody else uses, there on both servers, and the comparison itself. */
export interface Comparison {
  namespace: string;
  /** The path of the namespace's core resources. */
  core: string;
  /** Plays the steps on both servers and expects the same answers, one by one. */
  scenario(title: string, steps: readonly Step[]): void;
}

/** @param leaves paths of what the scenarios leave behind outside of their namespace */
export function compareServers(topic: string, leaves: readonly string[] = []): Comparison {
  const namespace = `likeness-${topic}`;
  const itself = `/api/v1/namespaces/${namespace}`;
  let servers: Servers;

  beforeAll(async () => {
    servers = await connectServers();
    const step = create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const server of [servers.real, servers.emulated])
      expect(await send(server, step)).toMatchObject({ status: 201 });
  });
  afterAll(async () => {
    for (const path of [itself, ...leaves]) await send(servers.real, remove(path));
    await servers.stop();
  });

  return {
    namespace,
    core: itself,
    scenario(title, steps) {
      describe("the emulated API server answers like the real one", () => {
        test(title, async () => {
          const [real, emulated] = await Promise.all([play(servers.real, steps), play(servers.emulated, steps)]);
          for (const [index, step] of steps.entries()) {
            const what = `${index}: ${step.method ?? "GET"} ${step.path} ${step.type ?? ""}`;
            expect.soft(emulated[index], what).toEqual(real[index]);
          }
        });
      });
    },
  };
}

async function play(server: Server, steps: readonly Step[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const revisions: string[] = [];
  let before = "";
  for (const step of steps) {
    if (step.afterMs) await setTimeout(step.afterMs);
    const path = step.path.replace(/<revision of (\d+)>/, (_, index) => revisions[Number(index)] ?? "");
    const { text, ...rest } = await send(server, { ...step, path });
    const lines = step.readMs ? text.split("\n").filter((line) => line) : [text];
    const bodies = lines.map(parsed);
    const revision = bodies[0]?.metadata?.resourceVersion ?? before;
    answers.push({
      ...rest,
      body: normalised(step.readMs ? bodies : bodies[0]),
      ...(bodies[0]?.metadata?.uid && !step.changesByTheClock && { changed: revision !== before }),
    });
    revisions.push(bodies[0]?.metadata?.resourceVersion ?? "");
    before = revision;
  }
  return answers;
}

function parsed(line: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
