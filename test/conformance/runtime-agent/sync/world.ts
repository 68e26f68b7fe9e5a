import { customResourceDefinitions } from "@application-connector/crds";
import {
  type Client,
  createClient,
  createEventRecorder,
  createInformers,
  loadCluster,
} from "@application-connector/kube";
import { type KubeApi, type KubeObject, startKubeApi } from "@application-connector/kube-api-emulator";
import {
  createSynchroniser,
  type RoundOutcome,
  type Synchroniser,
  SyncStats,
  schema,
} from "@application-connector/runtime-agent";
import { createService, loadConfig } from "@application-connector/service";
import { createConnector, createUclTransport, type UclTransport } from "@application-connector/ucl";
import { startUcl, type Ucl } from "@application-connector/ucl-emulator";
import { createRequest } from "@application-connector/x509";
import { onTestFinished } from "vitest";
import { type Administration, administer, formation } from "./formation.ts";

export const namespace = "kyma-system";
const apiVersion = "applicationconnector.kyma-project.io/v1alpha1";

export interface Application extends KubeObject {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into objects and compare what they find
  spec: any;
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

export interface SecretObject extends KubeObject {
  type: string;
  data: Record<string, string>;
}

export interface World {
  readonly ucl: Ucl;
  readonly kubeApi: KubeApi;
  readonly admin: Administration;
  readonly runtimeId: string;
  readonly stats: SyncStats;
  readonly synchroniser: Synchroniser;
  round(options?: { isAskedFor?: boolean; signal?: AbortSignal }): Promise<RoundOutcome>;
  application(name: string): Application | undefined;
  applications(): Application[];
  /** Of the agent's namespace: name and plain data. */
  secrets(): Record<string, Record<string, string>>;
  secret(name: string): SecretObject | undefined;
  /** Another process: with what is in the cluster, and nothing else. */
  restart(flags?: readonly string[]): Promise<World>;
  /** Mutations and queries that UCL has seen since the last time this was asked. */
  asked(operation: string): number;
}

export interface WorldOptions {
  flags?: readonly string[];
  labels?: Record<string, unknown>;
  /** That UCL has for an answer. */
  timeoutMs?: number;
}

let key: string | undefined;

/** Agents of all tests have one key: making one takes longer than a test. */
function requestFor(subject: string): { request: string; key: string } {
  const made = createRequest(key === undefined ? { subject, keyType: "rsa" } : { subject, key });
  key = made.key;
  return made;
}

/** An emulated UCL and an API server, and a synchroniser between them whose certificate is real. */
export async function createWorld({ flags = [], labels, timeoutMs = 5_000 }: WorldOptions = {}): Promise<World> {
  const [ucl, kubeApi] = await Promise.all([startUcl(), startKubeApi({ crds: customResourceDefinitions })]);
  onTestFinished(async () => void (await Promise.all([ucl.stop(), kubeApi.stop()])));
  kubeApi.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const runtime = { name: "runtime", formations: [formation], ...(labels ? { labels } : {}) };
  const runtimeId = ucl.seed({ runtimes: [runtime] }).runtimes[0]?.id ?? "";
  const transport = await pair(ucl, runtimeId, timeoutMs);
  return agentIn({ ucl, kubeApi, transport, runtimeId, admin: administer(ucl) }, flags);
}

async function pair(ucl: Ucl, runtimeId: string, timeoutMs: number): Promise<UclTransport> {
  const transport = createUclTransport({ ca: ucl.serverCa, timeoutMs });
  onTestFinished(() => transport.stop());
  const connector = createConnector(transport);
  const { result } = await ucl.administrator(
    "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
    { id: runtimeId },
  );
  const requestId = "pairing";
  const first = { url: ucl.urls.connectorURL, token: (result as { token: string }).token, requestId };
  const { token, subject = "" } = await connector.configuration(first);
  const { request, key } = requestFor(subject);
  const { certificateChain } = await connector.sign({ url: ucl.urls.connectorURL, token, requestId }, request);
  transport.present({ chain: certificateChain, key });
  return transport;
}

type Surroundings = Pick<World, "ucl" | "kubeApi" | "runtimeId" | "admin"> & { transport: UclTransport };

async function agentIn(surroundings: Surroundings, flags: readonly string[]): Promise<World> {
  const { ucl, kubeApi, transport, runtimeId } = surroundings;
  const config = loadConfig(schema, [...flags], {});
  const service = createService("runtime-agent", { logLevel: "fatal" });
  const client: Client = createClient(loadCluster({ kubeconfigText: kubeApi.kubeconfig() }), {
    queriesPerSecond: 10_000,
    burst: 10_000,
  });
  const informers = createInformers(client);
  const events = createEventRecorder(client, { component: "compass-runtime-agent" });
  const stats = new SyncStats();
  const synchroniser = createSynchroniser({ client, informers, config, log: service.log, events, stats });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await synchroniser.stop();
    await informers.stop();
    await events.stop(0);
    await client.stop();
  };
  onTestFinished(stop);
  let rounds = 0;
  const application = (name: string) => kubeApi.get<Application>({ apiVersion, kind: "Application", name });
  const secret = (name: string) => kubeApi.get<SecretObject>({ apiVersion: "v1", kind: "Secret", name, namespace });
  return {
    ...surroundings,
    stats,
    synchroniser,
    round: ({ isAskedFor = false, signal = new AbortController().signal } = {}) =>
      synchroniser.round({
        requestId: `${runtimeId}_${++rounds}`,
        director: { transport, url: ucl.urls.directorURL, tenant: ucl.tenant, runtimeId },
        isAskedFor,
        signal,
      }),
    application,
    applications: () => kubeApi.list<Application>({ apiVersion, kind: "Application" }),
    secret,
    secrets() {
      const all = kubeApi.list<SecretObject>({ apiVersion: "v1", kind: "Secret", namespace });
      return Object.fromEntries(all.map(({ metadata: { name = "" }, data }) => [name, plain(data)]));
    },
    async restart(more = flags) {
      await stop();
      return agentIn(surroundings, more);
    },
    asked(operation) {
      const count = ucl.journal.entries.filter(({ operations }) => operations.includes(operation)).length;
      ucl.journal.clear();
      return count;
    },
  };
}

export const plain = (data: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));

export async function until(what: string, condition: () => unknown, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const applicationReference = (name: string) => ({ apiVersion, kind: "Application", name });
export const secretReference = (name: string) => ({ apiVersion: "v1", kind: "Secret", name, namespace });
