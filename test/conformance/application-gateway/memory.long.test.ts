import { afterAll, beforeAll, describe, test } from "vitest";
import { engines } from "../tested-engine.ts";
import { holdsIdleStreams, passesLargeBodies, patient } from "./describe-memory.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

describe.each(engines)("the program with the engine %s", (engine) => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    const flags = [
      `--engine=${engine}`,
      "--maxConnectionsPerTarget=2500",
      "--reportStatus=false",
      "--logLevel=info",
      ...patient,
    ];
    gateway = await startGatewayProcess(world.kubeconfig, { flags, inspectable: true });
  });
  afterAll(() => gateway.stop());

  test("passes bodies of 1 GiB both ways without keeping them", async () => {
    await passesLargeBodies(world, gateway, 1_024);
  });

  test("holds 2,000 streams that say nothing again and again, and grows by none of them", async () => {
    for (let round = 0; round < 3; round++) await holdsIdleStreams(world, gateway, { count: 2_000, before: 2_000 });
  });
});
