import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { testedEngine } from "../tested-engine.ts";
import { call } from "./http.ts";
import { tokenFileFor } from "./last-words.ts";
import { ledger } from "./secrecy-ledger.ts";
import { until } from "./world.ts";

export interface Started {
  readonly process: ChildProcess;
  /** All that it has written so far, to either stream. */
  readonly output: () => string;
}

export interface GatewayPorts {
  readonly proxy: number;
  readonly proxyCompass: number;
  readonly external: number;
}

/** What a process holds after a garbage collection. */
export interface Memory {
  readonly heapMiB: number;
  /** Buffers outside of the heap. */
  readonly buffersMiB: number;
  /** Sockets, timers and the like. */
  readonly handles: number;
}

/** Our program, started for a whole test file. */
export interface GatewayProcess extends Started {
  readonly ports: GatewayPorts;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  /** Collects garbage first. Needs `inspectable`. */
  memory(): Promise<Memory>;
  /** Resident memory in MiB: now, and the most it has been since the start or the last `forgetPeak`. */
  resident(): { readonly now: number; readonly peak: number };
  forgetPeak(): void;
  /** By SIGTERM; by SIGKILL what has not ended within ten seconds. */
  stop(): Promise<void>;
}

export interface GatewayProcessOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Modules of this folder that are loaded before the program's own. */
  readonly preload?: readonly string[];
  /** Lets `memory` look into it. */
  readonly inspectable?: boolean;
  /** How long it may take until it can serve. */
  readonly servingWithinMs?: number;
}

const workspace = path.resolve(import.meta.dirname, "../../..");
const main = "services/application-gateway/src/main.ts";

export function launch(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeFlags: readonly string[] = [],
): Started {
  const child = spawn(process.execPath, [...nodeFlags, main, ...args], {
    cwd: workspace,
    env: { ...process.env, ...env },
  });
  let text = "";
  ledger.said("the output of a program", () => text);
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
  return { process: child, output: () => text };
}

/** The flags with which a test starts the program against a cluster, unless it gives others. */
export function flagsFor(kubeconfig: string, flags: readonly string[]): string[] {
  const ports = ["--proxyPort=0", "--proxyPortCompass=0", "--externalAPIPort=0", "--listenAddress=127.0.0.1"];
  const level = flags.some((flag) => /^--?logLevel\b/.test(flag)) ? [] : ["--logLevel=debug"];
  const diagnosis = ["--diagnosis=token", `--diagnosisTokenFile=${tokenFileFor(kubeconfig)}`];
  const engine = flags.some((flag) => /^--?engine\b/.test(flag)) ? [] : [`--engine=${testedEngine}`];
  return [`--kubeConfig=${kubeconfig}`, ...ports, ...level, ...diagnosis, ...engine, ...flags];
}

/** Resolves when the program can serve, with the ports that it has opened. */
export async function serving({ process: child, output }: Started, withinMs = 30_000): Promise<GatewayPorts> {
  const ports = (): { proxy: number; proxyCompass: number; externalApi: number } | undefined =>
    output()
      .split("\n")
      .filter((text) => text.startsWith("{"))
      .map((text) => JSON.parse(text))
      .find(({ proxyCompass }) => proxyCompass !== undefined);
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${output()}`);
    return ports() !== undefined;
  }, withinMs);
  const { proxy = 0, proxyCompass = 0, externalApi: external = 0 } = ports() ?? {};
  await until(async () => (await call(external, "/v1/ready")).status === 200, withinMs);
  return { proxy, proxyCompass, external };
}

export async function startGatewayProcess(
  kubeconfig: string,
  { flags = [], env = {}, preload = [], inspectable = false, servingWithinMs }: GatewayProcessOptions = {},
): Promise<GatewayProcess> {
  const modules = [...preload, ...(inspectable ? ["tell-memory.ts"] : [])];
  const nodeFlags = modules.map((file) => `--import=${pathToFileURL(path.join(import.meta.dirname, file)).href}`);
  const started = launch(flagsFor(kubeconfig, flags), env, [...nodeFlags, ...(inspectable ? ["--expose-gc"] : [])]);
  const { process: child, output } = started;
  const ended = once(child, "close").then(([code]) => code as number | null);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  };
  const ports = await serving(started, servingWithinMs).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    ...started,
    ports,
    ended,
    async memory() {
      const told = (): string[] => output().match(/^memory \{.*\}$/gm) ?? [];
      const before = told().length;
      child.kill("SIGUSR2");
      await until(() => told().length > before);
      const { heapUsed, external, handles } = JSON.parse(told().at(-1)?.slice("memory ".length) ?? "{}");
      return { heapMiB: heapUsed / 1024 ** 2, buffersMiB: external / 1024 ** 2, handles };
    },
    resident() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
      return { now: of("VmRSS"), peak: of("VmHWM") };
    },
    forgetPeak() {
      writeFileSync(`/proc/${child.pid}/clear_refs`, "5");
    },
    stop,
  };
}
