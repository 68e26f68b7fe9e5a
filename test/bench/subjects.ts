import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { applications, customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { freePort, type Running, startProgram } from "./processes.ts";
import type { Target } from "./target.ts";

const workspace = path.resolve(import.meta.dirname, "../..");

export const credential = { username: "bench", password: "benchmark" };
export const authorization = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString("base64")}`;
export const application = "demo";
const apiVersion = `${applications.group}/${applications.version}`;

/** The cluster of the run: an emulated API server with the Application that every proxy serves. */
export async function startCluster(folder: string, target: Target): Promise<KubeApi & { kubeconfigFile: string }> {
  const api = await startKubeApi({ crds: customResourceDefinitions });
  const namespace = "kyma-system";
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await api.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "bench", namespace },
    data: Object.fromEntries(
      Object.entries(credential).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
    ),
  });
  const service = (displayName: string, targetUrl: string): object => ({
    id: displayName,
    name: displayName,
    displayName,
    description: "",
    identifier: "",
    providerDisplayName: "",
    entries: [{ type: "API", name: displayName, targetUrl, credentials: { type: "Basic", secretName: "bench" } }],
  });
  await api.apply({
    apiVersion,
    kind: applications.kind,
    metadata: { name: application },
    spec: {
      description: "benchmark",
      skipVerify: false,
      services: [service("orders", target.origin), service("sink", `http://127.0.0.1:${target.sinkPort}`)],
    },
  });
  const kubeconfigFile = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfigFile, api.kubeconfig());
  return Object.assign(api, { kubeconfigFile });
}

function bundle(service: string): string {
  const folder = path.join(workspace, "services", service);
  execFileSync(process.execPath, [path.join(workspace, "tools/bundle.ts")], { cwd: folder, stdio: "inherit" });
  return path.join(folder, "dist/main.mjs");
}

/** The gateway as a user runs it: the built bundle, its own process, flags. `profile` writes a .cpuprofile there. */
export async function startGateway(kubeconfig: string, profile?: string): Promise<Running> {
  const [port, compass, external] = [await freePort(), await freePort(), await freePort()];
  const flags = [`--proxyPort=${port}`, `--proxyPortCompass=${compass}`, `--externalAPIPort=${external}`];
  const command = [process.execPath, ...profiling(profile), bundle("application-gateway")];
  const running = await startProgram("gateway", [...command, ...flags, `--kubeConfig=${kubeconfig}`], port);
  await ready("gateway", `http://127.0.0.1:${external}/v1/ready`);
  return running;
}

export async function startValidator(kubeconfig: string, eventingPort: number, profile?: string): Promise<Running> {
  const [port, external] = [await freePort(), await freePort()];
  const command = [process.execPath, ...profiling(profile), bundle("connectivity-validator")];
  const flags = [
    `--proxyPort=${port}`,
    `--externalAPIPort=${external}`,
    "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
    "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
    "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
    `--eventingPublisherHost=127.0.0.1:${eventingPort}`,
    "--securityProfile=strict",
    "--drainDelay=0s",
    `--kubeconfig=${kubeconfig}`,
  ];
  const running = await startProgram("validator", [...command, ...flags], port);
  await ready("validator", `http://127.0.0.1:${external}/readyz`);
  return running;
}

const profiling = (folder: string | undefined): string[] =>
  folder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${folder}`];

async function ready(name: string, url: string): Promise<void> {
  const until = performance.now() + 15_000;
  for (;;) {
    const status = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > until) throw new Error(`${name} is not ready after 15 s: ${url} answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
