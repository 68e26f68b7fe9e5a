import { afterAll, beforeAll, describe, test } from "vitest";
import { holdsIdleStreams, passesLargeBodies } from "./describe-memory.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

describe.each(["node", "sockets"])("the program with the engine %s", (engine) => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    const flags = [`--engine=${engine}`, "--maxConnectionsPerTarget=2500", "--reportStatus=false", "--logLevel=info"];
    gateway = await startGatewayProcess(world.kubeconfig, { flags, inspectable: true });
  }, 60_000);
  afterAll(() => gateway.stop());

  test("passes bodies of 64 MiB both ways without keeping them", async () => {
    await passesLargeBodies(world, gateway, 64);
  }, 60_000);

  test("holds 2,000 streams that say nothing, and is as small as before when they are gone", async () => {
    await holdsIdleStreams(world, gateway, 2_000);
  }, 60_000);
});
