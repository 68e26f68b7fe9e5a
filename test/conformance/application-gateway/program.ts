import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { flagsFor, launch, type Started, serving } from "./gateway-process.ts";
import { lastWords } from "./last-words.ts";

export type { Started } from "./gateway-process.ts";

export interface Running extends Started {
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  readonly ports: { readonly proxy: number; readonly external: number };
}

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
  const started = programWith(env, ...flagsFor(kubeconfig, flags));
  const ended = exit(started.process);
  const ports = await serving(started);
  onTestFinished(() => lastWords(ports.external));
  return { ...started, ended, ports };
}

/** Starts the program as it is. */
export function program(...args: string[]): Started {
  return programWith({}, ...args);
}

function programWith(env: Readonly<Record<string, string>>, ...args: string[]): Started {
  const started = launch(args, env);
  onTestFinished(() => {
    started.process.kill("SIGKILL");
  });
  return started;
}

export async function exit(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "close");
  return code;
}
