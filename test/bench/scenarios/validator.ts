import { handshakes } from "../load/child.ts";
import { perCpuSecond } from "../measure.ts";
import { singleEvent } from "./event-requests.ts";
import { saturation, smallPost } from "./requests.ts";
import type { Scenario } from "./scenario.ts";
import { validatorBatches } from "./validator-batch.ts";

export const validator: readonly Scenario[] = [
  {
    name: "validator-event",
    title: "validator, binary event 600 B, full XFCC",
    unit: "req/CPU-s",
    subject: "validator",
    budgets: [{ peer: "gateway", must: 0.7, aim: 0.9 }],
    contestants: async (world) => [await world.gateway(), await world.validator()],
    prepare(world) {
      const shape = singleEvent();
      return saturation(({ name }) => (name === "gateway" ? smallPost : shape))(world);
    },
  },
  ...validatorBatches,
  {
    name: "mtls-handshakes",
    title: "built-in ingress, full mutual TLS handshakes",
    unit: "handshakes/CPU-s",
    subject: "validator, mutual TLS",
    budgets: [{ peer: "nginx, mutual TLS", must: 0.3, aim: 0.6 }],
    contestants: async (world) => {
      const { nginx, validator: ours } = await world.mutualTls();
      return [nginx, ours];
    },
    async prepare(world) {
      const { effort } = world;
      const { tls } = await world.mutualTls();
      const parallel = Math.min(effort.connections, 16);
      return perCpuSecond(({ port }) => handshakes({ port, seconds: effort.seconds, parallel, ...tls }));
    },
  },
];
