import {
  type Client,
  type Cluster,
  createClient,
  createInformers,
  type Informers,
  KubeConfigError,
  loadCluster,
} from "@application-connector/kube";
import { ConfigError, type Service } from "@application-connector/service";
import type { Config } from "./config.ts";

/** The API server, and what is followed of it. */
export interface ClusterConnection {
  readonly client: Client;
  readonly informers: Informers;
}

export async function connectCluster(service: Service, config: Config): Promise<ClusterConnection> {
  const { log, metrics } = service;
  const client = await service.use(createClient(findCluster(config), { log, metrics }), "API client");
  const informers = await service.use(createInformers(client, { log, metrics }), "informers");
  return { client, informers };
}

function findCluster(config: Config): Cluster {
  try {
    return loadCluster({ kubeconfig: config.kubeconfig || undefined });
  } catch (cause) {
    throw cause instanceof KubeConfigError ? new ConfigError([cause.message], { cause }) : cause;
  }
}
