import { composing, createService, type LogOptions, type Service, startTracing } from "@application-connector/service";
import { composeDelivery } from "./compose-delivery.ts";
import { composeProxy } from "./compose-proxy.ts";
import type { Config } from "./config.ts";
import { connectCluster } from "./connect-cluster.ts";
import { connectEventing } from "./connect-eventing.ts";
import { followApplications } from "./follow-applications.ts";
import { healthApi } from "./health/health-api.ts";
import { readCertificateFiles } from "./mtls/certificate-files.ts";
import { openMutualTls } from "./mtls/open-mutual-tls.ts";
import { logShape } from "./observe/log-shape.ts";
import type { RequestTracer } from "./observe/request-trace.ts";
import { Stats } from "./observe/stats.ts";
import { listenerOptions, openListener } from "./open-listener.ts";
import { resolveProfile } from "./profile.ts";
import { malformedAnswers } from "./proxy/malformed.ts";
import { followSubscriptions } from "./subscriptions/follow-subscriptions.ts";

export { type Config, checkConfig, schema } from "./config.ts";
export { metrics } from "./observe/all-metrics.ts";
export { annotationsPage } from "./reference/annotations-page.ts";
export { errorsPage } from "./reference/errors-page.ts";

export interface Ports {
  readonly proxy: number;
  readonly externalApi: number;
  readonly mtls?: number;
}

/** The running validator and the ports it really listens on. */
export type ConnectivityValidator = Service & { readonly ports: Ports };

/** How the validator's log looks. */
export const logOptions = ({ logLevel, logFormat }: Config): LogOptions => ({
  logLevel: logLevel === "panic" ? "fatal" : logLevel,
  logFormat,
  logShape,
});

/** Starts to listen at once; ready when the Applications were read. */
export async function start(config: Config): Promise<ConnectivityValidator> {
  const service = createService("connectivity-validator", {
    ...logOptions(config),
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

  const cluster = await connectCluster(service, config);
  const applications = await followApplications(service, cluster, config, profile);
  const followsSubscriptions = config.subscriberHint || config.delivery === "nats";
  const subscribers = followsSubscriptions ? followSubscriptions(cluster.informers, config, applications) : undefined;
  const externalApi = await service.listen(
    healthApi(service, { metrics: config.metrics }),
    config.externalApiPort,
    config.listenAddress || undefined,
  );
  const tracer = await traceRequests(service, config);
  const eventing = await connectEventing(service, config, profile);
  const delivery = await composeDelivery(service, config, profile, { applications, eventing, stats });
  const around = { applications, subscribers, tracer, eventing, delivery, stats };
  const handlerFor = composeProxy(service, config, profile, around);

  const options = { ...listenerOptions(config, profile), malformed: malformedAnswers(stats) };
  const proxy = await openListener(service, { ...options, port: config.proxyPort }, handlerFor("header"));
  service.log.info({ port: proxy.port }, "Starting Validation Proxy.");
  if (tls === undefined) return { proxy: proxy.port, externalApi };

  const mtls = await openMutualTls(service, config, options, tls, handlerFor("connection"));
  return { proxy: proxy.port, externalApi, mtls: mtls.port };
}

async function traceRequests(service: Service, config: Config): Promise<RequestTracer | undefined> {
  const tracing = await startTracing(service);
  if (tracing === undefined) return undefined;
  const { createRequestTracer } = await import("./observe/tracing.ts");
  return createRequestTracer(tracing, { eventingHost: config.eventingPublisherHost, trusted: config.traceTrust });
}
