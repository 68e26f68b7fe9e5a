import type { RawHeaders } from "@application-connector/forward";
import type { Delivery } from "./delivery.ts";

/** Where Eventing takes events. */
export interface Address {
  /** As in the header `Host`. */
  readonly host: string;
  /** At which it takes CloudEvents. */
  readonly path: string;
}

/** For events that have waited: they go to where Eventing is now, wherever it was when they came. */
export function addressed(delivery: Delivery, { host, path }: Address): Delivery {
  return {
    deliver(event) {
      const headers = withHost(event.headers, host);
      if (event.route === "v1") return delivery.deliver({ ...event, headers });
      const query = event.path.indexOf("?");
      return delivery.deliver({ ...event, headers, path: query < 0 ? path : path + event.path.slice(query) });
    },
  };
}

function withHost(headers: RawHeaders, host: string): RawHeaders {
  const changed = [...headers];
  for (let at = 0; at < changed.length; at += 2) if (changed[at]?.toLowerCase() === "host") changed[at + 1] = host;
  return changed;
}
