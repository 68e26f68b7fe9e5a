import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { freePort, type Running, startProgram } from "./processes.ts";

const run = promisify(execFile);
const workspace = path.resolve(import.meta.dirname, "../../..");

/** A service of ours: its bundle in its own process, with the flags that a user would set. */
export interface Subject extends Running {
  /** Health and metrics. */
  readonly healthPort: number;
  /** From the start of the process until it said that it is ready. */
  readonly startedInMs: number;
}

export interface SubjectOptions {
  readonly kubeconfig: string;
  /** Authority of targets. */
  readonly caFile: string;
  /** Where a CPU profile is written. */
  readonly profiles: string | undefined;
  readonly flags?: readonly string[];
}

const built = new Map<string, Promise<string>>();

/** Not while everything waits: an API server of this process that is silent for ten seconds costs an agent its lease. */
export function bundle(service: string): Promise<string> {
  const known = built.get(service);
  if (known !== undefined) return known;
  const folder = path.join(workspace, "services", service);
  const building = run(process.execPath, [path.join(workspace, "tools/bundle.ts")], { cwd: folder });
  const file = building.then(() => path.join(folder, "dist/main.mjs"));
  built.set(service, file);
  return file;
}

/** What answers under paths of bundles beside those of services. */
export type Gateway = Subject & { readonly bundlePort: number };

export async function startGateway(name: string, options: SubjectOptions): Promise<Gateway> {
  const [port, compass, external] = [await freePort(), await freePort(), await freePort()];
  const flags = [
    `--proxyPort=${port}`,
    `--proxyPortCompass=${compass}`,
    `--externalAPIPort=${external}`,
    `--kubeConfig=${options.kubeconfig}`,
    ...(options.flags ?? []),
  ];
  const started = await launch(name, "application-gateway", flags, port, external, "/v1/ready", options);
  return { ...started, bundlePort: compass };
}

export async function startValidator(options: SubjectOptions, eventingPort: number): Promise<Subject> {
  const [port, external] = [await freePort(), await freePort()];
  const flags = [
    `--proxyPort=${port}`,
    `--externalAPIPort=${external}`,
    "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
    "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
    "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
    `--eventingPublisherHost=127.0.0.1:${eventingPort}`,
    "--securityProfile=strict",
    "--drainDelay=0s",
    `--kubeconfig=${options.kubeconfig}`,
    ...(options.flags ?? []),
  ];
  return launch("validator", "connectivity-validator", flags, port, external, "/readyz", options);
}

/** As it is shipped, but for its periods: it starts a round when it is told to. */
export async function startAgent(
  name: string,
  { kubeconfig, uclCa }: { readonly kubeconfig: string; readonly uclCa: string },
): Promise<Subject & { readonly metricsUrl: string }> {
  const [health, metrics] = [await freePort(), await freePort()];
  const flags = [
    `--healthPort=${health}`,
    `--metricsPort=${metrics}`,
    `--kubeconfig=${kubeconfig}`,
    `--uclCAFile=${uclCa}`,
    "--controllerSyncPeriod=1h",
    "--minimalCompassSyncTime=1s",
    "--caCertificatesSecret=istio-system/kyma-gateway-certs-cacert",
  ];
  const options = { kubeconfig, caFile: uclCa, profiles: undefined };
  const agent = await launch(name, "runtime-agent", flags, health, health, "/readyz", options);
  return { ...agent, metricsUrl: `http://127.0.0.1:${metrics}/metrics` };
}

export async function startManager(name: string, kubeconfig: string): Promise<Subject> {
  const [health, metrics] = [await freePort(), await freePort()];
  const flags = [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect",
    `--health-probe-bind-address=127.0.0.1:${health}`,
    "--webhook-port=0",
    `--metrics-bind-address=127.0.0.1:${metrics}`,
  ];
  const options = { kubeconfig, caFile: "", profiles: undefined };
  return launch(name, "connector-manager", flags, health, health, "/readyz", options);
}

async function launch(
  name: string,
  service: string,
  flags: readonly string[],
  port: number,
  healthPort: number,
  readyPath: string,
  { profiles, caFile }: SubjectOptions,
): Promise<Subject> {
  const file = await bundle(service);
  const profiling = profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
  const startedAt = performance.now();
  const command = [process.execPath, ...profiling, file, ...flags];
  const running = await startProgram(name, command, port, caFile === "" ? {} : { NODE_EXTRA_CA_CERTS: caFile });
  await ready(name, `http://127.0.0.1:${healthPort}${readyPath}`);
  return { ...running, healthPort, startedInMs: performance.now() - startedAt };
}

async function ready(name: string, url: string): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    const status = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > until) throw new Error(`${name} is not ready after 30 s: ${url} answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
