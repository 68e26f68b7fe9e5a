import type { CompassConnection } from "@application-connector/crds";
import type { Config, RoundOutcome } from "@application-connector/runtime-agent";
import { applicationKind, formation, createWorld as startWorld, until } from "../world.ts";
import { administer } from "./formation.ts";
import { type Application, applicationReference, namespace, plain, type SecretObject, type World } from "./world.ts";

const results = {
  Synchronized: "synchronized",
  SynchronizationFailed: "fetch-failed",
  ResourceApplicationFailed: "apply-refused",
  MetadataUpdateFailed: "labels-failed",
} as const satisfies Record<string, RoundOutcome["result"]>;

export interface Program extends Omit<World, "stats" | "synchroniser" | "restart"> {
  /** Of the connection. */
  readonly connection: () => CompassConnection | undefined;
  readonly healthPort: () => number;
  restart(overrides?: Partial<Config>): Promise<void>;
}

export interface ProgramOptions {
  readonly overrides?: Partial<Config>;
  readonly labels?: Record<string, unknown>;
}

/** A round of many applications takes longer than anything else here. */
const roundWithinMs = 10 * 60_000;

/** The started agent, paired with the emulated UCL. A round is one that was asked for by `resyncNow`. */
export async function startedProgram({ overrides = {}, labels }: ProgramOptions = {}): Promise<Program> {
  const world = await startWorld(labels ? { labels } : {});
  const { cluster, ucl, runtimeId } = world;
  // Rounds come when they are asked for only, so that a test sees each.
  const settings = { controllerSyncPeriodMs: 3_600_000, minimalSyncTimeMs: 1, directorPageSize: 100 };
  await world.configure();
  let agent = await world.agent({ ...settings, ...overrides });
  await until(() => ["Synchronized", "MetadataUpdateFailed"].includes(world.state() ?? ""));

  const round = async (): Promise<RoundOutcome> => {
    const asked = world.patchConnection({ spec: { resyncNow: true } });
    const version = asked.metadata.resourceVersion;
    await until(() => {
      const { metadata, spec, status } = world.connection() ?? { metadata: {}, spec: {}, status: undefined };
      const isWritten = metadata.resourceVersion !== version;
      return isWritten && (!("resyncNow" in spec && spec.resyncNow) || status?.connectionState !== "Synchronized");
    }, roundWithinMs);
    const { status } = world.connection() ?? {};
    const result = results[(status?.connectionState ?? "") as keyof typeof results];
    const conditions = (status?.conditions ?? []) as RoundOutcome["conditions"];
    const message = status?.synchronizationStatus?.error ?? "";
    return { result, conditions, error: new Error(message) } as RoundOutcome;
  };
  return {
    ucl,
    kubeApi: cluster,
    runtimeId,
    admin: administer(ucl, formation),
    round,
    connection: world.connection,
    healthPort: () => agent.ports.health,
    application: (name) => cluster.get<Application>(applicationReference(name)),
    applications: () => cluster.list<Application>(applicationKind),
    secret: (name) => cluster.get<SecretObject>({ apiVersion: "v1", kind: "Secret", name, namespace }),
    secrets() {
      const all = cluster.list<SecretObject>({ apiVersion: "v1", kind: "Secret", namespace });
      const mirrored = all.filter(({ metadata }) => "bundleId" in ((metadata["labels"] ?? {}) as object));
      return Object.fromEntries(mirrored.map(({ metadata: { name = "" }, data }) => [name, plain(data)]));
    },
    asked(operation) {
      const count = world.asked(operation).length;
      ucl.journal.clear();
      return count;
    },
    async restart(more = {}) {
      await agent.stop();
      agent = await world.agent({ ...settings, ...overrides, ...more });
    },
  };
}
