import type { Application } from "@application-connector/crds";
import { type Client, createApplier, createEventRecorder, type Informer } from "@application-connector/kube";
import { type Service, workerNumber } from "@application-connector/service";
import type { ApplicationRules } from "./applications/application.ts";
import {
  type ApplicationCache,
  createApplicationCache,
  inboundApplications,
  keepOfApplication,
} from "./applications/application-cache.ts";
import type { Config } from "./config.ts";
import type { ClusterConnection } from "./connect-cluster.ts";
import { type ApplicationEvents, createApplicationEvents, noApplicationEvents } from "./observe/application-events.ts";
import { unrestricted } from "./policy/settings.ts";
import type { Profile } from "./profile.ts";
import { inboundConditionTypes } from "./status/inbound-conditions.ts";
import { startStatusReporter } from "./status/status-reporter.ts";

export interface Applications extends ApplicationCache {
  /** Time since the API server last proved that it is there. */
  readonly stalenessMs: number;
  /** Tells the cluster about them. */
  readonly events: ApplicationEvents;
}

/** The cluster's Applications, from now on. The service is ready when they were read once. */
export async function followApplications(
  service: Service,
  { client, informers }: ClusterConnection,
  config: Config,
  profile: Profile,
): Promise<Applications> {
  const { log } = service;
  const kept = config.applicationStatus ? inboundConditionTypes : undefined;
  const transform = keepOfApplication(config.annotationPrefix, kept);
  const informer = informers.informer(inboundApplications, { transform });
  const rules = applicationRules(config, profile);
  // Once for all of its workers.
  const events =
    config.applicationEvents && workerNumber() === 1 ? await tellCluster(service, client) : noApplicationEvents;
  const applications = await service.use(
    createApplicationCache(informer, { rules, log, syncPeriodMs: config.syncPeriodMs, events }),
    "application cache",
  );
  if (config.applicationStatus && workerNumber() === 1)
    await tellStatus(service, client, config, informer, applications);
  const notYet = () => `not read from the cluster yet${informer.detail ? `: ${informer.detail}` : ""}`;
  service.readiness("applications", () => (applications.hasSynced ? undefined : notYet()));
  // Not Object.assign: the getters must stay getters.
  return Object.defineProperties(applications as Applications, {
    stalenessMs: { get: () => informer.stalenessMs },
    events: { value: events },
  });
}

async function tellCluster(service: Service, client: Client): Promise<ApplicationEvents> {
  const { name: component, log, metrics } = service;
  const recorder = createEventRecorder(client, { component, log, metrics });
  await service.use({ stop: () => recorder.stop() }, "events");
  return createApplicationEvents(recorder);
}

async function tellStatus(
  service: Service,
  client: Client,
  { applicationStatusIntervalMs: intervalMs }: Config,
  informer: Informer<Application>,
  applications: ApplicationCache,
): Promise<void> {
  const { log, metrics, name: fieldManager } = service;
  const applier = createApplier(client, { fieldManager, remembered: 0, metrics });
  const live = (name: string) => informer.get(name);
  await service.use(startStatusReporter({ applications, live, applier, log, intervalMs }), "status of Applications");
}

function applicationRules(config: Config, profile: Profile): ApplicationRules {
  return {
    prefixes: {
      v1: config.eventingPathPrefixV1,
      v2: config.eventingPathPrefixV2,
      events: config.eventingPathPrefixEvents,
    },
    placeholder: config.appNamePlaceholder,
    emptyClientIds: profile.emptyClientIds,
    tenantGroup: profile.tenantGroup,
    annotationPrefix: config.annotationPrefix,
    settings: { ...unrestricted, sourcePolicy: profile.sourcePolicy, maxBodyBytes: config.maxBodyBytes },
  };
}
