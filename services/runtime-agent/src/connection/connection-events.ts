import type { CompassConnection } from "@application-connector/crds";
import type { EventRecorder } from "@application-connector/kube";
import type { ConnectionStats } from "../observe/connection-stats.ts";
import { isFailure } from "./connection-states.ts";

interface Surroundings {
  readonly events: EventRecorder;
  readonly stats: ConnectionStats;
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
}

/** Tells log, metrics and cluster when the connection changes its state. */
export function createConnectionEvents({ events, stats, log }: Surroundings) {
  return (before: CompassConnection | undefined, after: CompassConnection): void => {
    const from = before?.status?.connectionState ?? "";
    const state = after.status?.connectionState ?? "";
    stats.state = state;
    const error = errorOf(after);
    if (isFailure(state)) log.warn({ state, error }, "the connection to UCL does not work as it should");
    else if (error !== "") log.warn({ state, error }, "the connection to UCL works, with a problem");
    if (state === from) return;
    log.info({ from, state }, "the connection to UCL has another state");
    const message = isFailure(state) ? withoutRequestId(error) : messages[state];
    if (message === undefined) return;
    events.event(after, { type: isFailure(state) ? "Warning" : "Normal", reason: state, message });
  };
}

const messages: Readonly<Record<string, string>> = {
  Connected: "this cluster is connected to UCL",
  Synchronized: "the applications of the formation are mirrored",
};

function errorOf({ status }: CompassConnection): string {
  const ofConnection = status?.connectionStatus.error ?? "";
  const isSync = /^(Synchronization|ResourceApplication|MetadataUpdate)/.test(status?.connectionState ?? "");
  return isSync ? (status?.synchronizationStatus?.error ?? "") : ofConnection;
}

/** Another one each time would make another event of the same trouble. */
const withoutRequestId = (text: string): string => text.replaceAll(/ \(x-request-id [^)]*\)/g, "");
