import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { type Authority, createAuthority, loadAuthority } from "@application-connector/x509";

/** Another validator than ours: a program that is started with upstream's flags, or one that runs already. */
export type OtherValidator =
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "address"; readonly proxy: number; readonly health: number; readonly folder: string };

/** Where a validator that runs already finds Eventing and the API server. */
export const eventingPort = 26_480;
export const apiPort = 26_443;
const adminToken = "conformance-of-the-validator";
export const admin = { token: adminToken, name: "conformance", groups: ["system:masters"] };

export const otherValidator = readOther(process.env);
if (otherValidator !== undefined) console.log("another validator is tested: what only ours has is not tried");

function readOther(env: NodeJS.ProcessEnv): OtherValidator | undefined {
  const { VALIDATOR_COMMAND: command, VALIDATOR_PORTS: ports, VALIDATOR_FOLDER: folder } = env;
  if (command) return { kind: "command", command };
  if (!ports) return undefined;
  const [proxy, health] = ports.split(",").map(Number);
  if (!proxy || !health || !folder)
    throw new Error("VALIDATOR_PORTS must be proxy,health and VALIDATOR_FOLDER the folder of the kubeconfig");
  return { kind: "address", proxy, health, folder };
}

/** The authority of the API server, the same in every run, so that a validator goes on trusting it. */
export function lastingAuthority(folder: string): Authority {
  const [certificate, key] = [path.join(folder, "ca.crt"), path.join(folder, "ca.key")];
  if (existsSync(key))
    return loadAuthority({ certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") });
  mkdirSync(folder, { recursive: true });
  const authority = createAuthority({ subject: "CN=conformance" });
  writeFileSync(certificate, authority.certificate);
  writeFileSync(key, authority.key, { mode: 0o600 });
  return authority;
}

export interface RunningSubject {
  readonly ports: { readonly proxy: number; readonly externalApi: number };
  stop(): Promise<void>;
}

/** Starts the program on ports of its own. */
export async function startCommand(command: string, flags: readonly string[]): Promise<RunningSubject> {
  const [proxy, externalApi] = [await freePort(), await freePort()];
  const [file = "", ...leading] = command.split(" ");
  const child = spawn(file, [...leading, ...flags, `--proxyPort=${proxy}`, `--externalAPIPort=${externalApi}`], {
    env: { PATH: process.env["PATH"], APP_LOG_FORMAT: "json", APP_LOG_LEVEL: "fatal" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  return {
    ports: { proxy, externalApi },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
