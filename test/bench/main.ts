import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Contestant, playRounds } from "./measure.ts";
import { go, haproxy, namedPeer, nginx, type Peer } from "./peers.ts";
import { judge, printed, type Result } from "./report.ts";
import { fullEffort, prefix, type Scenario, scenarios, smokeEffort, uploadPrefix } from "./scenarios.ts";
import { authorization, startCluster, startGateway, startValidator } from "./subjects.ts";
import { startTarget } from "./target.ts";

const usage = `npm run bench [-- [scenario…] [options]]        npm run bench -- profile <scenario>

Compares the data path with peers in the same run and prints ratios.

  --rounds n            rounds of each scenario (5)
  --seconds n           seconds of load for each proxy in a round (4)
  --peer name=command   one more proxy; {port}, {target} and {kubeconfig} are replaced in the command
  --json file           the figures for machines
  --assert              end with 1 when a "must" of the budgets is missed
  --smoke               one short round, only to see that it works
  --help

Scenarios:
${scenarios.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join("\n")}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
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
} else {
  const profiling = positionals[0] === "profile";
  process.exitCode = await bench(chosen(profiling ? positionals.slice(1) : positionals), profiling);
}

function chosen(names: readonly string[]): readonly Scenario[] {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    console.error(`no scenario is called ${unknown.join(", ")}\n\n${usage}`);
    process.exit(2);
  }
  return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name));
}

async function bench(list: readonly Scenario[], profiling: boolean): Promise<number> {
  const effort = values.smoke ? smokeEffort : { ...fullEffort, seconds: Number(values.seconds ?? fullEffort.seconds) };
  const rounds = values.smoke || profiling ? 1 : Number(values.rounds);
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  const stops: (() => Promise<void>)[] = [];
  const running = <T extends { stop(): Promise<void> }>(part: T): T => {
    stops.unshift(() => part.stop());
    return part;
  };
  try {
    if (!hasWrk()) {
      console.error("wrk makes the load and nginx is the target: apt-get install wrk nginx-light");
      return values.smoke ? 0 : 2;
    }
    const target = running(await startTarget(folder, effort.blobBytes));
    const cluster = running(await startCluster(folder, target));
    const work = { folder, target, prefix, uploadPrefix, authorization, kubeconfig: cluster.kubeconfigFile };
    const profiles = profiling ? path.join(process.cwd(), "profiles") : undefined;
    if (profiles) mkdirSync(profiles, { recursive: true });

    const contestants = new Map<string, Contestant>();
    const enter = async (peer: Peer): Promise<void> => {
      const remedy = peer.absent();
      if (remedy) console.log(`${peer.name} is absent and left out: ${remedy}`);
      else contestants.set(peer.name, { name: peer.name, running: running(await peer.start(work)) });
    };
    const extra = values.peer.map(namedPeer);
    if (!profiling) for (const peer of [go, nginx, haproxy, ...extra]) await enter(peer);
    const gateway = running(await startGateway(cluster.kubeconfigFile, profiles));
    contestants.set("gateway", { name: "gateway", running: gateway });
    if (list.some(({ subject }) => subject === "validator")) {
      const validator = running(await startValidator(cluster.kubeconfigFile, target.port, profiles));
      contestants.set("validator", { name: "validator", running: validator });
    }

    const results: Result[] = [];
    for (const scenario of list) {
      const names = [...scenario.peers, ...(scenario.subject === "gateway" ? extra.map(({ name }) => name) : [])];
      const wanted = profiling ? [scenario.subject] : [...names, scenario.subject];
      const present = wanted.flatMap((name) => contestants.get(name) ?? []);
      const reference = present[0];
      if (!reference) continue;
      const load = await scenario.prepare(effort, reference.running);
      for (const contestant of present) await scenario.warm(effort, contestant.running, load);
      // A second of load on cold programs is no ground for a verdict.
      const judged = values.smoke ? { ...scenario, budgets: [] } : scenario;
      const result = judge(judged, await playRounds(present, load, rounds));
      results.push(result);
      console.log(printed(scenario, result));
    }
    if (values.smoke) console.log("smoke: every scenario runs; its figures mean nothing");
    if (values.json) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
    if (profiles) console.log(`profiles are in ${profiles}`);
    console.log(`repeat: npm run bench -- ${list.map(({ name }) => name).join(" ")} --rounds ${rounds}`);
    return values.assert && results.some(({ verdicts }) => verdicts.some(({ met }) => !met)) ? 1 : 0;
  } finally {
    for (const stop of stops) await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasWrk(): boolean {
  try {
    execFileSync("sh", ["-c", "command -v wrk && command -v nginx"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
