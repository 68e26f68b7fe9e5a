import { createTarget, type Listener, type ListenerOptions, listen, type Target } from "@application-connector/forward";
import { type Cluster, createClient, createInformers, KubeConfigError, loadCluster } from "@application-connector/kube";
import { ConfigError, composing, createService, listenError, type Service } from "@application-connector/service";
import { createApplicationCache, inboundApplications, keepOfApplication } from "./applications/application-cache.ts";
import type { Config } from "./config.ts";
import { healthApi } from "./health/health-api.ts";
import { createIdentify } from "./identity/identify.ts";
import { trustedUris } from "./identity/trusted-uris.ts";
import { readCertificateFiles } from "./mtls/certificate-files.ts";
import { followFiles } from "./mtls/follow-files.ts";
import { logShape } from "./observe/log-shape.ts";
import { registerMetrics } from "./observe/metrics.ts";
import { createRequestLog } from "./observe/request-log.ts";
import { Stats } from "./observe/stats.ts";
import { type Profile, resolveProfile } from "./profile.ts";
import { malformedAnswers } from "./proxy/malformed.ts";
import { createProxy } from "./proxy/proxy.ts";
import { refusals } from "./proxy/refusal.ts";

export { type Config, checkConfig, schema } from "./config.ts";
export { metrics } from "./observe/metrics.ts";

export interface Ports {
  readonly proxy: number;
  readonly externalApi: number;
  readonly mtls?: number;
}

/** The running validator and the ports it really listens on. */
export type ConnectivityValidator = Service & { readonly ports: Ports };

/** Starts to listen at once; ready when the Applications were read. */
export async function start(config: Config): Promise<ConnectivityValidator> {
  const service = createService("connectivity-validator", {
    logLevel: config.logLevel === "panic" ? "fatal" : config.logLevel,
    logFormat: config.logFormat,
    logShape,
    readyDelayMs: config.drainDelayMs,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
  });
  const ports = await composing(service, () => compose(service, config));
  return Object.assign(service, { ports });
}

async function compose(service: Service, config: Config): Promise<Ports> {
  const profile = resolveProfile(config);
  const stats = new Stats();
  // Before anything listens: a mistake in these files ends the start.
  const tls = config.mtlsPort === 0 ? undefined : await readCertificateFiles(config);

  const applications = await followApplications(service, config, profile, stats);
  const externalApi = await service.listen(
    healthApi(service, { metrics: config.metrics }),
    config.externalApiPort,
    config.listenAddress || undefined,
  );
  const handlerFor = createProxy(
    {
      applications,
      identify: createIdentify({
        elements: profile.elements,
        certificate: profile.certificate,
        isTrustedUri: trustedUris(config.trustedGatewayUris),
      }),
      certHeaderMissing: { ...refusals.certHeaderMissing, status: config.missingCertStatus },
      eventingPath: config.eventingDestinationPath,
      maxBodyBytes: config.maxBodyBytes,
    },
    await connectEventing(service, config, profile),
    {
      headers: { host: config.eventingPublisherHost, strict: config.securityProfile === "strict" },
      responseTimeoutMs: profile.proxyTimeoutMs,
      bodyTimeoutMs: profile.bodyTimeoutMs,
    },
    stats,
    createRequestLog(service.log, eventingOrigin(config)),
  );

  const options = { ...listenerOptions(config, profile), malformed: malformedAnswers(stats) };
  const proxy = await openListener(service, { ...options, port: config.proxyPort }, handlerFor("header"));
  service.log.info({ port: proxy.port }, "Starting Validation Proxy.");
  if (tls === undefined) return { proxy: proxy.port, externalApi };

  const port = Math.max(config.mtlsPort, 0);
  const mtls = await openListener(service, { ...options, port, tls }, handlerFor("connection"));
  await service.use(
    followFiles({ files: config, current: tls, listener: mtls, log: service.log }),
    "certificate files",
  );
  return { proxy: proxy.port, externalApi, mtls: mtls.port };
}

async function followApplications(service: Service, config: Config, profile: Profile, stats: Stats) {
  const { log, metrics } = service;
  const client = await service.use(createClient(findCluster(config), { log, metrics }), "API client");
  const informers = await service.use(createInformers(client, { log, metrics }), "informers");
  const informer = informers.informer(inboundApplications, { transform: keepOfApplication });
  const applications = await service.use(
    createApplicationCache(informer, applicationRules(config, profile), log, config.syncPeriodMs),
    "application cache",
  );
  const notYet = () => `not read from the cluster yet${informer.detail ? `: ${informer.detail}` : ""}`;
  service.readiness("applications", () => (applications.hasSynced ? undefined : notYet()));
  registerMetrics(metrics, { stats, applications, stalenessMs: () => informer.stalenessMs });
  return applications;
}

const eventingOrigin = (config: Config): string => `http://${config.eventingPublisherHost}`;

/** Upstream's transport has as many connections, but lets requests queue without a bound. */
const maxEventingConnections = 200;
/** Each may hold its headers and a small body, together some 110 KiB at worst. */
const maxQueuedRequests = 1_000;

async function connectEventing(service: Service, config: Config, profile: Profile): Promise<Target> {
  const target = createTarget({
    origin: eventingOrigin(config),
    connectTimeoutMs: profile.connectTimeoutMs,
    maxConnections: maxEventingConnections,
    maxQueued: maxQueuedRequests,
  });
  await service.use({ stop: (deadline: AbortSignal) => closeTarget(target, deadline) }, "connections to eventing");
  return target;
}

function findCluster(config: Config): Cluster {
  try {
    return loadCluster({ kubeconfig: config.kubeconfig || undefined });
  } catch (cause) {
    throw cause instanceof KubeConfigError ? new ConfigError([cause.message], { cause }) : cause;
  }
}

function applicationRules(config: Config, profile: Profile) {
  return {
    prefixes: {
      v1: config.eventingPathPrefixV1,
      v2: config.eventingPathPrefixV2,
      events: config.eventingPathPrefixEvents,
    },
    placeholder: config.appNamePlaceholder,
    emptyClientIds: profile.emptyClientIds,
    tenantGroup: profile.tenantGroup,
  };
}

function listenerOptions(config: Config, profile: Profile): Omit<ListenerOptions, "port"> {
  return {
    ...(config.listenAddress === "" ? {} : { host: config.listenAddress }),
    maxHeaderBytes: config.maxHeaderBytes,
    headersTimeoutMs: profile.headersTimeoutMs,
    bodyIdleTimeoutMs: profile.bodyTimeoutMs,
    keepAliveTimeoutMs: profile.idleTimeoutMs,
  };
}

async function openListener(
  service: Service,
  options: ListenerOptions,
  handle: Parameters<typeof listen>[1],
): Promise<Listener> {
  let listener: Listener;
  try {
    listener = await listen(options, handle);
  } catch (error) {
    throw listenError(error, options.port);
  }
  service.onDrain(() => listener.drain());
  return await service.use(listener, `listener on port ${listener.port}`);
}

/** Calls in flight were given their time by the listeners; what is left at the deadline is broken. */
async function closeTarget(target: Target, deadline: AbortSignal): Promise<void> {
  const breakAll = () => void target.destroy();
  if (deadline.aborted) breakAll();
  deadline.addEventListener("abort", breakAll, { once: true });
  await target.close();
  deadline.removeEventListener("abort", breakAll);
}
