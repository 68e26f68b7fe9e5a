import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";

/** A child of the harness: known by its id, ended by its id. */
export interface Running {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const graceMs = 5_000;

/** Starts a program and waits until it accepts connections. Its output is kept only to explain a start that failed. */
export async function startProgram(
  name: string,
  command: readonly string[],
  port: number,
  env: NodeJS.ProcessEnv = {},
): Promise<Running> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const failure = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`${name} did not start: ${error.message}`)));
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code} at its start:\n${output}`)));
  });
  failure.catch(() => undefined);
  await Promise.race([accepting(port, 15_000, name), failure]);
  return { name, port, pid: child.pid ?? 0, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

/** Waits until something listens on the port, trying ten times a second. */
export async function accepting(port: number, deadlineMs: number, name: string): Promise<void> {
  const until = performance.now() + deadlineMs;
  while (!(await connects(port))) {
    if (performance.now() > until) throw new Error(`${name} does not listen on port ${port} after ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** A port that was free a moment ago, for programs that cannot be asked to choose one. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** User and system seconds of a process and its children, from /proc. The unit there is 1/100 s on every Linux. */
export function cpuSeconds(pid: number): number {
  return family(pid).reduce((sum, member) => {
    const fields = statOf(member);
    return sum + (fields ? (Number(fields[11]) + Number(fields[12])) / 100 : 0);
  }, 0);
}

/** The most memory a process and its children have held, in MiB (sum of their peaks). */
export function peakRssMiB(pid: number): number {
  return family(pid).reduce((sum, member) => {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readOr(`/proc/${member}/status`))?.[1];
    return sum + Number(peak ?? 0) / 1024;
  }, 0);
}

function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = statOf(Number(entry))?.[1];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const members = [pid];
  for (const member of members) {
    for (const [child, parent] of parents) if (parent === member) members.push(child);
  }
  return members;
}

/** The fields after the program's name, which may itself contain blanks and brackets. */
function statOf(pid: number): string[] | undefined {
  const stat = readOr(`/proc/${pid}/stat`);
  return stat === "" ? undefined : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The memory a process holds now, in MiB. */
export function rssMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readOr(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** Begins to count; what it returns says which share of the machine's time was stolen since, 0 to 1. */
export function stolenShare(): () => number {
  const before = machineTicks();
  return () => {
    const { stolen, total } = machineTicks();
    const passed = total - before.total;
    // A few ticks are no ground for a judgement.
    return passed < 20 ? 0 : (stolen - before.stolen) / passed;
  };
}

/** The line of all processors in /proc/stat; its eighth number is time that the host gave to others. */
function machineTicks(): { stolen: number; total: number } {
  const numbers = (/^cpu +(.*)$/m.exec(readOr("/proc/stat"))?.[1] ?? "").split(" ").slice(0, 8).map(Number);
  return { stolen: numbers[7] ?? 0, total: numbers.reduce((sum, ticks) => sum + ticks, 0) };
}
