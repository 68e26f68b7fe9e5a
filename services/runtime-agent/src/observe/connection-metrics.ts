import {
  type Collect,
  collected,
  counter,
  gauge,
  histogram,
  reading,
  type Service,
} from "@application-connector/service";
import { connectionStates } from "../connection/connection-states.ts";
import type { ConnectionStats } from "./connection-stats.ts";

/** The families that tell of the connection to UCL. */
export const connectionMetrics = {
  requests: counter(
    "runtime_agent_ucl_requests_total",
    ["service", "operation", "code"],
    "Calls to UCL; the code is ok, or says in one word why not",
  ),
  duration: histogram("runtime_agent_ucl_request_duration_seconds", [], "Calls to UCL, to the end of the answer"),
  certificateNotAfter: gauge(
    "runtime_agent_certificate_not_after_timestamp_seconds",
    [],
    "When the client certificate expires, in seconds since 1970; 0 without one",
  ),
  renewals: counter("runtime_agent_certificate_renewals_total", ["result"], "Renewals of the client certificate"),
  state: gauge("runtime_agent_connection_state", ["state"], "1 for the state in which the connection is"),
  leader: gauge("runtime_agent_leader", [], "1 in the replica that acts"),
  backOff: gauge("runtime_agent_backoff_seconds", ["service"], "How long a failing side of UCL is left alone"),
};

export function registerConnectionMetrics(registry: Service["metrics"], stats: ConnectionStats): void {
  collected(registry, connectionMetrics, () => ({
    requests: () => stats.requests.values(),
    duration: (name) => stats.seconds.samples(name, {}),
    certificateNotAfter: reading(() => stats.certificateNotAfterMs / 1000),
    renewals: values("result", () => stats.renewals),
    state: values("state", () =>
      Object.fromEntries(connectionStates.map((state) => [state, state === stats.state ? 1 : 0])),
    ),
    leader: reading(() => (stats.isLeader ? 1 : 0)),
    backOff: values("service", () => ({
      connector: stats.backOffMs.connector / 1000,
      director: stats.backOffMs.director / 1000,
    })),
  }));
}

const values = (label: string, read: () => Readonly<Record<string, number>>): Collect =>
  function* () {
    for (const [name, value] of Object.entries(read())) yield { labels: { [label]: name }, value };
  };
