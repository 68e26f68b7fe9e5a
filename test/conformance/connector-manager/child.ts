import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { World } from "./world.ts";

const main = path.resolve(import.meta.dirname, "../../../services/connector-manager/src/main.ts");

/** A manager as a process of its own. Resolves when it listens: from then on it works. */
export async function startChild(world: World, ...more: readonly string[]): Promise<ChildProcess> {
  const flags = [
    "--kubeconfig",
    world.kubeconfig,
    "--metrics-bind-address=0",
    "--health-probe-bind-address=127.0.0.1:0",
    "--webhook-port=0",
    ...more,
  ];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the manager ended with ${code}`)));
    child.stderr?.on("data", (chunk) => String(chunk).includes('"listening"') && resolve());
  });
  return child;
}

/** Resolves with its exit code, null when a signal ended it. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.kill(signal);
  return ended;
}
