import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { World } from "./world.ts";

const ours = path.resolve(import.meta.dirname, "agent-process.ts");
const program = path.resolve(import.meta.dirname, "../../../services/runtime-agent/src/main.ts");

export interface AgentProcess {
  readonly child: ChildProcess;
  readonly output: string;
  /** Resolves with its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** An agent in a process of its own; `program` is the one that is shipped, with the keys it makes. */
export function agentProcess(
  { environment }: World,
  env: Record<string, string> = {},
  which: "quick" | "program" = "quick",
): AgentProcess {
  const child = spawn(process.execPath, [which === "quick" ? ours : program], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    child,
    ended,
    get output() {
      return output;
    },
  };
}
