import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { sendRaw } from "../raw-client.ts";
import { eventually, manifestFlags } from "../world.ts";

const main = fileURLToPath(new URL("../../../../services/connectivity-validator/src/main.ts", import.meta.url));

/** The program, in a process of its own: its memory is its own as well. */
export interface ValidatorProcess {
  readonly port: number;
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
  /** Resident memory in MiB: now, and the most there was so far. */
  resident(): { readonly now: number; readonly peak: number };
  readonly isRunning: boolean;
  /** The last of what it has written. */
  readonly lastWords: string;
  stop(): Promise<void>;
}

export async function startValidatorProcess(flags: readonly string[]): Promise<ValidatorProcess> {
  const [port, health] = await freePorts();
  const own = manifestFlags.filter((flag) => !/^--(proxyPort|externalAPIPort)=/.test(flag));
  const args = [...own, `--proxyPort=${port}`, `--externalAPIPort=${health}`, ...flags];
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk) => {
    output = (output + chunk).slice(-4_000);
  });
  const get = (path: string) => sendRaw(health, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}: ${output}`);
    return (await get("/readyz").catch(() => undefined))?.status === 200;
  };
  await eventually(isReady, 30_000);
  return {
    port,
    async metric(name) {
      const { text } = await get("/metrics");
      return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
    },
    resident() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
      return { now: of("VmRSS"), peak: of("VmHWM") };
    },
    get lastWords() {
      return output;
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Held together until both are known, so that they differ. */
export async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  for (const server of servers) await once(server.listen(0, "127.0.0.1"), "listening");
  const [one, other] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await once(server.close(), "close");
  return [one as number, other as number];
}
