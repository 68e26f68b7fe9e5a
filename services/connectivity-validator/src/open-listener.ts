import { type Exchange, type Listener, type ListenerOptions, listen } from "@application-connector/forward";
import { listenError, type Service } from "@application-connector/service";
import type { Config } from "./config.ts";
import type { Profile } from "./profile.ts";

export function listenerOptions(config: Config, profile: Profile): Omit<ListenerOptions, "port"> {
  return {
    engine: config.engine,
    ...(config.listenAddress === "" ? {} : { host: config.listenAddress }),
    maxHeaderBytes: config.maxHeaderBytes,
    headersTimeoutMs: profile.headersTimeoutMs,
    bodyIdleTimeoutMs: profile.bodyTimeoutMs,
    bodyTimeoutMs: profile.bodyTimeoutMs,
    keepAliveTimeoutMs: profile.idleTimeoutMs,
  };
}

/** Opens a port and makes it a part of the service. */
export async function openListener(
  service: Service,
  options: ListenerOptions,
  handle: (exchange: Exchange) => void,
): Promise<Listener> {
  let listener: Listener;
  try {
    listener = await listen(options, handle);
  } catch (error) {
    throw listenError(error, options.port);
  }
  service.onStopping(() => listener.announceEnd());
  service.onDrain(() => listener.drain());
  return await service.use(listener, `listener on port ${listener.port}`);
}
