import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DiscardPolicy, jetstreamManager, RetentionPolicy } from "@nats-io/jetstream";
import { type ConnectionOptions, connect, type NatsConnection } from "@nats-io/transport-node";

/** Of the folder that `KUBEBUILDER_ASSETS` names, or on the path; undefined when there is none. */
export const natsServer: string | undefined = [
  process.env["KUBEBUILDER_ASSETS"] ?? "",
  ...(process.env["PATH"] ?? "").split(delimiter),
  "/usr/sbin",
]
  .filter((folder) => folder !== "")
  .map((folder) => join(folder, "nats-server"))
  .find(isExecutable);

if (natsServer === undefined)
  console.warn("tests with a real NATS are skipped: there is no nats-server in KUBEBUILDER_ASSETS or on the PATH");

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What Eventing has configured, as far as one machine can have it. */
export const sap = { name: "sap", subjects: ["kyma.>"], retention: RetentionPolicy.Limits, discard: DiscardPolicy.New };

export interface Nats {
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** Its files stay. */
  kill(): Promise<void>;
  /** A connection of the test's own. */
  client(): Promise<NatsConnection>;
  stop(): Promise<void>;
}

export interface NatsSettings {
  /** What stands in the servers' configuration file. */
  readonly config?: string;
  /** How the test itself gets in. */
  readonly client?: ConnectionOptions;
}

/** Servers with JetStream, of one cluster when there are several; they are started, and keep their ports and files. */
export async function startNats(count = 1, { config = "", client = {} }: NatsSettings = {}): Promise<Nats[]> {
  const folder = await mkdtemp(join(tmpdir(), "nats-"));
  const ports = await freePorts(count * 2);
  const routes = ports.slice(count).map((port) => `nats://127.0.0.1:${port}`);
  const file = join(folder, "nats.conf");
  await writeFile(file, config);
  const servers = Array.from({ length: count }, (_, at) => {
    const args = [
      "-c",
      file,
      "-js",
      "-sd",
      join(folder, `${at}`),
      "-a",
      "127.0.0.1",
      "-p",
      `${ports[at]}`,
      "-n",
      `n${at}`,
    ];
    const cluster = ["--cluster_name", "test", "--cluster", `${routes[at]}`, "--routes", routes.join(",")];
    return server(ports[at] as number, count > 1 ? [...args, ...cluster] : args, folder, client);
  });
  await Promise.all(servers.map((each) => each.start()));
  return servers;
}

function server(port: number, args: readonly string[], folder: string, login: ConnectionOptions): Nats {
  let child: ChildProcess | undefined;
  const clients: NatsConnection[] = [];
  const url = `nats://127.0.0.1:${port}`;
  const kill = async (): Promise<void> => {
    if (child === undefined) return;
    const closed = once(child, "close");
    if (child.exitCode === null && child.kill("SIGKILL")) await closed;
    child = undefined;
  };
  return {
    port,
    url,
    async start() {
      child = spawn(natsServer ?? "nats-server", [...args], { stdio: "ignore" });
      const answers = () =>
        connect({ servers: url, ...login, reconnect: false, timeout: 1_000 }).then(
          (connection) => connection.close().then(() => true),
          () => false,
        );
      for (const endsAt = performance.now() + 15_000; !(await answers()); await sleep(50))
        if (performance.now() > endsAt) throw new Error(`${url} does not answer`);
    },
    kill,
    async client() {
      const connection = await connect({ servers: url, ...login, reconnect: false });
      clients.push(connection);
      return connection;
    },
    async stop() {
      for (const client of clients) await client.close();
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** All messages of the stream, oldest first. */
export async function messagesOf(nats: Nats) {
  const connection = await nats.client();
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const { state } = await manager.streams.info(sap.name);
  const messages = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const stored = await manager.streams.getMessage(sap.name, { seq });
    if (stored === null) continue;
    const { subject, header, data } = stored;
    messages.push({
      subject,
      body: Buffer.from(data).toString(),
      headers: Object.fromEntries(header.keys().map((name) => [name, header.get(name)])),
    });
  }
  await connection.close();
  return messages;
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((each) => once(each, "listening")));
  const ports = servers.map((each) => (each.address() as AddressInfo).port);
  await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}
