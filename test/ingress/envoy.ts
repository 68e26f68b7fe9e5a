import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";

/** A running Envoy, and the ports that its listeners got. */
export interface Envoy {
  port(listener: string): number;
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;

/** Starts the program that `ENVOY` names, with listeners and clusters as its API has them. */
export async function startEnvoy(resources: { listeners: object[]; clusters: object[] }): Promise<Envoy> {
  const program = process.env["ENVOY"];
  if (!program) throw new Error("ENVOY does not name the program of Envoy");
  const folder = await mkdtemp(join(tmpdir(), "envoy-"));
  const [config, adminAddress] = [join(folder, "envoy.json"), join(folder, "admin-address")];
  const admin = { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } };
  await writeFile(config, JSON.stringify({ admin, static_resources: resources }));
  const flags = ["--config-path", config, "--admin-address-path", adminAddress, "--concurrency", "1"];
  const child = spawn(program, [...flags, "--disable-hot-restart", "--log-level", "warning"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.on("error", (error) => {
    output += error.message;
  });
  child.stderr?.on("data", (chunk) => {
    output = (output + chunk).slice(-4_000);
  });
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const ports = await portsWhenReady(child, adminAddress, resources.listeners.length);
    return {
      stop,
      port(listener) {
        const port = ports.get(listener);
        if (port === undefined) throw new Error(`Envoy has no listener ${listener}`);
        return port;
      },
    };
  } catch (cause) {
    await stop();
    throw new Error(`Envoy does not run: ${output}`, { cause });
  }
}

async function portsWhenReady(child: ChildProcess, adminAddress: string, count: number): Promise<Map<string, number>> {
  for (const deadline = Date.now() + readyWithinMs; ; ) {
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`not ready after ${readyWithinMs / 1000} s`);
    const address = await readFile(adminAddress, "utf8").catch(() => "");
    const ports = address === "" ? undefined : await listenersOf(address.trim()).catch(() => undefined);
    if (ports?.size === count) return ports;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Listeners {
  listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
}

/** Undefined while Envoy is not live yet. */
async function listenersOf(admin: string): Promise<Map<string, number> | undefined> {
  const ready = await request(`http://${admin}/ready`);
  await ready.body.dump();
  if (ready.statusCode !== 200) return undefined;
  const { body } = await request(`http://${admin}/listeners?format=json`);
  const { listener_statuses } = (await body.json()) as Listeners;
  return new Map(
    listener_statuses.map(({ name, local_address }) => [name, local_address.socket_address.port_value] as const),
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
