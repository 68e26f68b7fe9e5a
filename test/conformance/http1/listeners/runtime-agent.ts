import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { checkConfig, schema, start } from "@application-connector/runtime-agent";
import { loadConfig } from "@application-connector/service";
import type { ListenerSource } from "../listeners.ts";
import { answering } from "./answering.ts";

/** The Runtime Agent's ports for health and metrics; it need not be paired for them. */
export const agentListeners: ListenerSource<"health" | "metrics"> = {
  program: "runtime-agent",
  names: ["health", "metrics"],
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "listeners-"));
    const cluster = await startKubeApi({ crds: customResourceDefinitions });
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, cluster.kubeconfig());
    const config = {
      ...loadConfig(schema, [], {}, checkConfig),
      kubeconfig,
      healthPort: 0,
      metricsPort: 0,
      listenAddress: "127.0.0.1",
      leaderElection: false,
      metricsLoggingTimeIntervalMs: 0,
    };
    const agent = await start(config, undefined, { logDestination: { write: () => undefined } });
    const { health, metrics } = agent.ports;
    return {
      listeners: { health: answering(health, "/healthz"), metrics: answering(metrics, "/metrics") },
      async stop() {
        await agent.stop();
        await cluster.stop();
        await rm(folder, { recursive: true });
      },
    };
  },
};
