import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { onTestFinished } from "vitest";
import { call } from "./http.ts";
import { lastWords, tokenFileFor } from "./last-words.ts";
import { ledger } from "./secrecy-ledger.ts";
import { until } from "./world.ts";

export interface Started {
  readonly process: ChildProcess;
  /** All that it has written so far, to either stream. */
  readonly output: () => string;
}

export interface Running extends Started {
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  readonly ports: { readonly proxy: number; readonly external: number };
}

interface LoggedPorts {
  proxy: number;
  proxyCompass: number;
  externalApi: number;
}

const workspace = path.resolve(import.meta.dirname, "../../..");

/** Starts the program against a cluster; resolves when it can serve. */
export function running(kubeconfig: string, ...flags: string[]): Promise<Running> {
  return runningWith({}, kubeconfig, ...flags);
}

/** The same with variables in its environment. */
export async function runningWith(
  env: Readonly<Record<string, string>>,
  kubeconfig: string,
  ...flags: string[]
): Promise<Running> {
  const ports = ["--proxyPort=0", "--proxyPortCompass=0", "--externalAPIPort=0", "--listenAddress=127.0.0.1"];
  const level = flags.some((flag) => /^--?logLevel\b/.test(flag)) ? [] : ["--logLevel=debug"];
  const diagnosis = ["--diagnosis=token", `--diagnosisTokenFile=${tokenFileFor(kubeconfig)}`];
  const started = programWith(env, `--kubeConfig=${kubeconfig}`, ...ports, ...level, ...diagnosis, ...flags);
  const ended = exit(started.process);
  const line = (): LoggedPorts | undefined =>
    started
      .output()
      .split("\n")
      .filter((text) => text.startsWith("{"))
      .map((text) => JSON.parse(text))
      .find(({ proxyCompass }) => proxyCompass !== undefined);
  await until(() => line() !== undefined);
  const { proxy = 0, externalApi: external = 0 } = line() ?? {};
  await until(async () => (await call(external, "/v1/ready")).status === 200);
  onTestFinished(() => lastWords(external));
  return { ...started, ended, ports: { proxy, external } };
}

/** Starts the program as it is. */
export function program(...args: string[]): Started {
  return programWith({}, ...args);
}

function programWith(env: Readonly<Record<string, string>>, ...args: string[]): Started {
  const child = spawn(process.execPath, ["services/application-gateway/src/main.ts", ...args], {
    cwd: workspace,
    env: { ...process.env, ...env },
  });
  let text = "";
  ledger.said("the output of a program", () => text);
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { process: child, output: () => text };
}

export async function exit(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "close");
  return code;
}
