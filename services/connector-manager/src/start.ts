import {
  type Client,
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
  healthRoutes,
  type LogOptions,
  metricsRoute,
  type Service,
} from "@application-connector/service";
import { parseBindAddress } from "./bind-address.ts";
import { type BundleSettings, defaultSettings, type KubernetesObject, render } from "./bundle/index.ts";
import type { Config } from "./config.ts";
import { startLead } from "./lead.ts";
import { eventSource } from "./names.ts";
import { registerMetrics } from "./observe/metrics.ts";
import { metricsCertificate } from "./observe/metrics-certificate.ts";
import { createMetricsGuard } from "./observe/metrics-guard.ts";
import { ManagerStats } from "./observe/stats.ts";
import { WebhookStats } from "./observe/webhook-stats.ts";
import { version } from "./version.ts";
import { startWebhook } from "./webhook/webhook.ts";

export { type Config, checkConfig, schema } from "./config.ts";
export { metrics } from "./observe/metrics.ts";

export interface Ports {
  readonly health: number;
  readonly metrics: number;
  readonly webhook: number;
}

/** The running manager and the ports it really listens on; -1 where it does not. */
export type ConnectorManager = Service & { readonly ports: Ports };

/** What a test, or another release, would have instead. */
export interface Surroundings extends Pick<LogOptions, "logDestination"> {
  render?: (settings: BundleSettings) => readonly KubernetesObject[];
  version?: string;
}

/** Beyond this an installation of some dozens of objects would wait for itself. */
const callsPerSecond = 200;

/** Starts to listen at once, and to look after the installation as soon as it leads. */
export async function start(
  config: Config,
  _signal?: AbortSignal,
  surroundings: Surroundings = {},
): Promise<ConnectorManager> {
  const { logDestination } = surroundings;
  const { logLevel, logFormat, shutdownTimeoutMs } = config;
  const service = createService("connector-manager", {
    logLevel,
    logFormat,
    shutdownTimeoutMs,
    ...(logDestination && { logDestination }),
  });
  const ports = await composing(service, () => compose(service, config, surroundings));
  return Object.assign(service, { ports });
}

async function compose(service: Service, config: Config, surroundings: Surroundings): Promise<Ports> {
  const { log, metrics } = service;
  const stats = new ManagerStats();
  const webhookStats = new WebhookStats();
  registerMetrics(metrics, stats, webhookStats);
  const calls = { queriesPerSecond: callsPerSecond, burst: callsPerSecond };
  const client = await service.use(createClient(findCluster(config), { log, metrics, ...calls }), "API client");
  const informers = await service.use(createInformers(client, { log, metrics }), "informers");
  const events = createEventRecorder(client, { component: eventSource, api: "v1", log, metrics });
  await service.use({ stop: () => events.stop() }, "events");
  const webhook =
    config.webhookPort === 0 ? undefined : await startWebhook({ service, informers, stats: webhookStats, config });
  if (webhook !== undefined) service.readiness("webhook", () => webhook.problem);
  const lead = startLead({
    service,
    webhook,
    config,
    client,
    informers,
    events,
    stats,
    defaults: defaultsOf(config),
    render: surroundings.render ?? render,
    version: surroundings.version ?? version,
  });
  await service.use(lead, "manager");
  service.readiness("caches", () => lead.problem);

  const health = service.api();
  healthRoutes(health, service);
  const metricsApi = await metricsPort(service, config, client);
  return {
    health: await listen(service, health, config.healthProbeBindAddress),
    metrics: await listen(service, metricsApi, config.metricsBindAddress),
    webhook: webhook?.port ?? -1,
  };
}

/** Plain for everybody who reaches it, or over TLS for who may. */
async function metricsPort(service: Service, config: Config, client: Client) {
  const path = "/metrics";
  const api = service.api(config.metricsSecure ? { tls: await metricsCertificate(config.metricsCertPath) } : {});
  if (config.metricsSecure) {
    const judge = createMetricsGuard(client, path);
    api.addHook("onRequest", async ({ headers }, reply) => {
      const verdict = await judge(headers.authorization);
      if (verdict === 401) reply.header("www-authenticate", "Bearer");
      return verdict === 200 ? undefined : reply.code(verdict).send();
    });
  }
  metricsRoute(api, service, { path });
  return api;
}

/** What no ApplicationConnector says: the settings of this release, and of whoever runs the manager. */
function defaultsOf({ imagePullPolicy, imagePullSecrets, validatorSecurityProfile }: Config): BundleSettings {
  const validator = { ...defaultSettings.validator, securityProfile: validatorSecurityProfile };
  return { ...defaultSettings, imagePullPolicy, imagePullSecrets, validator };
}

async function listen(service: Service, app: ReturnType<Service["api"]>, address: string): Promise<number> {
  const { host, port } = parseBindAddress(address) ?? { host: undefined, port: -1 };
  return port < 0 ? -1 : service.listen(app, port, host);
}

function findCluster(config: Config): Cluster {
  try {
    return loadCluster({ kubeconfig: config.kubeconfig || undefined });
  } catch (cause) {
    throw cause instanceof KubeConfigError ? new ConfigError([cause.message], { cause }) : cause;
  }
}
