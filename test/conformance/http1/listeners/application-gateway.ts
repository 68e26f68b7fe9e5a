import type { Config } from "@application-connector/application-gateway";
import { startGatewayProcess } from "../../application-gateway/gateway-process.ts";
import { createWorld } from "../../application-gateway/world.ts";
import type { ListenerSource } from "../listeners.ts";
import { startRecordingTarget } from "../recording-target.ts";
import { answering } from "./answering.ts";

const mebibyte = 1024 * 1024;

type Name = "services" | "bundles" | "health";

/** 8080, 8082 and 8081 of the Application Gateway. */
export const gatewayListeners = listenersOf("application-gateway", "sockets", ["services", "bundles", "health"]);

/** The same with the other engine, which has no part in the health port. */
export const gatewayOnNode = listenersOf("application-gateway on node", "node", ["services", "bundles"]);

/** The one port for the health of several workers, which the first process opens. */
export const gatewayWorkers: ListenerSource<"health"> = {
  program: "application-gateway with two workers",
  names: ["health"],
  async start() {
    const world = await createWorld();
    const gateway = await startGatewayProcess(world.kubeconfig, { flags: ["--workers=2"] });
    return {
      listeners: { health: answering(gateway.ports.external, "/v1/health") },
      async stop() {
        await gateway.stop();
        await world.stop();
      },
    };
  },
};

function listenersOf(program: string, engine: Config["engine"], names: readonly Name[]): ListenerSource<Name> {
  return { program, names, start: () => start(engine) };
}

async function start(engine: Config["engine"]): ReturnType<ListenerSource<Name>["start"]> {
  const target = await startRecordingTarget();
  // Longer than a case waits: no connection ends for want of patience.
  const world = await createWorld({ requestTimeoutMs: 20_000, proxyTimeoutMs: 20_000, engine });
  const entries = [{ name: "e", targetUrl: `http://127.0.0.1:${target.port}` }];
  const app = world.application([{ displayName: "s", entries }]);
  await world.settled();
  const { proxy, proxyCompass, externalApi } = world.gateway.ports;
  const at = (path: (tag: string) => string, maxHeaderBytes: number) => ({
    path,
    head: "Host: h\r\n",
    maxHeaderBytes,
  });
  const isServed = (status: number): boolean => status === 200;
  return {
    listeners: {
      services: { port: proxy, place: at((tag) => `/${app}/s/${tag}`, mebibyte), target, isServed },
      bundles: { port: proxyCompass, place: at((tag) => `/${app}/s/e/${tag}`, mebibyte), target, isServed },
      health: answering(externalApi, "/v1/health"),
    },
    async stop() {
      await world.stop();
      await target.stop();
    },
  };
}
