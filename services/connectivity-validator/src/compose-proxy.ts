import type { Target } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import type { DeliveryParts } from "./compose-delivery.ts";
import type { Config } from "./config.ts";
import { eventingOrigin } from "./connect-eventing.ts";
import type { Delivery } from "./delivery/delivery.ts";
import { rememberingDelivery } from "./delivery/remembering.ts";
import type { Applications } from "./follow-applications.ts";
import { createIdentify } from "./identity/identify.ts";
import { trustedUris } from "./identity/trusted-uris.ts";
import { registerMetrics } from "./observe/metrics.ts";
import { createRequestLog } from "./observe/request-log.ts";
import type { RequestTracer } from "./observe/request-trace.ts";
import type { Stats } from "./observe/stats.ts";
import { createAdmission } from "./overload/admission.ts";
import { MemoryBudget } from "./overload/memory-budget.ts";
import type { Profile } from "./profile.ts";
import { createBooks } from "./proxy/books.ts";
import { createProxy } from "./proxy/proxy.ts";
import { refusals } from "./proxy/refusal.ts";
import { createStream } from "./proxy/stream.ts";
import type { Subscribers } from "./subscriptions/follow-subscriptions.ts";

export interface ProxySurroundings {
  readonly applications: Applications;
  /** Who waits for which events; undefined when nobody wants to know. */
  readonly subscribers: Subscribers | undefined;
  /** There is one when spans are exported. */
  readonly tracer: RequestTracer | undefined;
  readonly eventing: Target;
  readonly delivery: DeliveryParts;
  readonly stats: Stats;
}

/** Everything between a listener and Eventing. */
export function composeProxy(service: Service, config: Config, profile: Profile, around: ProxySurroundings) {
  const { applications, subscribers, tracer, eventing, stats } = around;
  const { circuit, single, whole } = around.delivery;
  const { proxyTimeoutMs: responseTimeoutMs, bodyTimeoutMs } = profile;
  const maxDurationMs = responseTimeoutMs + bodyTimeoutMs;
  const headers = { host: config.eventingPublisherHost, strict: config.securityProfile === "strict" };
  const passedStatuses = new Set(config.passEventingStatuses.map(Number));
  const admission = createAdmission(profile.maxInFlight);
  const memory = new MemoryBudget(config.maxBufferedBytes);
  const books = createBooks(stats, createRequestLog(service.log, eventingOrigin(config)), {
    events: applications.events,
    certificateWarningMs: config.certificateWarningMs,
  });
  registerMetrics(service.metrics, { stats, applications, admission, memory, circuit });

  return createProxy({
    world: {
      applications,
      identify: createIdentify({
        elements: profile.elements,
        certificate: profile.certificate,
        isTrustedUri: trustedUris(config.trustedGatewayUris),
      }),
      certHeaderMissing: { ...refusals.certHeaderMissing, status: config.missingCertStatus },
      eventingPath: config.eventingDestinationPath,
      methods: profile.methods,
      webhookOrigins: config.webhookAllowedOrigins,
      hideUnknown: config.hideUnknownApplications,
    },
    gate: {
      validation: profile.validation,
      mustRead: whole !== undefined,
      typePrefix: config.eventTypePrefix,
      onInvalid: ({ reason }) => stats.invalid(reason),
    },
    admission,
    memory,
    bodyTimeoutMs,
    maxDurationMs,
    headers,
    passedStatuses,
    stream: createStream({
      eventing,
      circuit,
      books,
      headers,
      responseTimeoutMs,
      maxDurationMs,
      passedStatuses,
    }),
    ...remembering(config, single, whole),
    subscribers: config.subscriberHint ? subscribers : undefined,
    typesOf: config.delivery === "nats" ? subscribers?.typesOf : undefined,
    tracer,
    books,
  });
}

/** Repeated events are told from others by their ids, before whatever delivers them; that takes all of them whole. */
function remembering(config: Config, single: Delivery, whole: Delivery | undefined) {
  const { idempotencyWindowMs: windowMs, idempotencyEntries: maxEntries } = config;
  if (windowMs === 0) return { single, whole };
  const delivery = rememberingDelivery(whole ?? single, { windowMs, maxEntries });
  return { single: delivery, whole: delivery };
}
