import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a load generator of this folder as its own process and returns the line of JSON it ends with. */
async function generate<T>(file: string, plan: object, timeoutMs: number): Promise<T> {
  const script = path.join(import.meta.dirname, file);
  const { stdout } = await run(process.execPath, [script, JSON.stringify(plan)], { timeout: timeoutMs });
  return JSON.parse(stdout) as T;
}

export interface Latencies {
  readonly problem?: string;
  readonly answered: number;
  readonly failed: number;
  /** Milliseconds, from the moment a request was due. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface FixedRate {
  readonly port: number;
  readonly path: string;
  /** Requests a second. */
  readonly rate: number;
  /** What is sent first and not measured. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly connections: number;
}

export async function atFixedRate(plan: FixedRate): Promise<Latencies> {
  const { rate, seconds, warmUpSeconds } = plan;
  const latencies = await generate<Latencies>("open-loop.ts", plan, (warmUpSeconds + seconds + 60) * 1_000);
  if (latencies.problem) throw new Error(`at ${rate} requests a second: ${latencies.problem}`);
  if (latencies.failed > 0) throw new Error(`${latencies.failed} requests failed at ${rate} a second`);
  return latencies;
}

/** Bytes that arrived. */
export async function transfer(
  port: number,
  path: string,
  direction: "down" | "up",
  bytes: number,
  count: number,
): Promise<number> {
  const plan = { port, path, direction, bytes, count, parallel: Math.min(count, 4) };
  return (await generate<{ bytes: number }>("transfer.ts", plan, 300_000)).bytes;
}

export interface SlowTransfers {
  readonly port: number;
  readonly down: string;
  readonly up: string;
  readonly bytes: number;
  readonly parallel: number;
}

/** Bytes that arrived, over slow readers in both directions. */
export async function slowTransfers(plan: SlowTransfers): Promise<number> {
  return (await generate<{ bytes: number }>("slow-transfers.ts", plan, 300_000)).bytes;
}

export interface HandshakePlan {
  readonly port: number;
  readonly seconds: number;
  readonly parallel: number;
  /** PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly servername: string;
}

/** Full handshakes with a client certificate that the server has completed. */
export async function handshakes(plan: HandshakePlan): Promise<number> {
  const { completed, failed } = await generate<{ completed: number; failed: number }>(
    "handshakes.ts",
    plan,
    (plan.seconds + 30) * 1_000,
  );
  if (failed > 0) throw new Error(`${failed} handshakes failed on port ${plan.port}`);
  return completed;
}
