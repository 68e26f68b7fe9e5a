import type { Exchange, Listener, ListenerOptions } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import type { Config } from "../config.ts";
import { registerMtlsMetrics } from "../observe/mtls-metrics.ts";
import { openListener } from "../open-listener.ts";
import { limitPeers } from "../overload/peer-limit.ts";
import { parseRate } from "../policy/rate.ts";
import { listenerTls, type MutualTls } from "./certificate-files.ts";
import { followFiles } from "./follow-files.ts";

/** Opens the port on which clients prove themselves who they are, and keeps its certificates those of the files. */
export async function openMutualTls(
  service: Service,
  config: Config,
  options: Omit<ListenerOptions, "port" | "tls">,
  files: MutualTls,
  handle: (exchange: Exchange) => void,
): Promise<Listener> {
  const port = Math.max(config.mtlsPort, 0);
  const rate = parseRate(config.mtlsPeerRate);
  const limited = rate === undefined ? handle : limitPeers(handle, rate);
  const listener = await openListener(service, { ...options, port, tls: listenerTls(files), http2: true }, limited);
  const followed = await service.use(
    followFiles({ files: config, current: files, listener, log: service.log, intervalMs: config.mtlsReloadIntervalMs }),
    "certificate files",
  );
  registerMtlsMetrics(service.metrics, followed);
  return listener;
}
