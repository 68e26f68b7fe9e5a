import type { Target } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import type { InboundApplication } from "./applications/application.ts";
import type { Config } from "./config.ts";
import { addressed } from "./delivery/addressed.ts";
import type { Delivery, DeliveryResult } from "./delivery/delivery.ts";
import { eventingDelivery } from "./delivery/eventing.ts";
import { guardedDelivery } from "./delivery/guarded.ts";
import { registerNatsMetrics } from "./observe/nats-metrics.ts";
import { registerSpoolMetrics } from "./observe/spool-metrics.ts";
import type { Stats } from "./observe/stats.ts";
import { Circuit } from "./overload/circuit.ts";
import type { Profile } from "./profile.ts";
import { Drain } from "./spool/drain.ts";
import { Spool } from "./spool/spool.ts";
import { spooledDelivery } from "./spool/spooled-delivery.ts";

/** How events get to Eventing. */
export interface DeliveryParts {
  readonly circuit: Circuit;
  /** Takes the events of a batch. */
  readonly single: Delivery;
  /** Takes all events, in place of passing requests on while they arrive. */
  readonly whole: Delivery | undefined;
}

interface KnownApplications {
  get(name: string): Pick<InboundApplication, "typeLabel"> | undefined;
}

export interface DeliverySurroundings {
  readonly applications: KnownApplications;
  readonly eventing: Target;
  readonly stats: Stats;
}

export async function composeDelivery(
  service: Service,
  config: Config,
  profile: Profile,
  { applications, eventing, stats }: DeliverySurroundings,
): Promise<DeliveryParts> {
  const circuit = new Circuit({ failures: profile.circuitBreaker === "on" ? 10 : 0, windowMs: 10_000, probeMs: 2_000 });
  const direct = config.delivery === "nats" ? await toStream(service, config, applications) : undefined;
  const { proxyTimeoutMs: timeoutMs } = profile;
  const toPublisher = eventingDelivery(eventing, { timeoutMs, batches: config.eventingBatches === "on" });
  const single = guardedDelivery(direct ?? toPublisher, circuit);
  const isKept = config.delivery === "spool" || (direct !== undefined && config.spoolDir !== "");
  const whole = isKept ? await throughSpool(service, config, single, stats) : direct && single;
  return { circuit, single, whole };
}

/** Past Eventing's publisher proxy. Loaded when it is wanted: the client costs memory. */
async function toStream(service: Service, config: Config, applications: KnownApplications): Promise<Delivery> {
  const { NatsDelivery } = await import("./nats/nats-delivery.ts");
  const typeLabelOf = (name: string) => applications.get(name)?.typeLabel;
  const delivery = new NatsDelivery({
    url: config.natsUrl,
    stream: config.natsStream,
    subjectPrefix: config.natsSubjectPrefix,
    login: {
      credentialsFile: config.natsCredentials,
      nkeyFile: config.natsNkeyFile,
      tokenFile: config.natsTokenFile,
      user: config.natsUser,
      passwordFile: config.natsPasswordFile,
    },
    tls: { caFile: config.natsCaFile, certFile: config.natsCertFile, keyFile: config.natsKeyFile },
    rules: { typePrefix: config.eventTypePrefix, typeLabelOf },
    log: service.log,
  });
  registerNatsMetrics(service.metrics, delivery);
  // With a spool, events are safe before there is a connection.
  if (config.spoolDir === "") service.readiness("nats", () => delivery.problem);
  return await service.use(delivery, "connection to NATS");
}

/** Puts the disk in front of a delivery. */
async function throughSpool(service: Service, config: Config, direct: Delivery, stats: Stats): Promise<Delivery> {
  const { log, metrics } = service;
  let spool: Spool | undefined;
  service.readiness("spool", () => (spool === undefined ? "the spool is not read yet" : spool.health.problem));
  const onAttempt = (result: DeliveryResult, seconds: number): void => {
    if ("status" in result) stats.eventingAnswered(result.status, seconds);
  };
  const opened = await Spool.open({
    folder: config.spoolDir,
    maxBytes: config.spoolMaxBytes,
    maxBytesPerApplication: config.spoolMaxBytesPerApp,
    log,
  });
  const to = addressed(direct, { host: config.eventingPublisherHost, path: config.eventingDestinationPath });
  const drain = new Drain(opened, { to, log, maxAgeMs: config.spoolMaxAgeMs, onAttempt });
  const stop = async (deadline: AbortSignal): Promise<void> => {
    await drain.stop(deadline);
    await opened.close();
  };
  await service.use({ stop }, "spool");
  registerSpoolMetrics(metrics, opened, drain);
  spool = opened;
  return spooledDelivery({ spool: opened, direct, mode: config.spoolMode, onAttempt });
}
