import {
  type Client,
  createController,
  createLeaderElector,
  type EventRecorder,
  type Informers,
  startControl,
} from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import { createConnector } from "@application-connector/ucl";
import type { Config } from "../config.ts";
import type { ConnectionStats } from "../observe/connection-stats.ts";
import type { SyncStats } from "../observe/sync-metrics.ts";
import { createSynchroniser, type Synchroniser } from "../sync/synchroniser.ts";
import { createAgenda } from "./agenda.ts";
import { readAgentConfiguration } from "./agent-configuration.ts";
import { createCertificateStore } from "./certificate-store.ts";
import { createConnectionEvents } from "./connection-events.ts";
import { createConnectionResource } from "./connection-resource.ts";
import { connectionHints } from "./hints.ts";
import { createRounds } from "./rounds.ts";
import { parseSecretName, secretNameText } from "./secret-name.ts";
import type { MakeKey } from "./signing-request.ts";
import { createTokenLedger } from "./token-ledger.ts";
import type { UclLinks } from "./ucl-links.ts";

export interface LeadParts {
  readonly service: Service;
  readonly config: Config;
  readonly client: Client;
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly links: UclLinks;
  readonly stats: ConnectionStats;
  readonly syncStats: SyncStats;
  readonly makeKey: MakeKey;
  /** Those of the agenda and of the lease unless given. */
  readonly firstBackOffMs: number | undefined;
  readonly leaseTimes: LeaseTimes | undefined;
}

export type LeaseTimes = Required<
  Pick<Parameters<typeof createLeaderElector>[1], "leaseDurationMs" | "renewDeadlineMs" | "retryPeriodMs">
>;

export interface Lead {
  /** Why the agent is not ready, for people. */
  readonly problem: string | undefined;
  /** Of this process, once it leads. */
  readonly synchroniser: Synchroniser | undefined;
  stop(): Promise<void>;
}

/** The first full synchronisation of a large formation takes minutes. */
const longestRoundMs = 30 * 60_000;
/** What is left of the time to stop when a round in progress was broken off. */
const afterRoundMs = 3_000;

/** Looks after the connection as soon as, and as long as, this process leads. */
export function startLead({
  service,
  config,
  client,
  informers,
  events,
  links,
  stats,
  syncStats,
  makeKey,
  firstBackOffMs,
  leaseTimes,
}: LeadParts): Lead {
  const { log, metrics } = service;
  const names = {
    configuration: parseSecretName(config.agentConfigurationSecret),
    client: parseSecretName(config.clusterCertificatesSecret),
    authorities: parseSecretName(config.caCertificatesSecret),
  };
  const hints = connectionHints(informers, Object.values(names), events);
  const lease = { namespace: config.leaseNamespace || client.cluster.namespace || "kyma-system", name: leaseName };
  const elector = config.leaderElection
    ? createLeaderElector(client, { ...lease, ...leaseTimes, log, metrics })
    : undefined;
  let hasLooked = false;
  let synchroniser: Synchroniser | undefined;

  const control = startControl(client, {
    caches: [hints.cache],
    elector,
    stopWithinMs: Math.max(1_000, config.shutdownTimeoutMs - afterRoundMs),
    onFailure: (failure) => {
      stats.isLeader = false;
      void service.fail(failure);
    },
    controllers(guarded) {
      stats.isLeader = true;
      synchroniser = createSynchroniser({ client: guarded, informers, config, log, events, stats: syncStats });
      const rounds = createRounds({
        connecting: {
          store: createCertificateStore(guarded, names, config.caOverlapMs),
          ledger: createTokenLedger(guarded, names.configuration),
          anonymous: createConnector(links.anonymous),
          secured: createConnector(links.secured),
          securedTransport: links.secured,
          makeKey,
          rule: { threshold: config.renewalThreshold, minimalSyncTimeMs: config.minimalSyncTimeMs },
          configurationName: secretNameText(names.configuration),
        },
        resource: createConnectionResource(guarded),
        synchroniser,
        agenda: createAgenda({
          periodMs: config.controllerSyncPeriodMs,
          minimalMs: config.minimalSyncTimeMs,
          firstBackOffMs,
        }),
        stats,
        readConfiguration: (signal) => readAgentConfiguration(guarded, names.configuration, { signal }),
        refreshTrust: links.refreshTrust,
        onWritten: createConnectionEvents({ events, stats, log }),
      });
      return [
        createController({
          name: "compass-connection",
          sources: [hints.source],
          async reconcile(request, signal) {
            try {
              return await rounds(request, signal);
            } finally {
              hasLooked = true;
            }
          },
          timeoutMs: longestRoundMs,
          log,
          metrics,
        }),
      ];
    },
  });

  return {
    get problem() {
      if (control.problem !== undefined) return control.problem;
      return control.state === "running" && !hasLooked ? "the connection to UCL was not looked at yet" : undefined;
    },
    get synchroniser() {
      return synchroniser;
    },
    async stop() {
      await control.stop();
      stats.isLeader = false;
      await synchroniser?.stop();
    },
  };
}

const leaseName = "compass-runtime-agent";
