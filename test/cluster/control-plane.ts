import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { startControllers } from "./controllers.ts";
import { type Child, end, freePorts, run } from "./processes.ts";

/** Somebody the API server knows by a bearer token. */
export interface User {
  token: string;
  name: string;
  groups?: string[];
}

export interface ControlPlaneOptions {
  /** With controllers, a scheduler and a node on which every Pod is ready in a moment. */
  controllers?: boolean;
  /** Every request is written into a file. */
  audit?: boolean;
}

/** A real etcd and kube-apiserver on loopback, with a data folder of their own. */
export interface ControlPlane {
  readonly url: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
  readonly adminToken: string;
  /** Where requests are written down, one as JSON in a line; undefined when nobody asked for it. */
  readonly auditLog: string | undefined;
  /** A kubeconfig (YAML) for a token; the administrator's when none is given. */
  kubeconfig(token?: string): string;
  /** Kills the API server; its data stays. */
  kill(): Promise<void>;
  /** Starts the API server again, on the same port with the same data. */
  start(): Promise<void>;
  /** As when it is restored from a backup of its first hour: the same server, with a store that begins anew. */
  startAnew(): Promise<void>;
  stop(): Promise<void>;
}

const adminToken = "admin-token";
const readyWithinMs = 90_000;

export async function startControlPlane(
  assets: string,
  users: readonly User[] = [],
  options: ControlPlaneOptions = {},
): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), "control-plane-"));
  const [clientPort, peerPort, port] = await freePorts(3);
  const etcdFlags = [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=http://127.0.0.1:${clientPort}`,
    `--advertise-client-urls=http://127.0.0.1:${clientPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    "--log-level=error",
    "--unsafe-no-fsync",
  ];
  let etcd = run(assets, "etcd", etcdFlags);
  const flags = await apiServerFlags(folder, users, `http://127.0.0.1:${clientPort}`, Number(port));
  const auditLog = options.audit ? join(folder, "audit.log") : undefined;
  if (auditLog) flags.push(...(await auditFlags(folder, auditLog)));
  const url = `https://127.0.0.1:${port}`;
  let apiServer = run(assets, "kube-apiserver", flags);
  let ca = "";
  let controllers: { stop(): Promise<void> } | undefined;
  try {
    ca = await untilReady(url, join(folder, "pki", "apiserver.crt"), [etcd, apiServer]);
    if (options.controllers) {
      const kubeconfig = kubeconfigOf(url, ca, adminToken);
      const serviceAccountKey = join(folder, "service-account.key");
      controllers = await startControllers({ assets, folder, url, ca, adminToken, kubeconfig, serviceAccountKey });
    }
  } catch (error) {
    await Promise.all([end(apiServer, "SIGKILL"), end(etcd, "SIGKILL")]);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }

  return {
    url,
    port: Number(port),
    ca,
    adminToken,
    auditLog,
    kubeconfig: (token = adminToken) => kubeconfigOf(url, ca, token),
    kill: () => end(apiServer, "SIGKILL"),
    async start() {
      apiServer = run(assets, "kube-apiserver", flags);
      await untilReady(url, join(folder, "pki", "apiserver.crt"), [etcd, apiServer]);
    },
    async startAnew() {
      await end(apiServer, "SIGKILL");
      await end(etcd, "SIGKILL");
      await rm(join(folder, "etcd"), { recursive: true, force: true });
      etcd = run(assets, "etcd", etcdFlags);
      apiServer = run(assets, "kube-apiserver", flags);
      await untilReady(url, join(folder, "pki", "apiserver.crt"), [etcd, apiServer]);
    },
    async stop() {
      await controllers?.stop();
      await end(apiServer, "SIGKILL");
      await end(etcd, "SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function apiServerFlags(folder: string, users: readonly User[], etcd: string, port: number): Promise<string[]> {
  const key = join(folder, "service-account.key");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ type: "pkcs8", format: "pem" }));
  const tokens = join(folder, "tokens.csv");
  const known = [{ token: adminToken, name: "admin", groups: ["system:masters"] }, ...users];
  await writeFile(
    tokens,
    known.map(({ token, name, groups = [] }) => `${token},${name},${name},"${groups}"\n`).join(""),
  );
  return [
    `--etcd-servers=${etcd}`,
    `--cert-dir=${join(folder, "pki")}`,
    `--secure-port=${port}`,
    "--bind-address=127.0.0.1",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${tokens}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--allow-privileged=true",
    // Killed servers leave watches of clients behind; a test need not wait for them.
    "--shutdown-delay-duration=0s",
  ];
}

/** Who asks for what, without what is said. */
async function auditFlags(folder: string, log: string): Promise<string[]> {
  const policy = join(folder, "audit-policy.json");
  const rules = [{ level: "Metadata" }];
  const omitStages = ["ResponseStarted", "ResponseComplete", "Panic"];
  await writeFile(policy, JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", omitStages, rules }));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`, "--audit-log-mode=blocking"];
}

/** Resolves with the server's certificate, which signs itself, when the server says that it is ready. */
async function untilReady(url: string, certificate: string, children: readonly Child[]): Promise<string> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const dead = children.find(({ process }) => process.exitCode !== null || process.pid === undefined);
    if (dead) throw new Error(`${dead.name} does not run: ${dead.output()}`);
    if (Date.now() > deadline) throw new Error(`kube-apiserver is not ready: ${children.at(-1)?.output()}`);
    const ca = await readFile(certificate, "utf8").catch(() => undefined);
    if (ca && (await isReady(url, ca))) return ca;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isReady(url: string, ca: string): Promise<boolean> {
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const headers = { authorization: `Bearer ${adminToken}` };
    const { statusCode, body } = await request(`${url}/readyz`, { dispatcher, headers });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}

/** A kubeconfig for a bearer token. */
export function kubeconfigOf(server: string, ca: string, token: string): string {
  const data = Buffer.from(ca).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": data } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}
