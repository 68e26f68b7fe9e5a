import {
  type CsrfSession,
  FetchLanes,
  type KeySet,
  RefreshTokens,
  sizeOfSession,
  TokenCache,
  TokenView,
  type TokenViewOptions,
} from "@application-connector/credentials";
import { createReplayStore, type ReplayStore } from "@application-connector/forward";
import {
  type Client,
  type Cluster,
  createClient,
  createInformers,
  KubeConfigError,
  loadCluster,
} from "@application-connector/kube";
import {
  ConfigError,
  composing,
  createService,
  type LogOptions,
  type Service,
  standardOutput,
  startTracing,
  workerNumber,
} from "@application-connector/service";
import { watchCluster } from "./cluster-state.ts";
import type { Config } from "./config.ts";
import { diagnosisOf } from "./diagnosis/diagnosis.ts";
import { reportStatus } from "./diagnosis/report-status.ts";
import type { Pace, StatusReporter } from "./diagnosis/status-reporter.ts";
import type { ApiEntry } from "./entries/api-entry.ts";
import { compileApi } from "./entries/compile-api.ts";
import { defaultsOf } from "./entries/defaults.ts";
import { EntryTable } from "./entries/entry-table.ts";
import type { CallTracer } from "./observe/call-trace.ts";
import { createConfigurationLog } from "./observe/configuration-log.ts";
import type { Labels } from "./observe/entry-stats.ts";
import { LineWriter } from "./observe/line-writer.ts";
import { certificateExpiry, circuitNumber, tokenExpiry, valuesOf } from "./observe/metric-sources.ts";
import { registerMetrics } from "./observe/metrics.ts";
import { Observer } from "./observe/observer.ts";
import { createReplayLog } from "./observe/replay-log.ts";
import { createRequestLog } from "./observe/request-log.ts";
import { StatsBook } from "./observe/stats-book.ts";
import { Callers } from "./policy/callers.ts";
import { reviewToken } from "./policy/review-token.ts";
import { TokenReviewer } from "./policy/token-reviewer.ts";
import { openPorts, type Ports } from "./ports.ts";
import { AddressRules } from "./protection/address-rules.ts";
import { TargetRules } from "./protection/target-rules.ts";
import { createProxy } from "./proxy/proxy.ts";
import { SignedBodies } from "./proxy/signed-bodies.ts";
import { RateLimits } from "./resilience/rate-limits.ts";
import { environmentProxies } from "./target/environment-proxies.ts";
import { TargetPool } from "./target/target-pool.ts";

export { type Config, checkConfig, schema } from "./config.ts";
export { conditionTypes } from "./diagnosis/conditions.ts";
export { metrics } from "./observe/metrics.ts";
export { errorsPage } from "./reference/errors-page.ts";
export { settingsPage } from "./settings/reference.ts";

/** The gateway, running: its ports are open; `synced` says when it can serve. */
export interface ApplicationGateway extends Service {
  readonly ports: Ports;
  readonly synced: Promise<void>;
}

/** What a program has around it; whoever embeds the gateway may give it something else. */
export interface Surroundings {
  readonly logDestination?: { write(line: string): void };
  readonly env?: NodeJS.ProcessEnv;
  /** How fast the status of Applications is written. */
  readonly statusPace?: Pace;
}

/** How the gateway's log looks. "service" is a part of an API here. */
export const logOptions = ({ logLevel, logFormat }: Config): LogOptions => ({
  logLevel,
  logFormat,
  logShape: { base: { component: "application-gateway" } },
});

export async function start(
  config: Config,
  _interrupted?: AbortSignal,
  { env = process.env, statusPace, ...log }: Surroundings = {},
): Promise<ApplicationGateway> {
  const service = createService("application-gateway", {
    ...logOptions(config),
    readyDelayMs: config.drainDelayMs,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    ...log,
  });
  return composing(service, () => compose(config, service, env, statusPace));
}

