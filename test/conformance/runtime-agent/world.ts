import type { KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Application, type CompassConnection, customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { type Config, checkConfig, type RuntimeAgent, schema, start } from "@application-connector/runtime-agent";
import { loadConfig } from "@application-connector/service";
import { type JournalEntry, startUcl, type Ucl, type UclOptions } from "@application-connector/ucl-emulator";
import { onTestFinished } from "vitest";
import { quickTimes } from "./quick-times.ts";
import { makeShortKey } from "./short-key.ts";

export const integrationNamespace = "kyma-system";
export const formation = "formation";

const secretOf = (namespace: string, name: string) => ({ apiVersion: "v1", kind: "Secret", namespace, name });
export const configurationSecret = secretOf("kyma-system", "compass-agent-configuration");
export const clientSecret = secretOf("kyma-system", "cluster-client-certificates");
export const authoritiesSecret = secretOf("istio-system", "kyma-gateway-certs-cacert");
export const connectionReference = {
  apiVersion: "compass.kyma-project.io/v1alpha1",
  kind: "CompassConnection",
  name: "compass-connection",
} as const;
export const applicationKind = {
  apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
  kind: "Application",
} as const;

export type SecretReference = ReturnType<typeof secretOf>;

/** Two and more of them live in a process at a time, so each test makes its world and all in it ends with the test. */
export interface World {
  readonly cluster: KubeApi;
  readonly ucl: Ucl;
  readonly runtimeId: string;
  /** Of the cluster's administrator. */
  readonly kubeconfig: string;
  /** Variables for a program of its own. */
  readonly environment: Record<string, string>;
  /** A one-time token, for a new system auth unless one is named. */
  token(systemAuthId?: string): Promise<string>;
  /** Writes the configuration Secret; what is left out is as it should be. */
  configure(fields?: Partial<Record<"CONNECTOR_URL" | "TOKEN" | "RUNTIME_ID" | "TENANT", string>>): Promise<void>;
  /** An agent in this process. */
  agent(overrides?: Partial<Config>, makeKey?: () => Promise<KeyObject>): Promise<Agent>;
  connection(): CompassConnection | undefined;
  state(): string | undefined;
  /** Resolves when the connection has the state. */
  reaches(state: string, withinMs?: number): Promise<CompassConnection>;
  patchConnection(patch: object): CompassConnection;
  applications(): Application[];
  /** Data of a Secret as text; undefined when there is none. */
  secret(reference: SecretReference): Record<string, string> | undefined;
  /** Requests to UCL that asked for this. */
  asked(operation: string): JournalEntry[];
}

export type Agent = RuntimeAgent & { readonly lines: readonly string[] };

/** Long enough for a slow machine, short enough for a test. */
const quick = {
  controllerSyncPeriodMs: 1_000,
  minimalSyncTimeMs: 200,
  metricsLoggingTimeIntervalMs: 0,
  healthPort: 0,
  metricsPort: 0,
  listenAddress: "127.0.0.1",
  shutdownTimeoutMs: 5_000,
  leaderElection: false,
  caCertificatesSecret: "istio-system/kyma-gateway-certs-cacert",
} as const satisfies Partial<Config>;

export async function createWorld(
  options: { ucl?: UclOptions; labels?: Record<string, unknown> } = {},
): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), "runtime-agent-"));
  const [cluster, ucl] = await Promise.all([startKubeApi({ crds: customResourceDefinitions }), startUcl(options.ucl)]);
  const kubeconfig = path.join(folder, "kubeconfig");
  const uclCaFile = path.join(folder, "ucl-ca.crt");
  writeFileSync(kubeconfig, cluster.kubeconfig());
  writeFileSync(uclCaFile, ucl.serverCa);
  for (const name of ["kyma-system", "istio-system"]) {
    cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  onTestFinished(async () => {
    await Promise.all([cluster.stop(), ucl.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const runtime = { name: "runtime", formations: [formation], ...(options.labels ? { labels: options.labels } : {}) };
  const runtimeId = ucl.seed({ runtimes: [runtime] }).runtimes[0]?.id ?? "";

  const world: World = {
    cluster,
    ucl,
    runtimeId,
    kubeconfig,
    environment: {
      KUBECONFIG: kubeconfig,
      APP_UCL_CA_FILE: uclCaFile,
      APP_CA_CERTIFICATES_SECRET: quick.caCertificatesSecret,
      APP_HEALTH_PORT: "0",
      APP_METRICS_PORT: "0",
      APP_LISTEN_ADDRESS: "127.0.0.1",
      APP_CONTROLLER_SYNC_PERIOD: "1s",
      APP_MINIMAL_COMPASS_SYNC_TIME: "200ms",
    },
    async token(systemAuthID) {
      const { result } = await ucl.administrator(
        "mutation ($id: ID!, $auth: ID) { result: requestOneTimeTokenForRuntime(id: $id, systemAuthID: $auth) { token } }",
        { id: runtimeId, auth: systemAuthID },
      );
      return (result as { token: string }).token;
    },
    async configure(fields = {}) {
      const all = {
        CONNECTOR_URL: ucl.urls.connectorURL,
        RUNTIME_ID: runtimeId,
        TENANT: ucl.tenant,
        TOKEN: fields.TOKEN ?? (await world.token()),
        ...fields,
      };
      const data = Object.fromEntries(Object.entries(all).map(([key, text]) => [key, base64(text)]));
      const { name, namespace, ...kind } = configurationSecret;
      if (cluster.get(configurationSecret) === undefined)
        cluster.create({ ...kind, metadata: { name, namespace }, data });
      else cluster.patchObject(configurationSecret, { data });
    },
    async agent(overrides = {}, makeKey = makeShortKey) {
      const config = {
        ...loadConfig(schema, [], {}, checkConfig),
        ...quick,
        kubeconfig,
        uclCaFile,
        logLevel: "debug",
        ...overrides,
      } as const;
      const lines: string[] = [];
      const logDestination = { write: (line: string) => void lines.push(line) };
      const agent = await start(config, undefined, { makeKey, logDestination, ...quickTimes });
      onTestFinished(() => agent.stop());
      return Object.assign(agent, { lines });
    },
    connection: () => cluster.get<CompassConnection>(connectionReference),
    state: () => world.connection()?.status?.connectionState,
    async reaches(state, withinMs = 15_000) {
      await until(
        () => world.state() === state,
        withinMs,
        () => JSON.stringify(world.connection()?.status),
      );
      return world.connection() as CompassConnection;
    },
    patchConnection: (patch) => cluster.patchObject<CompassConnection>(connectionReference, patch),
    applications: () => cluster.list<Application>(applicationKind),
    secret(reference) {
      const { data = {} } = cluster.get<{ data?: Record<string, string>; metadata: object }>(reference) ?? {};
      if (cluster.get(reference) === undefined) return undefined;
      return Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
      );
    },
    asked: (operation) => ucl.journal.entries.filter(({ operations }) => operations.includes(operation)),
  };
  return world;
}

/** A world in which the agent has paired and mirrored once. */
export async function pairedWorld(
  ...options: Parameters<typeof createWorld>
): Promise<World & { agentStopped: Agent }> {
  const world = await createWorld(...options);
  await world.configure();
  const agent = await world.agent();
  await world.reaches("Synchronized");
  await agent.stop();
  world.ucl.journal.clear();
  world.cluster.requests.clear();
  return Object.assign(world, { agentStopped: agent });
}

/** Waits until the agent has written the connection so many times more. */
export async function rounds(world: World, count: number, withinMs = 15_000): Promise<void> {
  const written = (): number => world.cluster.requests.count({ resource: "compassconnections", verb: "update" });
  const before = written();
  await until(() => written() >= before + count, withinMs);
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
  found: () => string = () => "",
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms: ${condition.toString()} ${found()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64");
