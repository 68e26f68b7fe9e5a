import { type Exchange, type Listener, listen } from "@application-connector/forward";
import { listenError, type Service } from "@application-connector/service";
import { healthPort } from "./api/health-port.ts";
import type { Config } from "./config.ts";
import type { Diagnosis } from "./diagnosis/diagnosis.ts";
import type { ProxyPorts } from "./proxy/proxy.ts";

/** The ports that were really opened. */
export interface Ports {
  readonly proxy: number;
  readonly proxyCompass: number;
  readonly externalApi: number;
}

/** Opens the health port first and closes it last, so that a gateway that drains can still say so. */
export async function openPorts(
  config: Config,
  service: Service,
  proxy: ProxyPorts,
  diagnosis: Diagnosis | undefined,
): Promise<Ports> {
  const host = config.listenAddress === "" ? undefined : config.listenAddress;
  const externalApi = await service.listen(healthPort(service, diagnosis), config.externalApiPort, host);

  const listeners: Listener[] = [];
  // One part, so that both ports drain at the same time.
  const stop = async (deadline: AbortSignal): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.stop(deadline)));
  };
  await service.use({ stop }, "proxy ports");
  const onError = (err: unknown): void => service.log.error({ err }, "a request was not handled");
  const open = async (port: number, handle: (exchange: Exchange) => void): Promise<number> => {
    const where = { port, ...(host === undefined ? {} : { host }) };
    const options = { ...where, engine: config.engine, upgrades: true, ...limitsOf(config), onError };
    const listener = await listen(options, handle).catch((error: unknown) => {
      throw listenError(error, port);
    });
    listeners.push(listener);
    service.onStopping(() => listener.announceEnd());
    return listener.port;
  };
  return {
    externalApi,
    proxy: await open(config.proxyPort, proxy.forServices),
    proxyCompass: await open(config.proxyPortCompass, proxy.forBundles),
  };
}

/** Inactivity is limited, not the time of an upload: a client that makes progress may take as long as it needs. */
function limitsOf({ maxHeaderBytes, requestTimeoutMs, clientStallTimeoutMs, maxRequestDurationMs }: Config) {
  return {
    maxHeaderBytes,
    headersTimeoutMs: requestTimeoutMs,
    bodyIdleTimeoutMs: requestTimeoutMs,
    keepAliveTimeoutMs: requestTimeoutMs,
    responseIdleTimeoutMs: clientStallTimeoutMs,
    ...(maxRequestDurationMs === 0 ? {} : { maxRequestDurationMs }),
  };
}
