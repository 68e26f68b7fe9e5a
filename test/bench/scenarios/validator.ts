import { createHash, X509Certificate } from "node:crypto";
import { createAuthority, formatXfcc } from "@application-connector/x509";
import { handshakes } from "../load/child.ts";
import { type RequestShape, saturate } from "../load/wrk.ts";
import { perCpuSecond } from "../measure.ts";
import { application } from "../world/routes.ts";
import type { Subject } from "../world/subjects.ts";
import type { World } from "../world/world.ts";
import { saturation, smallPost } from "./requests.ts";
import type { Scenario } from "./scenario.ts";

const data = { id: 1, note: "x".repeat(380) };

/** A binary CloudEvent of about 600 bytes with everything Envoy says of a client certificate. */
function event(): RequestShape {
  const authority = createAuthority({ subject: "CN=Bench CA", keyType: "ec" });
  const subject = `CN=${application},OU=bench,O=bench,C=DE`;
  const { certificate } = authority.issue({ subject, usage: ["client"], keyType: "ec" });
  const hash = createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");
  const hop = {
    by: ["spiffe://cluster.local/ns/kyma-system/sa/central-application-connectivity-validator"],
    hash: "0".repeat(64),
    subject: "",
    uri: ["spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"],
    dns: [],
  };
  const client = { by: [], hash, cert: encodeURIComponent(certificate), subject, uri: [""], dns: [] };
  return {
    method: "POST",
    path: `/${application}/events`,
    headers: {
      "X-Forwarded-Client-Cert": formatXfcc([client, hop]),
      "Content-Type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "3f6c1a52-7f6e-4a55-9d8e-1a2b3c4d5e6f",
      "ce-source": application,
      "ce-type": "order.created.v1",
    },
    body: JSON.stringify(data),
  };
}

const batchSize = 100;

/** The same event a hundred times, in one request. */
function batch(): RequestShape {
  const { headers = {}, ...rest } = event();
  const one = (id: number) => ({
    specversion: "1.0",
    id: `3f6c1a52-7f6e-4a55-9d8e-${id}`,
    source: application,
    type: "order.created.v1",
    datacontenttype: "application/json",
    data,
  });
  return {
    ...rest,
    headers: {
      "X-Forwarded-Client-Cert": headers["X-Forwarded-Client-Cert"] ?? "",
      "Content-Type": "application/cloudevents-batch+json",
    },
    body: JSON.stringify(Array.from({ length: batchSize }, (_, id) => one(id))),
  };
}

interface OfBatches extends Pick<Scenario, "name" | "title" | "budgets"> {
  validator(world: World): Promise<Subject>;
}

/** Events one by one against the same in batches. One process: what it is asked for makes the difference. */
function ofBatches({ validator, ...named }: OfBatches): Scenario {
  return {
    ...named,
    unit: "events/CPU-s",
    subject: "batches",
    contestants: async (world) => ["single events", "batches"].map(as(await validator(world))),
    async prepare({ effort: { seconds, connections } }) {
      const shapes = { single: event(), batch: batch() };
      return perCpuSecond(async ({ name, port }) => {
        const isBatch = name === "batches";
        const { requests } = await saturate(port, isBatch ? shapes.batch : shapes.single, seconds, connections);
        return requests * (isBatch ? batchSize : 1);
      });
    },
  };
}

const as =
  (running: Subject) =>
  (name: string): Subject => ({ ...running, name });

export const validator: readonly Scenario[] = [
  {
    name: "validator-event",
    title: "validator, binary event 600 B, full XFCC",
    unit: "req/CPU-s",
    subject: "validator",
    budgets: [{ peer: "gateway", must: 0.7, aim: 0.9 }],
    contestants: async (world) => [await world.gateway(), await world.validator()],
    prepare(world) {
      const shape = event();
      return saturation(({ name }) => (name === "gateway" ? smallPost : shape))(world);
    },
  },
  ofBatches({
    name: "validator-batch",
    title: `validator, batch of ${batchSize} events to a receiver that takes batches`,
    budgets: [{ peer: "single events", must: 5, aim: 15 }],
    validator: (world) => world.validatorOfBatches(),
  }),
  ofBatches({
    name: "validator-batch-split",
    title: `validator, batch of ${batchSize} events to a receiver of single ones`,
    // Each event is a request again: less than two, whatever is done about the rest.
    budgets: [{ peer: "single events", must: 1, aim: 1.5, isInformative: true }],
    validator: (world) => world.validator(),
  }),
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
