import type { ApplicationConnector } from "@application-connector/crds";
import {
  type Client,
  deployments,
  type FollowedKinds,
  type KubeObject,
  type Reconcile,
  type Result,
  removeFinalizer,
} from "@application-connector/kube";
import { decline } from "./claims/decline.ts";
import { elect } from "./claims/elect.ts";
import type { Caches } from "./cluster/caches.ts";
import { createFollower, type FollowParts, isPaused } from "./follow/follow.ts";
import { surroundingsOf } from "./follow/surroundings.ts";
import { messageOf } from "./install/errors.ts";
import { alwaysFollowed } from "./install/install.ts";
import { finalizer, moduleNamespace } from "./names.ts";
import type { ManagerStats } from "./observe/stats.ts";
import { type Removal, type RemoveParts, remove } from "./remove/remove.ts";
import { componentsOf } from "./status/components.ts";
import type { Finding } from "./status/finding.ts";
import { failed } from "./status/finding.ts";
import { statusOf } from "./status/status.ts";
import { storedConnectors, type WriteStatus } from "./status/write-status.ts";

export interface ReconcileParts
  extends Pick<FollowParts, "installer" | "defaults" | "images" | "render">,
    Pick<RemoveParts, "quiet"> {
  readonly client: Client;
  readonly caches: Caches;
  readonly members: FollowedKinds;
  readonly writeStatus: WriteStatus;
  readonly domainFallback: string;
  readonly version: string;
  readonly stats: ManagerStats;
}

const knownWithinMs = 8_000;
const blockedMs = 3_000;

/** One look at everything: there is one installation, whichever object it follows. */
export function createReconcile(parts: ReconcileParts): Reconcile {
  const { client, caches, members, installer, writeStatus, version } = parts;

  const around = (object: ApplicationConnector) =>
    surroundingsOf(object, caches, parts.domainFallback, componentsOf(workload));
  const report = async (object: ApplicationConnector, finding: Finding, signal: AbortSignal) =>
    writeStatus(object, statusOf(object, finding, { ...around(object), version, paused: isPaused(object) }), signal);
  const workload = (name: string): KubeObject | undefined =>
    members.get(deployments, { name, namespace: moduleNamespace });
  const { follow, keep } = createFollower({ ...parts, report });

  /** Lets the cluster go as far as the object says; when another one is there, that one takes over what there is. */
  async function leave(object: ApplicationConnector, heir: ApplicationConnector | undefined, signal: AbortSignal) {
    const release = () => removeFinalizer(client, storedConnectors, object, finalizer, { signal });
    if (object.metadata.finalizers?.includes(finalizer) !== true) return {};
    if (heir !== undefined) {
      await release();
      return {};
    }
    if (isPaused(object)) {
      await report(object, { kind: "deleting", detail: "nothing is removed as long as the object is paused" }, signal);
      return {};
    }
    const going = { kind: "deleting", detail: "deletion in progress" } as const;
    const current = isKnownToLeave(object) ? object : await report(object, going, signal);
    const removing = { ...parts, set: installer.set, versionOf: caches.foreign.versionOf };
    const removal = await remove(removing, current, signal).catch((error: unknown): Removal => {
      signal.throwIfAborted();
      return { kind: "failed", detail: messageOf(error), error };
    });
    switch (removal.kind) {
      case "done":
        members.follow(alwaysFollowed);
        await release();
        return {};
      case "blocked":
        await keep(await report(current, removal, signal), around(current), signal);
        return { requeueAfterMs: blockedMs };
      case "going":
        await report(current, { kind: "deleting", detail: removal.detail }, signal);
        return { requeueAfterMs: removal.againMs };
      case "failed":
        await report(current, { kind: "deletion failed", detail: removal.detail }, signal);
        throw removal.error;
    }
  }

  return async (_request, signal): Promise<Result> => {
    const { served, heir, declined } = elect(caches.connectors.list(), moduleNamespace);
    const problems: unknown[] = [];
    for (const one of declined) {
      await decline(client, writeStatus, one, version, signal).catch((error: unknown) => problems.push(error));
    }
    signal.throwIfAborted();
    let result: Result = {};
    if (served !== undefined) {
      // The mesh knows namespaces by name only.
      if (served.spec?.appGateway?.allowedNamespaces !== undefined) caches.namespaces();
      const unknown = await unknownOf([caches, members], signal);
      if (unknown !== undefined) {
        const reason = /forbidden/i.test(unknown) ? "Forbidden" : "ApplyObjError";
        await report(served, failed("Error", reason, `the cluster cannot be looked at: ${unknown}`), signal);
        throw new Error(unknown);
      }
      result =
        served.metadata.deletionTimestamp === undefined
          ? await follow(served, around(served), signal)
          : await leave(served, heir, signal);
    }
    if (problems.length > 0) throw problems[0];
    return result;
  };
}

/** It was told already that the object is leaving. */
const isKnownToLeave = ({ status }: ApplicationConnector): boolean =>
  status?.conditions?.some(({ type, reason }) => type === "Installed" && reason.startsWith("Deletion")) ?? false;

type Known = Pick<Caches, "problem" | "waitForSync">;

/** What is not known in time of what everything depends on. */
async function unknownOf(caches: readonly Known[], signal: AbortSignal): Promise<string | undefined> {
  const problem = () => caches.flatMap(({ problem }) => problem ?? []).join("; ") || undefined;
  if (problem() === undefined) return undefined;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(knownWithinMs)]);
  try {
    await Promise.all(caches.map((cache) => cache.waitForSync(patience)));
    return undefined;
  } catch {
    signal.throwIfAborted();
    return problem();
  }
}
