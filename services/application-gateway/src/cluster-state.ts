import { isDeepStrictEqual } from "node:util";
import { type Application, applications as applicationResource } from "@application-connector/crds";
import type { Secret } from "@application-connector/credentials";
import {
  type Informer,
  type Informers,
  type Secret as KubernetesSecret,
  secrets as secretResource,
} from "@application-connector/kube";
import type { EntryTable } from "./entries/entry-table.ts";
import { ownAnnotations } from "./settings/read-settings.ts";

/** What the gateway knows of the cluster, kept current by list and watch. No request ever reads the API. */
export interface ClusterState {
  readonly isSynced: boolean;
  /** Resolves when everything has been read once and can be called. */
  readonly synced: Promise<void>;
  /** Why not yet, in words. */
  problem(): string | undefined;
  secret(name: string): Secret | undefined;
  readonly secrets: number;
  /** When the API server last proved that what is known is current, in ms since the epoch. */
  readonly lastSync: number;
}

/** Watches Applications, and Secrets in one namespace, and tells `table` of every change that matters. */
export function watchCluster(
  informers: Informers,
  namespace: string,
  signal: AbortSignal,
  table: EntryTable,
): ClusterState {
  const applications = informers.informer(applicationResource, { transform: keepOfApplication });
  const secrets = informers.informer(secretResource, { namespace, transform: keepOfSecret });
  let isSynced = false;

  async function fill(): Promise<void> {
    // Both first: an Application compiled before its Secrets are known would be reported as broken.
    await Promise.all([secrets.waitForSync(signal), applications.waitForSync(signal)]);
    follow(secrets, applications, table);
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
      const found = secrets.get(name, namespace);
      return found === undefined ? undefined : { name, data: found.data ?? {} };
    },
    get secrets() {
      return secrets.list().length;
    },
    get lastSync() {
      return isSynced ? Date.now() - Math.max(applications.stalenessMs, secrets.stalenessMs) : 0;
    },
  };
}

/** Tells the table all there is and then every change. Secrets come first, while there is nothing yet to compile anew. */
function follow(secrets: Informer<KubernetesSecret>, applications: Informer<Application>, table: EntryTable): void {
  secrets.subscribe({
    add: ({ metadata }) => table.secretChanged(metadata.name),
    update: (before, { metadata, data }) => {
      if (!isDeepStrictEqual(before.data, data)) table.secretChanged(metadata.name);
    },
    delete: ({ metadata }) => table.secretChanged(metadata.name),
  });
  applications.subscribe({
    add: (application) => table.setApplication(application),
    update: (_, application) => table.setApplication(application),
    delete: ({ metadata }) => table.removeApplication(metadata.name),
  });
}

// What the caches keep of an object. The rest (managed fields, status, other tools' annotations) would only cost memory.

function keepOfApplication({ metadata, spec }: Application): Application {
  const { name, uid, resourceVersion } = metadata;
  const annotations = ownAnnotations(metadata.annotations);
  return { metadata: { name, ...given({ uid, resourceVersion, annotations }) }, ...given({ spec }) };
}

function keepOfSecret({ metadata, data, type }: KubernetesSecret): KubernetesSecret {
  const { name, namespace, uid, resourceVersion } = metadata;
  // Releases of Helm may be a megabyte each, and are nobody's credentials.
  const kept = type === "helm.sh/release.v1" ? {} : (data ?? {});
  return { metadata: { name, ...given({ namespace, uid, resourceVersion }) }, data: kept };
}

function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
