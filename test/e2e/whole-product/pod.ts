import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serviceAccounts } from "@application-connector/kube";
import { onTestFailed, onTestFinished } from "vitest";
import { freePorts } from "../../cluster/processes.ts";
import type { Any } from "../../conformance/connector-manager/kinds.ts";
import { moduleNamespace, type World } from "../../conformance/connector-manager/world.ts";
import { programOf } from "./program.ts";

/** What a container of a Deployment would run, as a process of this machine. */
export interface Pod {
  /** Where the ports of the container are, by their names. */
  readonly ports: Readonly<Record<string, number>>;
  readonly output: () => string;
  /** As a kubelet ends it; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** What a machine without the cluster's network has to be told beside what the Deployment says. */
export interface Elsewhere {
  args?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
}

/** Settings that name a port to listen on. Several Pods have the same ones, and share this machine. */
const portSettings = /^(--proxyPort|--proxyPortCompass|--externalAPIPort|APP_HEALTH_PORT|APP_MTLS_PORT)=(\d+)$/;
const bindSettings = /^(--metrics-bind-address|--health-probe-bind-address)=:(\d+)$/;

/**
 * Does what a kubelet does with the first container of a Deployment's Pod: its flags, its environment, its Secrets as
 * files, a token of its ServiceAccount, and nothing of ours. Resolves when its readiness probe is content.
 */
export async function startPod(world: World, deployment: Any, elsewhere: Elsewhere = {}): Promise<Pod> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const pod = await tryPod(world, deployment, elsewhere);
    if (pod !== undefined) return pod;
  }
  throw new Error(`${deployment.metadata.name}: no ports stayed free`);
}

/** A port that was free a moment ago may be somebody's by now, whose connection the system gave it to. */
const mostAttempts = 5;
const readyWithinMs = 60_000;

/** Undefined when a port was taken meanwhile. */
async function tryPod(world: World, deployment: Any, { args = {}, env = {} }: Elsewhere): Promise<Pod | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), "pod-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { spec } = deployment["spec"].template;
  const [container] = spec.containers;
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, world.server.kubeconfig(await tokenOf(world, spec.serviceAccountName)));

  const declared: Any[] = container.ports ?? [];
  const free = await freePorts(declared.length);
  const portOf = new Map(declared.map(({ containerPort }, index) => [String(containerPort), Number(free[index])]));
  const mounts = await mountSecrets(world, spec, container, folder);
  const here = (setting: string): string => {
    const moved = setting
      .replace(portSettings, (_, name: string, port: string) => `${name}=${portOf.get(port) ?? port}`)
      .replace(bindSettings, (_, name: string, port: string) => `${name}=127.0.0.1:${portOf.get(port) ?? port}`);
    const mount = mounts.find((mount) => moved.includes(`=${mount}/`));
    return mount === undefined ? moved : moved.replace(`=${mount}/`, `=${path.join(folder, mount)}/`);
  };
  const told = ((container.args ?? []) as string[]).map((arg) => {
    const name = arg.split("=")[0]?.slice(2) ?? "";
    return name in args ? `--${name}=${args[name]}` : here(arg);
  });
  const given = ((container.env ?? []) as Any[]).map(({ name, value = "" }) => here(`${name}=${value}`));
  const environment = Object.fromEntries(given.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));

  const program = programOf(container.image);
  const child = spawn(process.execPath, [program, ...told], {
    cwd: folder,
    env: { ...environment, ...env, KUBECONFIG: kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  onTestFailed(() => console.error(`${container.name}:\n${output.slice(-4_000)}`));

  const { httpGet } = container.readinessProbe;
  const probe = `http://127.0.0.1:${portOf.get(String(httpGet.port))}${httpGet.path}`;
  const isReady = (): Promise<boolean> =>
    fetch(probe, { signal: AbortSignal.timeout(2_000) }).then(
      ({ status }) => status === 200,
      () => false,
    );
  const deadline = Date.now() + readyWithinMs;
  while (!(await isReady())) {
    if (child.exitCode !== null && /is in use/.test(output)) return undefined;
    const why = child.exitCode === null ? "is not ready" : `ended with ${child.exitCode}`;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${container.name} ${why}: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    ports: Object.fromEntries(
      declared.map(({ name, containerPort }) => [name, portOf.get(String(containerPort)) ?? 0]),
    ),
    output: () => output,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function tokenOf(world: World, account: string): Promise<string> {
  const { body } = await world.client.send<{ status: { token: string } }>({
    verb: "create",
    method: "POST",
    resource: serviceAccounts,
    target: { namespace: moduleNamespace, name: account, subresource: "token" },
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  return body.status.token;
}

/** Writes the Secrets that a container mounts into a folder, at their paths; returns these. */
async function mountSecrets(world: World, spec: Any, container: Any, folder: string): Promise<string[]> {
  const mounted: string[] = [];
  for (const { name, mountPath } of container["volumeMounts"] ?? []) {
    const volume = (spec["volumes"] as Any[]).find((volume) => volume["name"] === name);
    if (volume?.["secret"] === undefined) continue;
    const { secretName, items } = volume["secret"];
    const secret = await world.get("secret", secretName);
    if (secret === undefined) throw new Error(`the Pod waits for the Secret ${secretName}`);
    mkdirSync(path.join(folder, mountPath), { recursive: true });
    for (const { key, path: file } of items) {
      writeFileSync(path.join(folder, mountPath, file), Buffer.from(secret["data"][key], "base64"));
    }
    mounted.push(mountPath);
  }
  return mounted;
}
