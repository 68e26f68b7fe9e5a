import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Config,
  type ConnectorManager,
  checkConfig,
  type Surroundings,
  schema,
  start,
} from "@application-connector/connector-manager";
import { customResourceDefinitions } from "@application-connector/crds";
import { type Client, createClient, find, loadCluster } from "@application-connector/kube";
import { loadConfig } from "@application-connector/service";
import { onTestFinished } from "vitest";
import type { ControlPlaneOptions } from "../../cluster/control-plane.ts";
import { type OwnApiServer, startOwnApiServer } from "../kubernetes-runtime/servers.ts";
import { istio } from "./foreign-definitions.ts";
import { type Any, type KindName, kinds } from "./kinds.ts";

export const moduleNamespace = "kyma-system";
export const gateway = "central-application-gateway";
export const validator = "central-application-connectivity-validator";
export const agent = "compass-runtime-agent";
export const finalizer = "application-connector-manager.kyma-project.io/deletion-hook";

export interface Place {
  name: string;
  namespace?: string;
}

/** A cluster without controllers, as an admin and as the manager see it; everything in it ends with the test. */
export interface World {
  readonly server: OwnApiServer;
  /** What managers log. */
  readonly lines: string[];
  /** Of an administrator. */
  readonly client: Client;
  readonly kubeconfig: string;
  /** The path of one for somebody else. */
  kubeconfigOf(token: string): string;
  /** Writes a file that goes with the world; returns its path. */
  write(name: string, text: string): string;
  get(kind: KindName, name: string, namespace?: string): Promise<Any | undefined>;
  list(kind: KindName, namespace?: string): Promise<Any[]>;
  create(kind: KindName, object: Omit<Any, "metadata"> & { metadata: object }): Promise<Any>;
  /** A JSON merge patch. */
  patch(kind: KindName, name: string, patch: object, how?: { namespace?: string; subresource?: string }): Promise<Any>;
  remove(kind: KindName, name: string, namespace?: string): Promise<void>;
  /** Server-side apply as somebody, taking what others own. */
  applyAs(manager: string, kind: KindName, object: object): Promise<Any>;
  /** Creates an ApplicationConnector: `default`, with a domain, unless told otherwise. */
  connect(spec?: object | null, metadata?: { name?: string; namespace?: string; annotations?: object }): Promise<Any>;
  connector(name?: string, namespace?: string): Promise<Any | undefined>;
  condition(type: string, name?: string): Promise<Any | undefined>;
  /** Says of Deployments what their controller would say; where there is one, waits until it says so. */
  ready(...names: string[]): Promise<void>;
  manager(overrides?: Partial<Config>, surroundings?: Surroundings): Promise<Manager>;
  /** Resolves when the condition Installed has the reason, or Ready has it. */
  reaches(reason: string, name?: string): Promise<Any>;
  /** Resolves when the state is so. */
  reachesState(state: string, name?: string): Promise<Any>;
}

export type Manager = ConnectorManager & { readonly lines: readonly string[] };

export interface WorldOptions extends ControlPlaneOptions {
  /** Definitions that are there beside the manager's own: Istio's. */
  definitions?: readonly Any[];
}

const quick = {
  metricsBindAddress: "127.0.0.1:0",
  healthProbeBindAddress: "127.0.0.1:0",
  webhookPort: 0,
} as const satisfies Partial<Config>;

