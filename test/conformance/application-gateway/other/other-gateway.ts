import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeApiOptions } from "@application-connector/kube-api-emulator";
import { loadAuthority } from "@application-connector/x509";

/** Ports of a gateway that is not ours, or that we did not start. */
export interface OtherPorts {
  readonly proxy: number;
  readonly proxyCompass: number;
  readonly externalApi: number;
}

export interface OtherGateway {
  readonly ports: OtherPorts;
  stop(): Promise<void>;
}

/** What a test file wants of its gateway; others know no more of our settings than these. */
export interface OtherSettings {
  readonly kubeConfig: string;
  readonly proxyTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

const { GATEWAY_COMMAND: command, GATEWAY_PORTS: ports, GATEWAY_FOLDER: folder = "" } = process.env;

/** False when the suite was pointed at another gateway. */
export const isOurs = command === undefined && ports === undefined;

/** How long a change of an Application or a Secret may take to apply. */
export const changesWithinMs = Number(process.env["GATEWAY_CHANGE_SECONDS"] ?? 2) * 1_000;

type OptionsForOther = Required<Pick<KubeApiOptions, "authority" | "port" | "users" | "firstRevision">>;

/** How the emulated API server of each test file must be, for a gateway that was started before it. */
export function apiOptionsForOther(): OptionsForOther | undefined {
  if (ports === undefined) return undefined;
  return readFolder(folder);
}

/** The gateway under test, ready; its API server runs already. */
export async function startOther(settings: OtherSettings): Promise<OtherGateway> {
  const gateway = command === undefined ? addressed(ports ?? "") : await started(command, settings);
  const until = performance.now() + 30_000;
  while (!(await isHealthy(gateway.ports.externalApi))) {
    if (performance.now() > until) {
      await gateway.stop();
      throw new Error(`GET /v1/health of port ${gateway.ports.externalApi} does not answer 200`);
    }
    await delay(50);
  }
  return gateway;
}

function addressed(list: string): OtherGateway {
  const [proxy, proxyCompass, externalApi] = list.split(",").map(Number);
  if (!proxy || !proxyCompass || !externalApi) {
    throw new Error("GATEWAY_PORTS must name the ports for services, bundles and health: 8080,8082,8081");
  }
  return { ports: { proxy, proxyCompass, externalApi }, stop: async () => undefined };
}

async function started(template: string, settings: OtherSettings): Promise<OtherGateway> {
  const [proxy, proxyCompass, externalApi] = (await freePorts(3)) as [number, number, number];
  const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)));
  const values: Record<string, string> = {
    kubeConfig: settings.kubeConfig,
    proxyPort: String(proxy),
    proxyPortCompass: String(proxyCompass),
    externalAPIPort: String(externalApi),
    proxyTimeout: seconds(settings.proxyTimeoutMs),
    requestTimeout: seconds(settings.requestTimeoutMs),
  };
  const line = template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
  // A group of its own, so that what the shell starts ends with it.
  const child = spawn("sh", ["-c", line], { detached: true, stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "close");
  return {
    ports: { proxy, proxyCompass, externalApi },
    async stop() {
      if (child.pid === undefined || child.exitCode !== null) return;
      process.kill(-child.pid, "SIGTERM");
      const late = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const found = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return found;
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path: "/v1/health", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("error", () => resolve(false));
    sent.end();
  });
}

/** What `prepare.ts` has written. */
function readFolder(from: string) {
  const read = (name: string): string => readFileSync(path.join(from, name), "utf8");
  if (from === "" || !existsSync(path.join(from, "settings.json"))) {
    throw new Error("GATEWAY_PORTS needs GATEWAY_FOLDER, a folder that prepare.ts has filled");
  }
  const { port, token } = JSON.parse(read("settings.json")) as { port: number; token: string };
  return {
    port,
    authority: loadAuthority({ certificate: read("ca.crt"), key: read("ca.key") }),
    // Later than what the gateway has seen of the last file's: it must find that its watches have missed something.
    firstRevision: Math.floor(Date.now() / 100),
    users: [{ token, name: "gateway", groups: ["system:masters"] }],
  };
}
