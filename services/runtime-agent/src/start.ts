import { composing, createService, type Service } from "@application-connector/service";
import type { Config } from "./config.ts";
import { healthApi } from "./health/health-api.ts";

export { type Config, checkConfig, schema } from "./config.ts";
export { SyncStats } from "./observe/sync-metrics.ts";
export { createSynchroniser, type Round, type RoundOutcome, type Synchroniser } from "./sync/synchroniser.ts";

export interface Ports {
  readonly health: number;
}

/** The running agent and the ports it really listens on. */
export type RuntimeAgent = Service & { readonly ports: Ports };

export async function start(config: Config): Promise<RuntimeAgent> {
  const service = createService("runtime-agent", config);
  const ports = await composing(service, () => compose(service, config));
  return Object.assign(service, { ports });
}

async function compose(service: Service, config: Config): Promise<Ports> {
  const host = config.listenAddress || undefined;
  return { health: await service.listen(healthApi(service), config.healthPort, host) };
}