async function compose(
  config: Config,
  service: Service,
  env: NodeJS.ProcessEnv,
  statusPace?: Pace,
): Promise<ApplicationGateway> {
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

  const output = standardOutput();
  const lines = config.accessLog ? await service.use(new LineWriter(output), "access log") : undefined;
  const access = lines === undefined ? undefined : { lines, oneOf: config.accessLogOneOf };
  const book = new StatsBook(config.metricsDetail);
  const observer = new Observer(book, createRequestLog(service.log, access), await traceCalls(service, env));
  const { tokenRetryIntervalMs: retryIntervalMs, proxyTimeoutMs } = config;
  const tokens = new TokenCache({ retryIntervalMs });
  const userTokens = new TokenCache({ retryIntervalMs, maxTokens: config.maxUserTokens });
  const keySets = new TokenCache<KeySet>({ maxTokens: 1_000, sizeOf: ({ bytes }) => bytes });
  const refreshTokens = new RefreshTokens();
  const csrfSessions = new TokenCache<CsrfSession>({ retryIntervalMs, sizeOf: sizeOfSession });
  const callerSessions = new TokenCache<CsrfSession>({
    retryIntervalMs,
    maxTokens: config.maxUserTokens,
    sizeOf: sizeOfSession,
  });
  const lanes = new FetchLanes({ parallel: config.tokenRequestsPerServer, waiting: 1_024, waitMs: proxyTimeoutMs });
  const rules = targetRulesOf(config);
  const { checkAddress } = rules;
  const targets = new TargetPool({ engine: config.engine, ...(checkAddress === undefined ? {} : { checkAddress }) });
  const proxyFor = environmentProxies(config);
  const callers = callersOf(config, client);
  const rateLimits = new RateLimits();
  const defaults = defaultsOf(config);
  // Users have lanes of their own: however many come, the other tokens don't wait for theirs.
  const fetching = (kind: "tokens" | "csrf", url: string, what: string, entry: ApiEntry): TokenViewOptions => {
    const lane = `${what} of '${URL.parse(url)?.origin ?? ""}'`;
    return { observe: observer.fetches(kind, url, entry), queue: (fetch) => lanes.run(lane, fetch) };
  };
  let reporter: StatusReporter | undefined;
  const table: EntryTable = new EntryTable({
    compile: (candidate, entry) =>
      compileApi(candidate, {
        secret: state.secret,
        targets,
        tokens: (url) => new TokenView(tokens, fetching("tokens", url, "tokens", entry)),
        userTokens: (url) => new TokenView(userTokens, fetching("tokens", url, "tokens of users", entry)),
        keySets,
        refreshTokens,
        csrfSessions: (url) => new TokenView(csrfSessions, fetching("csrf", url, "CSRF tokens", entry)),
        callerSessions: (url) => new TokenView(callerSessions, fetching("csrf", url, "CSRF tokens of callers", entry)),
        tokenTimeoutMs: proxyTimeoutMs,
        rules,
        proxyFor,
        callers,
        rateLimits,
        defaults,
      }),
    ...createConfigurationLog(service.log),
    onChange: (application) => reporter?.check(application),
  });
  const state = watchCluster({ client, informers, table, signal: service.signal }, config.applicationSecretsNamespace);
  // Stopped before the first list was complete: nobody waits for it any more.
  state.synced.catch(() => undefined);
  // Once for all of its workers.
  if (config.reportStatus && workerNumber() === 1)
    reporter = await reportStatus(config, { service, client, state, table, pace: statusPace });
  service.readiness("cluster objects", () => state.problem());
  await service.use({ stop: () => targets.destroy() }, "targets");

  const replay = replayOf(config, service);
  const again = { replay, refreshSecrets: state.refreshSecrets };
  const bodies = new SignedBodies({ maxBytes: config.signedBodyBytes, totalBytes: config.signedBodyTotalBytes });
  const proxy = createProxy({ table, isSynced: () => state.isSynced, again, bodies, observer });
  const seriesOf = (entry: ApiEntry): Labels => book.seriesOf(entry);
  registerMetrics(service.metrics, {
    stats: () => book.used(table.entries()),
    applications: () => table.applications,
    secrets: () => state.secrets,
    entries: () => table.size,
    targets: () => targets.size,
    tokens: () => tokens.size + userTokens.size,
    replayBytes: () => replay.bytes,
    droppedLines: () => output.dropped,
    lastSync: () => state.lastSync,
    certificateExpiries: () => valuesOf(table.entries(), certificateExpiry, seriesOf, Math.min),
    tokenExpiries: () => valuesOf(table.entries(), tokenExpiry, seriesOf, Math.min),
    circuits: () => valuesOf(table.entries(), circuitNumber, seriesOf, Math.max),
  });

  const ports = await openPorts(config, service, proxy, diagnosisOf(config, client, table));
  state.synced.then(
    () => service.log.info({ applications: table.applications, secrets: state.secrets }, "serving"),
    () => undefined,
  );
  service.log.info(ports, "listening");
  return Object.assign(service, { ports, synced: state.synced });
}

function replayOf(config: Config, { log }: Service): ReplayStore {
  return createReplayStore({
    memoryBytes: config.retryBufferBytes,
    diskBytes: config.retryBufferDiskBytes,
    totalBytes: config.retryBufferTotalBytes,
    ...(config.retryBufferFolder === "" ? {} : { folder: config.retryBufferFolder }),
    onError: createReplayLog(log),
  });
}

function targetRulesOf(config: Config): TargetRules {
  return new TargetRules({
    schemes: config.allowedTargetSchemes,
    ports: config.allowedTargetPorts,
    deniedAddresses: new AddressRules(config.deniedTargetRanges),
  });
}

function callersOf({ meshIdentityFrom, trustDomain, callerTokenAudience }: Config, client: Client): Callers {
  const review = reviewToken(client, callerTokenAudience);
  return new Callers({
    meshPeers: new AddressRules(meshIdentityFrom),
    trustDomain,
    ...(callerTokenAudience === "" ? {} : { reviewer: new TokenReviewer({ review, trustDomain }) }),
  });
}

async function traceCalls(service: Service, env: NodeJS.ProcessEnv): Promise<CallTracer | undefined> {
  const tracing = await startTracing(service, env);
  if (tracing === undefined) return undefined;
  const { createCallTracer } = await import("./observe/tracing.ts");
  return createCallTracer(tracing);
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
