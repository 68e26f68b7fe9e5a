import {
  type Cluster,
  createClient,
  createEventRecorder,
  createInformers,
  KubeConfigError,
  loadCluster,
} from "@application-connector/kube";
import {
  ConfigError,
  composing,
  createService,
  type LogOptions,
  metricsRoute,
  type Service,
} from "@application-connector/service";
import { logClusterMetrics } from "./cluster-metrics/cluster-metrics-log.ts";
import type { Config } from "./config.ts";
import { type LeadParts, type LeaseTimes, startLead } from "./connection/lead.ts";
import { type MakeKey, makeRsaKey } from "./connection/signing-request.ts";
import { openUclLinks } from "./connection/ucl-links.ts";
import { healthApi } from "./health/health-api.ts";
import { connectionMetrics, registerConnectionMetrics } from "./observe/connection-metrics.ts";
import { ConnectionStats } from "./observe/connection-stats.ts";
import { registerSyncMetrics, SyncStats, syncMetrics } from "./observe/sync-metrics.ts";

export { type Config, checkConfig, schema } from "./config.ts";
export { connectionStates } from "./connection/connection-states.ts";

export { SyncStats } from "./observe/sync-metrics.ts";
export { createSynchroniser, type Round, type RoundOutcome, type Synchroniser } from "./sync/synchroniser.ts";

/** Every family of the agent. */
export const metrics = { ...connectionMetrics, ...syncMetrics };

export interface Ports {
  readonly health: number;
  readonly metrics: number;
}

/** The running agent and the ports it really listens on. */
export type RuntimeAgent = Service & { readonly ports: Ports };

export interface Surroundings extends Pick<LogOptions, "logDestination"> {
  /** Where keys for certificates come from; new RSA keys of 4096 bits, which take seconds. */
  makeKey?: MakeKey;
  /** How long a UCL that fails is left alone at first. */
  firstBackOffMs?: number;
  /** How long the agent that leads does so without saying that it still does, and what follows from that. */
  leaseTimes?: LeaseTimes;
}

/** How many writes are under way is bounded already; this keeps ten thousand new Applications from taking an hour. */
const callsPerSecond = 500;

/** Starts to listen at once, and to look after the connection as soon as it leads. */
export async function start(
  config: Config,
  _signal?: AbortSignal,
  { makeKey = makeRsaKey, firstBackOffMs, leaseTimes, ...logging }: Surroundings = {},
): Promise<RuntimeAgent> {
  const { logLevel, logFormat, shutdownTimeoutMs } = config;
  const service = createService("runtime-agent", { logLevel, logFormat, shutdownTimeoutMs, ...logging });
  const ports = await composing(service, () => compose(service, config, { makeKey, firstBackOffMs, leaseTimes }));
  return Object.assign(service, { ports });
}

type Given = Pick<LeadParts, "makeKey" | "firstBackOffMs" | "leaseTimes">;

async function compose(service: Service, config: Config, given: Given): Promise<Ports> {
  const { log, metrics } = service;
  const stats = new ConnectionStats();
  registerConnectionMetrics(metrics, stats);
  const syncStats = new SyncStats();
  registerSyncMetrics(metrics, syncStats);
  const links = await service.use(openUclLinks(config, { log, observe: stats.observe }), "connection to UCL");
  const calls = { queriesPerSecond: callsPerSecond, burst: callsPerSecond };
  const client = await service.use(createClient(findCluster(config), { log, metrics, ...calls }), "API client");
  const informers = await service.use(createInformers(client, { log, metrics }), "informers");
  const events = createEventRecorder(client, { component: "compass-runtime-agent", log, metrics });
  await service.use({ stop: () => events.stop() }, "events");
  const lead = startLead({ service, config, client, informers, events, links, stats, syncStats, ...given });
  await service.use(lead, "agent");
  service.readiness("connection", () => lead.problem);
  if (config.metricsLoggingTimeIntervalMs > 0) {
    const logged = logClusterMetrics(client, log, config.metricsLoggingTimeIntervalMs);
    await service.use(logged, "cluster metrics");
  }

  const host = config.listenAddress || undefined;
  const planOf = config.dryRun ? () => lead.synchroniser?.plan : undefined;
  const health = await service.listen(healthApi(service, planOf), config.healthPort, host);
  const metricsApi = service.api();
  metricsRoute(metricsApi, service);
  return { health, metrics: await service.listen(metricsApi, config.metricsPort, host) };
}

function findCluster(config: Config): Cluster {
  try {
    return loadCluster({ kubeconfig: config.kubeconfig || undefined });
  } catch (cause) {
    throw cause instanceof KubeConfigError ? new ConfigError([cause.message], { cause }) : cause;
  }
}
