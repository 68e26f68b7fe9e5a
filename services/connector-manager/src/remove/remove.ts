import type { ApplicationConnector } from "@application-connector/crds";
import {
  type ApplySet,
  type Client,
  configMaps,
  find,
  hasFinalizer,
  KubeError,
  type Leftover,
  removeExactly,
  removeFinalizer,
} from "@application-connector/kube";
import { messageOf } from "../install/errors.ts";
import { findObsolete, type VersionOf } from "../install/obsolete.ts";
import { applySetParent, finalizer, forceDeleteAnnotation } from "../names.ts";
import { storedConnectors } from "../status/write-status.ts";
import { applicationsInTheWay } from "./applications.ts";
import type { createQuietPeriod } from "./quiet-period.ts";
import { removalStages } from "./stages.ts";

export type Policy = "Block" | "Retain" | "Cascade";

export interface RemoveParts {
  readonly client: Client;
  readonly set: ApplySet;
  readonly versionOf: VersionOf;
  readonly quiet: ReturnType<typeof createQuietPeriod>;
}

/** How far a removal is. */
export type Removal =
  | { readonly kind: "done" }
  | { readonly kind: "blocked"; readonly detail: string }
  | { readonly kind: "going"; readonly detail: string; readonly againMs: number }
  | { readonly kind: "failed"; readonly detail: string; readonly error: unknown };

const soonMs = 500;
/** What waits for finalizers of others is not asked for all the time. */
const laterMs = 3_000;

export function policyOf({ metadata, spec }: ApplicationConnector): Policy {
  if (metadata.annotations?.[forceDeleteAnnotation] === "true") return "Cascade";
  const policy = spec?.deletionPolicy;
  return policy === "Retain" || policy === "Cascade" ? policy : "Block";
}

/** Removes as much as may go now. Called again until it is done; every call looks at what is left. */
export async function remove(
  { client, set, versionOf, quiet }: RemoveParts,
  object: ApplicationConnector,
  signal: AbortSignal,
): Promise<Removal> {
  const policy = policyOf(object);
  if (policy === "Block") {
    const detail = await applicationsInTheWay(client, signal).catch((error: unknown) => {
      quiet.disturb();
      throw error;
    });
    if (detail !== undefined) {
      quiet.disturb();
      return { kind: "blocked", detail };
    }
    const leftMs = quiet.leftMs(object.metadata.uid ?? "");
    if (leftMs > 0) return { kind: "going", detail: "no Application exists", againMs: Math.min(leftMs, 1_000) };
  }

  const { stages, definitions } = removalStages([
    ...(await set.members({ signal })),
    ...(await findObsolete(client, [], versionOf, signal)),
  ]);
  const failures: { what: string; error: unknown }[] = [];
  for (const stage of stages) failures.push(...(await removeAll(client, stage, signal)));
  if (failures.length === 0 && stages.length > 0) {
    const left = stages.flat();
    return { kind: "going", detail: `${left.length} objects are being removed`, againMs: pauseFor(left) };
  }
  if (failures.length === 0 && policy !== "Retain" && definitions.length > 0) {
    if (!(await isStillSo(client, object, policy, signal))) {
      return { kind: "going", detail: "the object has changed", againMs: soonMs };
    }
    failures.push(...(await removeAll(client, definitions, signal)));
    if (failures.length === 0) {
      return { kind: "going", detail: "definitions are being removed", againMs: pauseFor(definitions) };
    }
  }
  const [first] = failures;
  if (first !== undefined) {
    const detail = failures.map(({ what, error }) => `${what}: ${messageOf(error)}`).join("; ");
    return { kind: "failed", detail, error: first.error };
  }
  await removeParent(client, signal);
  return { kind: "done" };
}

/** Asked of the server, not of a cache: with the definitions go all Applications, for good. */
async function isStillSo(client: Client, object: ApplicationConnector, policy: Policy, signal: AbortSignal) {
  const { name, namespace, uid } = object.metadata;
  const now = await find(client, storedConnectors, { name, namespace }, { signal });
  if (now?.metadata.uid !== uid || now?.metadata.deletionTimestamp === undefined) return false;
  return policyOf(now) === policy;
}

const pauseFor = (left: readonly Leftover[]): number =>
  left.every(({ object }) => object.metadata.deletionTimestamp !== undefined) ? laterMs : soonMs;

/** Asks for all of them to go; what is being deleted already was asked. Returns what could not be. */
async function removeAll(client: Client, leftovers: readonly Leftover[], signal: AbortSignal) {
  const results = await Promise.all(
    leftovers.map(async (leftover) => {
      const { resource, object } = leftover;
      try {
        if (hasFinalizer(object, finalizer)) await removeFinalizer(client, resource, object, finalizer, { signal });
        if (object.metadata.deletionTimestamp === undefined) await removeExactly(client, leftover, { signal });
        return [];
      } catch (error) {
        signal.throwIfAborted();
        return [{ what: `${resource.kind} ${object.metadata.name}`, error }];
      }
    }),
  );
  return results.flat();
}

async function removeParent(client: Client, signal: AbortSignal): Promise<void> {
  const parent = await find(client, configMaps, applySetParent, { signal, metadataOnly: true });
  const { uid } = parent?.metadata ?? {};
  if (uid === undefined) return;
  try {
    await client.delete(configMaps, applySetParent, { preconditions: { uid }, signal });
  } catch (error) {
    if (!(error instanceof KubeError && (error.isNotFound || error.isConflict))) throw error;
  }
}
