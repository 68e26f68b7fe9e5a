import type { RawHeaders } from "@application-connector/forward";
import { deliverAll } from "./deliver-all.ts";
import type { DeliverableEvent, Delivery } from "./delivery.ts";

/** Where Eventing takes events. */
export interface Address {
  /** As in the header `Host`. */
  readonly host: string;
  /** At which it takes CloudEvents. */
  readonly path: string;
}

/** For events that have waited: they go to where Eventing is now, wherever it was when they came. */
export function addressed(delivery: Delivery, { host, path }: Address): Delivery {
  const now = (event: DeliverableEvent): DeliverableEvent => {
    const headers = withHost(event.headers, host);
    if (event.route === "v1") return { ...event, headers };
    const query = event.path.indexOf("?");
    return { ...event, headers, path: query < 0 ? path : path + event.path.slice(query) };
  };
  return {
    deliver: (event) => delivery.deliver(now(event)),
    ...(delivery.deliverAll && {
      deliverAll: (events, ended) => deliverAll(delivery, events.map(now), ended),
    }),
  };
}

function withHost(headers: RawHeaders, host: string): RawHeaders {
  const changed = [...headers];
  for (let at = 0; at < changed.length; at += 2) if (changed[at]?.toLowerCase() === "host") changed[at + 1] = host;
  return changed;
}
