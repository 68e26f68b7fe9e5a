import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** One kind of request that `wrk` repeats. */
export interface RequestShape {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Saturation {
  readonly requests: number;
  readonly seconds: number;
}

const luaString = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString().padStart(3, "0")}`).join("")}"`;

/** As many requests as the port answers, over keep-alive connections. An answer that is no 2xx fails the run. */
export async function saturate(
  port: number,
  shape: RequestShape,
  seconds: number,
  connections: number,
): Promise<Saturation> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-wrk-"));
  try {
    const script = path.join(folder, "request.lua");
    const headers = Object.entries(shape.headers ?? {}).map(
      ([name, value]) => `wrk.headers[${luaString(name)}] = ${luaString(value)}`,
    );
    writeFileSync(
      script,
      [
        `wrk.method = ${luaString(shape.method)}`,
        ...(shape.body === undefined ? [] : [`wrk.body = ${luaString(shape.body)}`]),
        ...headers,
        'done = function(summary) print(string.format("BENCH %d %d %d %d", summary.requests, summary.duration,',
        "  summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write)) end",
      ].join("\n"),
    );
    const url = `http://127.0.0.1:${port}${shape.path}`;
    const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, url];
    const { stdout } = await run("wrk", args, { timeout: (seconds + 30) * 1_000 });
    const [, requests, micros, status, socket] = /BENCH (\d+) (\d+) (\d+) (\d+)/.exec(stdout)?.map(Number) ?? [];
    if (!requests || !micros) throw new Error(`wrk counted no requests:\n${stdout}`);
    if (status || socket) throw new Error(`${status} bad answers and ${socket} broken connections on port ${port}`);
    return { requests, seconds: micros / 1e6 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
