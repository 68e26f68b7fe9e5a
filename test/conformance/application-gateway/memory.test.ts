import { afterAll, beforeAll, test } from "vitest";
import { holdsIdleStreams, passesLargeBodies, patient } from "./describe-memory.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import { useWorld } from "./world.ts";

// The other engine, larger bodies and more streams are for `npm run test:long`.
const world = useWorld();
let gateway: GatewayProcess;
beforeAll(async () => {
  const flags = ["--maxConnectionsPerTarget=2500", "--reportStatus=false", "--logLevel=info", ...patient];
  gateway = await startGatewayProcess(world.kubeconfig, { flags, inspectable: true });
}, 60_000);
afterAll(() => gateway.stop());

test("bodies of 64 MiB pass both ways without being kept", async () => {
  await passesLargeBodies(world, gateway, 64);
}, 60_000);

test("2,000 streams that say nothing are held, and the program is as small as before when they are gone", async () => {
  await holdsIdleStreams(world, gateway, { count: 2_000, before: 200 });
}, 60_000);
