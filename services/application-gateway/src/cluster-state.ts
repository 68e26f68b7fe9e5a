import { isDeepStrictEqual } from "node:util";
import type { Secret } from "@application-connector/credentials";
import {
  type Client,
  type Informer,
  type Informers,
  type Secret as KubernetesSecret,
  secrets as secretResource,
} from "@application-connector/kube";
import { type KnownApplication, keepOfApplication, knownApplications } from "./diagnosis/known-application.ts";
import type { EntryTable } from "./entries/entry-table.ts";
import { SecretRefresh } from "./secret-refresh.ts";

/**
 * What the gateway knows of the cluster, kept current by list and watch. No request reads the API, but for one: a call that
 * was refused while nobody would tell that its Secret has changed.
 */
export interface ClusterState {
  readonly isSynced: boolean;
  /** Resolves when everything has been read once and can be called. */
  readonly synced: Promise<void>;
  /** Why not yet, in words. */
  problem(): string | undefined;
  secret(name: string): Secret | undefined;
  /** Whether Secrets have changed, asked at the API server; undefined while it would tell by itself. */
  readonly refreshSecrets: (names: readonly string[]) => Promise<boolean> | undefined;
  readonly secrets: number;
  readonly applications: Informer<KnownApplication>;
  /** When the API server last proved that what is known is current, in ms since the epoch. */
  readonly lastSync: number;
}

/** A refused call waits for this read before its client gets the refusal. */
const readTimeoutMs = 2_000;

export interface ClusterSources {
  readonly client: Client;
  readonly informers: Informers;
  /** Told of every change that matters. */
  readonly table: EntryTable;
  readonly signal: AbortSignal;
}

/** Watches Applications, and Secrets in one namespace. */
export function watchCluster({ client, informers, table, signal }: ClusterSources, namespace: string): ClusterState {
  const applications = informers.informer(knownApplications, { transform: keepOfApplication });
  const secrets = informers.informer(secretResource, { namespace, transform: keepOfSecret });
  /** Secrets that were read while the watch was down; it knows better once it speaks of them again. */
  const newer = new Map<string, KubernetesSecret>();
  const refresh = new SecretRefresh<KubernetesSecret>({
    isWatching: () => secrets.state === "Watching",
    read: (name) => client.get(secretResource, { name, namespace }, { timeoutMs: readTimeoutMs, maxTries: 1 }),
    accept(name, secret) {
      const known = newer.get(name) ?? secrets.get(name, namespace);
      const kept = keepOfSecret(secret);
      if (isDeepStrictEqual(known?.data, kept.data)) return false;
      newer.set(name, kept);
      table.secretChanged(name);
      return true;
    },
  });
  const secretChanged = (name: string): void => {
    newer.delete(name);
    table.secretChanged(name);
  };
  let isSynced = false;

  async function fill(): Promise<void> {
    // Both first: an Application compiled before its Secrets are known would be reported as broken.
    await Promise.all([secrets.waitForSync(signal), applications.waitForSync(signal)]);
    // Secrets come first, while there is nothing yet to compile anew.
    secrets.subscribe({
      add: ({ metadata }) => secretChanged(metadata.name),
      update: (before, { metadata, data }) => {
        if (newer.has(metadata.name) || !isDeepStrictEqual(before.data, data)) secretChanged(metadata.name);
      },
      delete: ({ metadata }) => secretChanged(metadata.name),
    });
    applications.subscribe({
      add: (application) => table.setApplication(application),
      update: (_, application) => table.setApplication(application),
      delete: ({ metadata }) => table.removeApplication(metadata.name),
    });
    isSynced = true;
  }

  return {
    get isSynced() {
      return isSynced;
    },
    synced: fill(),
    problem() {
      if (isSynced) return undefined;
      const missing = [
        ...(applications.hasSynced ? [] : [`Applications: ${applications.state} ${applications.detail ?? ""}`.trim()]),
        ...(secrets.hasSynced ? [] : [`Secrets: ${secrets.state} ${secrets.detail ?? ""}`.trim()]),
      ];
      return `not read yet: ${missing.join("; ")}`;
    },
    secret(name) {
      const found = newer.get(name) ?? secrets.get(name, namespace);
      return found === undefined ? undefined : { name, data: found.data ?? {} };
    },
    refreshSecrets: (names) => refresh.refresh(names),
    applications,
    get secrets() {
      return secrets.list().length;
    },
    get lastSync() {
      return isSynced ? Date.now() - Math.max(applications.stalenessMs, secrets.stalenessMs) : 0;
    },
  };
}

/**
 * Types of Secrets that are nobody's credentials. Releases of Helm may be a megabyte each; tokens of the cluster itself would
 * go to whatever target the owner of an Application names.
 */
const passedOver = new Set([
  "helm.sh/release.v1",
  "kubernetes.io/service-account-token",
  "bootstrap.kubernetes.io/token",
]);

function keepOfSecret({ metadata, data, type }: KubernetesSecret): KubernetesSecret {
  const { name, namespace, uid, resourceVersion } = metadata;
  const kept = type !== undefined && passedOver.has(type) ? {} : (data ?? {});
  return { metadata: { name, ...given({ namespace, uid, resourceVersion }) }, data: kept };
}

function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
