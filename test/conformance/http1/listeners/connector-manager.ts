import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig, schema, start } from "@application-connector/connector-manager";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { loadConfig } from "@application-connector/service";
import type { ListenerSource } from "../listeners.ts";
import { answering } from "./answering.ts";

/** The Connector Manager's ports for health and metrics; there need be nothing to install for them. */
export const managerListeners: ListenerSource<"health" | "metrics"> = {
  program: "connector-manager",
  names: ["health", "metrics"],
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "listeners-"));
    const cluster = await startKubeApi({ crds: customResourceDefinitions });
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, cluster.kubeconfig());
    const config = {
      ...loadConfig(schema, [], {}, checkConfig),
      kubeconfig,
      healthProbeBindAddress: "127.0.0.1:0",
      metricsBindAddress: "127.0.0.1:0",
      leaderElect: false,
    };
    const manager = await start(config, undefined, { logDestination: { write: () => undefined } });
    const { health, metrics } = manager.ports;
    return {
      listeners: { health: answering(health, "/healthz"), metrics: answering(metrics, "/metrics") },
      async stop() {
        await manager.stop();
        await cluster.stop();
        await rm(folder, { recursive: true });
      },
    };
  },
};
