import {
  type Client,
  type ConfigMap,
  configMaps,
  createClient,
  createInformers,
  type Informer,
  type Informers,
  type KubeObject,
  loadCluster,
  namespaces,
} from "@application-connector/kube";
import { createManualClock, type ManualClock } from "@application-connector/kube/testing";
import { Registry } from "prom-client";
import { onTestFinished } from "vitest";
import { type FaultyProxy, startFaultyProxy } from "./faulty-proxy.ts";
import type { ApiServer } from "./servers.ts";

/** A client and informers that reach the server through a faulty proxy, and an administrator who does not. */
export interface World {
  readonly proxy: FaultyProxy;
  readonly client: Client;
  readonly informers: Informers;
  readonly metrics: Registry;
  /** Speaks to the server directly, to change what the informers should notice. */
  readonly admin: Client;
  /** Fresh for each test. */
  readonly namespace: string;
  /** Stands still unless a test moves it. */
  readonly clock: ManualClock;
}

export interface WorldOptions {
  /** Whether waits of the client pass as real time (default) or only when the test says so. */
  time?: "real" | "manual";
  token?: string;
  /** Past the proxy, over TLS. */
  direct?: boolean;
  random?: () => number;
}

let worlds = 0;

export async function createWorld(server: ApiServer, options: WorldOptions = {}): Promise<World> {
  const proxy = await startFaultyProxy(server);
  const clock = createManualClock();
  const metrics = new Registry();
  const random = options.random ?? (() => 0.5);
  const timing = options.time === "manual" ? { clock } : {};
  const token = options.token ?? server.adminToken;
  const kubeconfigText = options.direct ? server.kubeconfig(token) : kubeconfigFor(proxy.url, token);
  const cluster = loadCluster({ kubeconfigText });
  const client = createClient(cluster, { metrics, random, ...timing });
  const informers = createInformers(client, { metrics, random });
  const admin = adminOf(server);
  const namespace = `kr-${process.pid}-${Date.now().toString(36)}-${++worlds}`;
  onTestFinished(async () => {
    await informers.stop();
    await client.stop();
    await proxy.stop();
    await admin.delete(namespaces, { name: namespace }).catch(() => {});
    await admin.stop();
  });
  await admin.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  return { proxy, client, informers, metrics, admin, namespace, clock };
}

/** Everything allowed, nothing limited. */
export const adminOf = (server: ApiServer): Client =>
  createClient(loadCluster({ kubeconfigText: server.kubeconfig() }), { queriesPerSecond: 10_000, burst: 10_000 });

export function kubeconfigFor(server: string, token: string): string {
  return JSON.stringify({
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

/** Resolves as soon as the condition holds; fails with what was waited for. */
export async function until(what: string, condition: () => unknown, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits until the client pauses before its next try, lets the pause pass, and tells how long it was. */
export async function passPause(clock: ManualClock): Promise<number> {
  let pauseMs = 0;
  await until("the client pauses", () => {
    // Watchdogs and deadlines are longer than any pause.
    pauseMs = clock.nextInMs ?? Number.POSITIVE_INFINITY;
    return pauseMs < 30_000;
  });
  await clock.advance(pauseMs);
  return pauseMs;
}

/** Everything an informer says, as one line of text each. */
export function record<T>(informer: Informer<T>): string[] {
  const lines: string[] = [];
  const nameOf = (object: T): string => (object as KubeObject).metadata.name;
  // Every namespace has one of its own on a server with all its controllers.
  const say = (name: string, line: string): void => void (name !== "kube-root-ca.crt" && lines.push(line));
  informer.subscribe({
    add: (now) => say(nameOf(now), `add ${nameOf(now)}`),
    update: (old, now) => say(nameOf(now), `update ${nameOf(now)} ${text(old)}→${text(now)}`),
    delete: (old, tombstone) => say(nameOf(old), `delete ${nameOf(old)}${tombstone ? " (tombstone)" : ""}`),
  });
  return lines;
}

const text = (object: unknown): string => (object as ConfigMap).data?.["text"] ?? "";

export const configMap = (world: World, name: string, value = ""): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: world.namespace },
  data: { text: value },
});

export const create = (world: World, name: string, value = ""): Promise<ConfigMap> =>
  world.admin.create(configMaps, configMap(world, name, value));

export const change = (world: World, name: string, value: string): Promise<ConfigMap> =>
  world.admin.replace(configMaps, configMap(world, name, value));

export const remove = (world: World, name: string): Promise<unknown> =>
  world.admin.delete(configMaps, { name, namespace: world.namespace });

/** The sum of a metric over the label values that match. */
export async function metric(world: World, name: string, labels: Record<string, string> = {}): Promise<number> {
  const found = await world.metrics.getSingleMetric(name)?.get();
  const wanted = Object.entries(labels);
  const values =
    found?.values.filter((value) => wanted.every(([label, expected]) => value.labels[label] === expected)) ?? [];
  return values.reduce((sum, { value }) => sum + value, 0);
}

export const expired = {
  status: 410,
  body: {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    message: "too old resource version",
    reason: "Expired",
    code: 410,
  },
};
