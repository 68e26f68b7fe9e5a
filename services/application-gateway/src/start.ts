import { type CsrfSession, TokenCache } from "@application-connector/credentials";
import { type Cluster, createClient, createInformers, KubeConfigError, loadCluster } from "@application-connector/kube";
import { ConfigError, composing, createService, type Service } from "@application-connector/service";
import { watchCluster } from "./cluster-state.ts";
import type { Config } from "./config.ts";
import { compileApi } from "./entries/compile-api.ts";
import { EntryTable } from "./entries/entry-table.ts";
import { createConfigurationLog } from "./observe/configuration-log.ts";
import { LineWriter } from "./observe/line-writer.ts";
import { certificateExpiry, usedStats } from "./observe/metric-sources.ts";
import { FetchCounts, registerMetrics } from "./observe/metrics.ts";
import { createRequestLog } from "./observe/request-log.ts";
import { openPorts, type Ports } from "./ports.ts";
import { createProxy } from "./proxy/proxy.ts";
import { TargetPool } from "./target/target-pool.ts";

export { type Config, schema } from "./config.ts";

/** The gateway, running: its ports are open; `synced` says when it can serve. */
export interface ApplicationGateway extends Service {
  readonly ports: Ports;
  readonly synced: Promise<void>;
}

export async function start(config: Config): Promise<ApplicationGateway> {
  const service = createService("application-gateway", {
    logLevel: config.logLevel,
    logFormat: config.logFormat,
    readyDelayMs: config.drainDelayMs,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
  });
  return composing(service, () => compose(config, service));
}

async function compose(config: Config, service: Service): Promise<ApplicationGateway> {
  const client = createClient(clusterOf(config), {
    log: service.log,
    metrics: service.metrics,
    userAgent: service.name,
  });
  await service.use(client, "kubernetes client");
  const informers = await service.use(
    createInformers(client, { log: service.log, metrics: service.metrics }),
    "caches",
  );

  const fetches = { tokens: new FetchCounts(), csrf: new FetchCounts() };
  const tokens = new TokenCache({ onFetch: fetches.tokens.onFetch });
  const csrfSessions = new TokenCache<CsrfSession>({ onFetch: fetches.csrf.onFetch });
  const targets = new TargetPool({
    connectTimeoutMs: config.proxyTimeoutMs,
    maxConnections: config.maxConnectionsPerTarget,
    maxQueued: config.maxQueuedPerTarget,
  });
  const table: EntryTable = new EntryTable({
    compile: (candidate) =>
      compileApi(candidate, {
        secret: state.secret,
        targets,
        tokens,
        csrfSessions,
        tokenTimeoutMs: config.proxyTimeoutMs,
      }),
    onMistakes: createConfigurationLog(service.log),
  });
  const state = watchCluster(informers, config.applicationSecretsNamespace, service.signal, table);
  // Stopped before the first list was complete: nobody waits for it any more.
  state.synced.catch(() => undefined);
  service.readiness("cluster objects", () => state.problem());
  await service.use({ stop: () => targets.destroy() }, "targets");

  const access = config.accessLog ? await service.use(new LineWriter(process.stdout), "access log") : undefined;
  const log = createRequestLog(service.log, access);
  const proxy = createProxy({ table, isSynced: () => state.isSynced, proxyTimeoutMs: config.proxyTimeoutMs, log });
  registerMetrics(
    service.metrics,
    {
      stats: () => usedStats(proxy.unmatched, table.entries()),
      applications: () => table.applications,
      secrets: () => state.secrets,
      entries: () => table.size,
      targets: () => targets.size,
      tokens: () => tokens.size,
      lastSync: () => state.lastSync,
      certificates: () => certificateExpiry(table.entries()),
    },
    fetches,
  );

  const ports = await openPorts(config, service, proxy);
  state.synced.then(
    () => service.log.info({ applications: table.applications, secrets: state.secrets }, "serving"),
    () => undefined,
  );
  service.log.info(ports, "listening");
  return Object.assign(service, { ports, synced: state.synced });
}

function clusterOf({ kubeConfig, apiServerUrl }: Config): Cluster {
  try {
    return loadCluster({
      ...(kubeConfig === "" ? {} : { kubeconfig: kubeConfig }),
      ...(apiServerUrl === "" ? {} : { server: apiServerUrl }),
    });
  } catch (cause) {
    throw cause instanceof KubeConfigError ? new ConfigError([cause.message], { cause }) : cause;
  }
}
