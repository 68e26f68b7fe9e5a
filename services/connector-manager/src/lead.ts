import {
  type Client,
  createApplier,
  createController,
  createLeaderElector,
  type EventRecorder,
  followKinds,
  type Informers,
  type Reconcile,
  startControl,
} from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { BundleSettings, KubernetesObject } from "./bundle/index.ts";
import { openCaches } from "./cluster/caches.ts";
import type { Config } from "./config.ts";
import { alwaysFollowed, createInstaller } from "./install/install.ts";
import { fieldManager, leaseName, moduleNamespace, partOfLabel, statusManager } from "./names.ts";
import type { ManagerStats } from "./observe/stats.ts";
import { createReconcile } from "./reconcile.ts";
import { createQuietPeriod } from "./remove/quiet-period.ts";
import { statusWriter } from "./status/write-status.ts";
import { createInjection } from "./webhook/inject.ts";
import type { Webhook } from "./webhook/webhook.ts";

export interface LeadParts {
  readonly service: Service;
  readonly config: Config;
  readonly client: Client;
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly stats: ManagerStats;
  /** Absent when it is off. */
  readonly webhook: Webhook | undefined;
  readonly defaults: BundleSettings;
  readonly render: (settings: BundleSettings) => readonly KubernetesObject[];
  readonly version: string;
}

export interface Lead {
  /** Why the manager is not ready, for people. */
  readonly problem: string | undefined;
  stop(): Promise<void>;
}

/** There is one installation: whatever happens is a reason to look at all of it. */
const theInstallation = { name: "application-connector" };
const theWebhook = { name: "webhook" };
/** A server that does not answer, or rights that are missing, are no reason to die: they come back. */
const syncWithinMs = 24 * 3_600_000;
const retries = { firstMs: 200, longestMs: 30_000 };

/** Looks after the installation as soon as, and as long as, this process leads. */
export function startLead(parts: LeadParts): Lead {
  const { service, config, client, informers, events, stats, version } = parts;
  const { log, metrics } = service;
  let look = (): void => {};
  const caches = openCaches(informers, () => look());
  const members = followKinds(informers, {
    labelSelector: `${partOfLabel.name}=${partOfLabel.value}`,
    keepManagedFieldsOf: fieldManager,
    onChange: () => look(),
  });
  members.follow(alwaysFollowed);
  const lease = { namespace: moduleNamespace, name: leaseName };
  const elector = config.leaderElect ? createLeaderElector(client, { ...lease, log, metrics }) : undefined;

  const control = startControl(client, {
    caches: [caches.connectors],
    elector,
    syncWithinMs,
    stopWithinMs: Math.max(1_000, config.shutdownTimeoutMs - 2_000),
    onFailure: (failure) => {
      stats.isLeader = false;
      void service.fail(failure);
    },
    controllers(guarded) {
      stats.isLeader = true;
      const applier = createApplier(guarded, { fieldManager, metrics });
      const statusApplier = createApplier(guarded, { fieldManager: statusManager });
      const { versionOf } = caches.foreign;
      const reconcile = createReconcile({
        ...parts,
        client: guarded,
        caches,
        members,
        installer: createInstaller({ applier, caches: members, events, stats, versionOf, version }),
        writeStatus: statusWriter(statusApplier, caches.connectors, events),
        images: { gateway: config.imageGateway, validator: config.imageValidator, agent: config.imageAgent },
        domainFallback: config.domain,
        quiet: createQuietPeriod(client.clock),
      });
      const controller = createController({
        name: "application-connector",
        sources: caches.sources(theInstallation),
        reconcile: counted(reconcile, stats),
        ...retries,
        log,
        metrics,
      });
      look = () => controller.enqueue(theInstallation);
      const { webhook } = parts;
      if (webhook === undefined) return [controller];
      const injection = createController({
        name: "webhook",
        sources: webhook.sources(theWebhook),
        reconcile: createInjection({ ...webhook, client: guarded }),
        ...retries,
        log,
        metrics,
      });
      return [controller, injection];
    },
  });

  return {
    get problem() {
      return control.problem;
    },
    async stop() {
      await control.stop();
      stats.isLeader = false;
      await members.stop();
    },
  };
}

const counted =
  (reconcile: Reconcile, stats: ManagerStats): Reconcile =>
  async (request, signal) => {
    const startedAt = performance.now();
    try {
      const result = await reconcile(request, signal);
      stats.reconciles.success++;
      return result;
    } catch (error) {
      stats.reconciles.error++;
      throw error;
    } finally {
      stats.seconds.observe((performance.now() - startedAt) / 1000);
    }
  };
