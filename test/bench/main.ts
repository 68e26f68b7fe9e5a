import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { playRounds } from "./measure.ts";
import { isMissed, judge, printed, type Result, summary } from "./report.ts";
import { scenarios } from "./scenarios/index.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { namedPeer, onPath } from "./world/peers.ts";
import { type Effort, World } from "./world/world.ts";

const usage = `npm run bench [-- [scenario…] [options]]        npm run bench -- profile <scenario>

Compares the services with peers in the same run and prints ratios.

  --engine name         of gateway and validator: sockets or node (their default)
  --rounds n            rounds of each scenario (5)
  --seconds n           seconds of load for each proxy in a round (3)
  --peer name=command   one more proxy; {port}, {target} and {kubeconfig} are replaced in the command
  --json file           the figures for machines
  --assert              end with 1 when a "must" of the budgets is missed
  --smoke               one short round, only to see that it works
  --help

Scenarios:
${scenarios.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join("\n")}
`;

const mebibyte = 1024 * 1024;
const fullEffort: Effort = {
  seconds: 3,
  connections: 64,
  blobBytes: 100 * mebibyte,
  blobCount: 8,
  applications: 10_000,
};
/** Shows that the harness still works, in seconds. Its figures mean nothing. */
const smokeEffort: Effort = {
  seconds: 1,
  connections: 8,
  blobBytes: 32 * mebibyte,
  blobCount: 4,
  applications: 200,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string" },
    peer: { type: "string", multiple: true, default: [] },
    json: { type: "string" },
    assert: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(usage);
} else if (!onPath("wrk") || !onPath("nginx")) {
  console.error("wrk makes the load and nginx is the target: apt-get install wrk nginx-light");
  process.exitCode = values.smoke ? 0 : 2;
} else {
  const profiling = positionals[0] === "profile";
  process.exitCode = await bench(chosen(profiling ? positionals.slice(1) : positionals), profiling);
}

function chosen(names: readonly string[]): readonly Scenario[] {
  // `agent` stands for `agent-memory` as well.
  const isMeant = (name: string, scenario: Scenario): boolean =>
    scenario.name === name || scenario.name.startsWith(`${name}-`);
  const unknown = names.filter((name) => !scenarios.some((scenario) => isMeant(name, scenario)));
  if (unknown.length > 0) {
    console.error(`no scenario is called ${unknown.join(", ")}\n\n${usage}`);
    process.exit(2);
  }
  return names.length === 0 ? scenarios : scenarios.filter((scenario) => names.some((name) => isMeant(name, scenario)));
}

async function bench(list: readonly Scenario[], profiling: boolean): Promise<number> {
  const effort = values.smoke ? smokeEffort : { ...fullEffort, seconds: Number(values.seconds ?? fullEffort.seconds) };
  const rounds = values.smoke || profiling ? 1 : Number(values.rounds);
  const profiles = profiling ? path.join(process.cwd(), "profiles") : undefined;
  if (profiles) mkdirSync(profiles, { recursive: true });
  const world = new World(effort, { peers: values.peer.map(namedPeer), profiles, engine: values.engine });
  const results: Result[] = [];
  try {
    for (const scenario of list) {
      const result = await play(scenario, world, rounds, profiling);
      results.push(result);
      console.log(printed(scenario, result));
    }
  } finally {
    await world.stop();
  }
  if (!profiling && !values.smoke) console.log(summary(results));
  if (values.smoke) console.log("smoke: every scenario runs; its figures mean nothing");
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (profiles) console.log(`profiles are in ${profiles}`);
  const names = list.length === scenarios.length ? "" : `${list.map(({ name }) => name).join(" ")} `;
  console.log(
    `repeat: npm run bench -- ${names}${values.engine === undefined ? "" : `--engine ${values.engine} `}--rounds ${rounds} --seconds ${effort.seconds}`,
  );
  return values.assert && results.some(({ verdicts }) => verdicts.some(isMissed)) ? 1 : 0;
}

async function play(scenario: Scenario, world: World, rounds: number, profiling: boolean): Promise<Result> {
  const all = await scenario.contestants(world);
  const contestants = profiling ? all.slice(-1) : all;
  const [reference] = contestants;
  if (reference === undefined) throw new Error(`${scenario.name} has nobody to measure`);
  const load = await scenario.prepare(world, reference);
  for (const running of contestants) {
    await (scenario.warm === undefined ? load(running) : scenario.warm(world, running, load));
  }
  // A second of load on cold programs is no ground for a verdict.
  const judged = values.smoke ? { ...scenario, budgets: [] } : scenario;
  const played = scenario.rounds ?? rounds * (values.smoke ? 1 : (scenario.roundsForOne ?? 1));
  return judge(judged, await playRounds(contestants, load, played));
}
