import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

/** A program of the control plane, and the end of what it printed. */
export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  output(): string;
}

export function run(assets: string, name: string, flags: readonly string[]): Child {
  const child = spawn(join(assets, name), flags, { stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr?.on("data", (chunk) => {
    output = (output + chunk).slice(-4_000);
  });
  child.on("error", (error) => {
    output += error.message;
  });
  return { name, process: child, output: () => output };
}

export async function end({ process: child }: Child, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

/** For programs that cannot say which port they were given. */
export async function freePorts(count: number): Promise<number[]> {
  // Held together until all are known, so that they differ.
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
