import { createTarget, type Target } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import type { Config } from "./config.ts";
import type { Profile } from "./profile.ts";

/** Upstream's transport has as many connections, but lets requests queue without a bound. */
const maxConnections = 200;
/** Each may hold its headers and a small body, together some 110 KiB at worst. */
const maxQueued = 1_000;

export const eventingOrigin = (config: Config): string => `http://${config.eventingPublisherHost}`;

/** The connections to Eventing's publisher proxy. */
export async function connectEventing(service: Service, config: Config, profile: Profile): Promise<Target> {
  const { connectTimeoutMs } = profile;
  const { engine } = config;
  const origin = eventingOrigin(config);
  const target = createTarget({ engine, origin, connectTimeoutMs, maxConnections, maxQueued });
  await service.use({ stop: (deadline: AbortSignal) => close(target, deadline) }, "connections to eventing");
  return target;
}

/** Calls in flight were given their time by the listeners; what is left at the deadline is broken. */
async function close(target: Target, deadline: AbortSignal): Promise<void> {
  const breakAll = () => void target.destroy();
  if (deadline.aborted) breakAll();
  deadline.addEventListener("abort", breakAll, { once: true });
  await target.close();
  deadline.removeEventListener("abort", breakAll);
}
