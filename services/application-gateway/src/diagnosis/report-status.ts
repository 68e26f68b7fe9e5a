import { type Client, createApplier, createEventRecorder } from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { ClusterState } from "../cluster-state.ts";
import type { Config } from "../config.ts";
import type { EntryTable } from "../entries/entry-table.ts";
import type { KnownApplication } from "./known-application.ts";
import { type Pace, StatusReporter } from "./status-reporter.ts";

export interface ReportSources {
  readonly service: Service;
  readonly client: Client;
  readonly state: Pick<ClusterState, "applications" | "synced">;
  readonly table: EntryTable;
  /** The usual one unless given. */
  readonly pace?: Pace | undefined;
}

/** Makes the reporter and its events parts of the service. It begins when all is known. */
export async function reportStatus(
  { certificateWarningMs }: Config,
  { service, client, state, table, pace }: ReportSources,
): Promise<StatusReporter> {
  const { log, metrics, name } = service;
  const events = createEventRecorder(client, { component: name, log, metrics });
  await service.use({ stop: () => events.stop() }, "events");
  const applier = createApplier(client, { fieldManager: name, remembered: 0, metrics });
  const { applications } = state;
  const options = { applications, table, applier, events, log, warnBeforeMs: certificateWarningMs, pace };
  const reporter = await service.use(new StatusReporter(options), "status of Applications");
  const check = ({ metadata }: KnownApplication): void => reporter.check(metadata.name);
  applications.subscribe({ add: check, update: (_, now) => check(now), delete: check });
  state.synced.then(
    () => reporter.start(),
    () => undefined,
  );
  return reporter;
}
