import { test } from "vitest";
import { passesLargeBodies } from "./describe-memory.ts";
import { startGatewayProcess } from "./gateway-process.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test.each(["node", "sockets"])("bodies of 1 GiB pass both ways without being kept: engine %s", async (engine) => {
  const flags = [`--engine=${engine}`, "--reportStatus=false", "--logLevel=info"];
  const gateway = await startGatewayProcess(world.kubeconfig, { flags, inspectable: true });
  try {
    await passesLargeBodies(world, gateway, 1_024);
  } finally {
    await gateway.stop();
  }
});
