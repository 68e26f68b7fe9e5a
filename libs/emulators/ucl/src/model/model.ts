import type {
  ApiDefinition,
  Application,
  Bundle,
  EventDefinition,
  Formation,
  InstanceAuth,
  Runtime,
  SystemAuth,
  Tenant,
} from "./records.ts";
import { createTable, type Table } from "./table.ts";

/** Everything that UCL knows, in memory. */
export interface Model {
  readonly tenants: Table<Tenant>;
  readonly formations: Table<Formation>;
  readonly runtimes: Table<Runtime>;
  readonly applications: Table<Application>;
  readonly bundles: Table<Bundle>;
  readonly apis: Table<ApiDefinition>;
  readonly events: Table<EventDefinition>;
  readonly instanceAuths: Table<InstanceAuth>;
  readonly systemAuths: Table<SystemAuth>;
  /** SHA-256 of the DER of certificates that were taken back, lower-case hex. */
  readonly revoked: Set<string>;
}

export function createModel(): Model {
  return {
    tenants: createTable<Tenant>(({ externalId }) => [externalId]),
    formations: createTable<Formation>(({ tenantId, members }) => [tenantId, ...members]),
    runtimes: createTable<Runtime>(({ tenantId }) => [tenantId]),
    applications: createTable<Application>(({ tenantId }) => [tenantId]),
    bundles: createTable<Bundle>(({ applicationId }) => [applicationId]),
    apis: createTable<ApiDefinition>(({ applicationId, bundleIds }) => [applicationId, ...bundleIds]),
    events: createTable<EventDefinition>(({ applicationId, bundleIds }) => [applicationId, ...bundleIds]),
    instanceAuths: createTable<InstanceAuth>(({ bundleId }) => [bundleId]),
    systemAuths: createTable<SystemAuth>(({ objectId }) => [objectId]),
    revoked: new Set(),
  };
}

const tables = [
  "tenants",
  "formations",
  "runtimes",
  "applications",
  "bundles",
  "apis",
  "events",
  "instanceAuths",
  "systemAuths",
] as const satisfies (keyof Model)[];

/** The whole model as JSON. */
export type Snapshot = Record<(typeof tables)[number], object[]> & { revoked: string[] };

export function takeSnapshot(model: Model): Snapshot {
  const records = tables.map((name) => [name, [...model[name].values()]]);
  return structuredClone({ ...Object.fromEntries(records), revoked: [...model.revoked] }) as Snapshot;
}

/** Puts a model back to what {@link takeSnapshot} saw. */
export function restoreSnapshot(model: Model, snapshot: Snapshot): void {
  const copy = structuredClone(snapshot);
  for (const name of tables) {
    const table = model[name] as unknown as Table<{ id: string }>;
    table.clear();
    for (const record of copy[name] ?? []) table.add(record as { id: string });
  }
  model.revoked.clear();
  for (const fingerprint of copy.revoked ?? []) model.revoked.add(fingerprint);
}