export async function createWorld({ definitions = istio(), ...options }: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), "connector-manager-"));
  const server = await startOwnApiServer(options);
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, server.kubeconfig());
  const userAgent = "administrator";
  const client = createClient(loadCluster({ kubeconfig }), { queriesPerSecond: 1_000, burst: 1_000, userAgent });
  onTestFinished(async () => {
    await client.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const world = worldOf(server, client, kubeconfig);
  const own = customResourceDefinitions.filter(({ spec }) => spec.group === "operator.kyma-project.io");
  for (const name of [moduleNamespace, "istio-system"]) await world.create("namespace", { metadata: { name } });
  for (const definition of [...own, ...definitions]) await world.create("definition", definition as unknown as Any);
  await until(() => client.list(kinds.connector).then(Boolean, () => false));
  return world;
}

function worldOf(server: OwnApiServer, client: Client, kubeconfig: string): World {
  const inside = (kind: KindName, namespace = moduleNamespace) => (kinds[kind].namespaced ? namespace : undefined);
  const world: World = {
    server,
    lines: [],
    client,
    kubeconfig,
    kubeconfigOf: (token) => world.write(`kubeconfig-${token.slice(0, 8)}`, server.kubeconfig(token)),
    write(name, text) {
      const file = path.join(path.dirname(kubeconfig), name);
      writeFileSync(file, text);
      return file;
    },
    get: (kind, name, namespace) => find(client, kinds[kind], { name, namespace: inside(kind, namespace) }),
    async list(kind, namespace) {
      const { items } = await client.list(kinds[kind], { namespace: inside(kind, namespace) });
      return items;
    },
    create(kind, object) {
      const { group, version, kind: name } = kinds[kind];
      const { namespace } = object.metadata as { namespace?: string };
      const metadata = { ...object.metadata, ...(kinds[kind].namespaced && { namespace: inside(kind, namespace) }) };
      const apiVersion = group === "" ? version : `${group}/${version}`;
      return client.create(kinds[kind], { apiVersion, kind: name, ...object, metadata } as Any);
    },
    patch: (kind, name, patch, { namespace, subresource } = {}) =>
      client.patch(kinds[kind], { name, namespace: inside(kind, namespace), subresource }, patch, {
        contentType: "application/merge-patch+json",
        fieldManager: "somebody",
      }),
    async remove(kind, name, namespace) {
      await client.delete(kinds[kind], { name, namespace: inside(kind, namespace) });
    },
    applyAs: (fieldManager, kind, object) =>
      client.apply(kinds[kind], object as Any, { fieldManager, force: true, fieldValidation: "Ignore" }),
    connect: (spec = { domainName: "test.example" }, { name = "default", ...metadata } = {}) =>
      world.create("connector", { metadata: { name, ...metadata }, ...(spec === null ? {} : { spec }) }),
    connector: (name = "default", namespace) => world.get("connector", name, namespace),
    async condition(type, name) {
      const object = await world.connector(name);
      return object?.["status"]?.conditions?.find((condition: Any) => condition["type"] === type);
    },
    async ready(...names) {
      for (const name of names) {
        if (server.hasControllers) {
          await until(
            async () => isRolledOut(await world.get("deployment", name)),
            60_000,
            () => name,
          );
          continue;
        }
        const { metadata, spec } = (await world.get("deployment", name)) as Any;
        const replicas = spec.replicas ?? 1;
        const now = new Date().toISOString();
        const conditions = ["Available", "Progressing"].map((type) => ({
          type,
          status: "True",
          reason: type === "Available" ? "MinimumReplicasAvailable" : "NewReplicaSetAvailable",
          message: "",
          lastUpdateTime: now,
          lastTransitionTime: now,
        }));
        const status = {
          observedGeneration: metadata.generation,
          replicas,
          updatedReplicas: replicas,
          readyReplicas: replicas,
          availableReplicas: replicas,
          conditions,
        };
        await world.patch("deployment", name, { status }, { subresource: "status" });
      }
    },
    async manager(overrides = {}, surroundings = {}) {
      const { lines } = world;
      const logDestination = { write: (line: string) => void lines.push(line) };
      const config = { ...loadConfig(schema, [], {}, checkConfig), ...quick, kubeconfig, ...overrides } as Config;
      const started = await start(config, undefined, { logDestination, ...surroundings });
      onTestFinished(() => started.stop());
      return Object.assign(started, { lines });
    },
    reaches: (reason, name) =>
      reached(world, name, (status) =>
        status.conditions.some(
          (condition: Any) => ["Installed", "Ready"].includes(condition["type"]) && condition["reason"] === reason,
        ),
      ),
    reachesState: (state, name) => reached(world, name, (status) => status.state === state),
  };
  return world;
}

/** All pods are of the newest template, and ready. */
function isRolledOut(deployment: Any | undefined): boolean {
  if (deployment === undefined) return false;
  const { metadata, spec, status = {} } = deployment;
  const { observedGeneration, updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status;
  const wanted = spec.replicas ?? 1;
  const isSeen = observedGeneration !== undefined && observedGeneration >= (metadata.generation ?? 0);
  return isSeen && updatedReplicas === wanted && availableReplicas === wanted && replicas === wanted;
}

async function reached(world: World, name: string | undefined, so: (status: Any["status"]) => boolean): Promise<Any> {
  let object: Any | undefined;
  await until(
    async () => {
      object = await world.connector(name);
      return object?.["status"] !== undefined && so(object["status"]);
    },
    20_000,
    () => `${JSON.stringify(object?.["status"])}\n${world.lines.slice(-6).join("")}`,
  );
  return object as Any;
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
  found: () => string = () => "",
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms: ${condition.toString()} ${found()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A world in which everything is installed and ready. */
export async function readyWorld(spec?: object, options?: WorldOptions): Promise<World & { first: Manager }> {
  const world = await createWorld(options);
  await world.connect(spec);
  const first = await world.manager();
  await world.reaches("Verification");
  await world.ready(gateway, validator);
  await world.reachesState("Ready");
  return Object.assign(world, { first });
}
