import { createHash, X509Certificate } from "node:crypto";
import { createAuthority, formatXfcc } from "@application-connector/x509";
import { atFixedRate, transfer } from "./load/child.ts";
import { type RequestShape, saturate } from "./load/wrk.ts";
import { type Load, perCpuSecond } from "./measure.ts";
import type { Running } from "./processes.ts";
import { application } from "./subjects.ts";

/** What one run of the harness has decided for all its scenarios. */
export interface Effort {
  readonly seconds: number;
  readonly connections: number;
  readonly blobBytes: number;
  readonly blobCount: number;
}

export const fullEffort: Effort = { seconds: 4, connections: 64, blobBytes: 100 * 1024 * 1024, blobCount: 8 };
/** Shows that the harness still works, in seconds. Its figures mean nothing. */
export const smokeEffort: Effort = { seconds: 1, connections: 8, blobBytes: 32 * 1024 * 1024, blobCount: 4 };

export interface Budget {
  readonly peer: string;
  readonly must: number;
  readonly aim: number;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Whether a small value is the good one, as with latencies. */
  readonly lessIsBetter?: boolean;
  readonly subject: "gateway" | "validator";
  /** Peers in the order they are printed; the first is the reference of the rounds. */
  readonly peers: readonly string[];
  readonly budgets: readonly Budget[];
  /** The load is prepared once, so that what it learns (a rate) holds for all contestants. */
  prepare(effort: Effort, reference: Running): Promise<Load>;
  /** What a proxy does before it is measured, so that nobody is measured while it compiles. */
  warm(effort: Effort, running: Running, load: Load): Promise<unknown>;
}

const once: Scenario["warm"] = (_effort, running, load) => load(running);

export const prefix = `/${application}/orders`;
export const uploadPrefix = `/${application}/sink`;

const smallGet: RequestShape = { method: "GET", path: `${prefix}/v1/orders/1` };
const smallPost: RequestShape = {
  method: "POST",
  path: `${prefix}/v1/orders`,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ customer: "c-4711", note: "x".repeat(990) }),
};

const saturation =
  (shape: (running: Running) => RequestShape) =>
  async ({ seconds, connections }: Effort): Promise<Load> =>
    perCpuSecond(async (running) => (await saturate(running.port, shape(running), seconds, connections)).requests);

const bodies =
  (direction: "down" | "up", path: string) =>
  async ({ blobBytes, blobCount }: Effort): Promise<Load> =>
    perCpuSecond(
      async (running) => (await transfer(running.port, path, direction, blobBytes, blobCount)) / (1024 * 1024),
    );

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
    body: JSON.stringify({ id: 1, note: "x".repeat(380) }),
  };
}

export const scenarios: readonly Scenario[] = [
  {
    name: "small-get",
    title: "small GET",
    unit: "req/CPU-s",
    subject: "gateway",
    peers: ["go", "nginx", "haproxy"],
    budgets: [
      { peer: "go", must: 1.2, aim: 2.2 },
      { peer: "nginx", must: 0.28, aim: 0.55 },
    ],
    prepare: saturation(() => smallGet),
    warm: once,
  },
  {
    name: "post-1k",
    title: "POST 1 KiB",
    unit: "req/CPU-s",
    subject: "gateway",
    peers: ["go", "nginx", "haproxy"],
    budgets: [
      { peer: "go", must: 1.2, aim: 2.2 },
      { peer: "nginx", must: 0.28, aim: 0.55 },
    ],
    prepare: saturation(() => smallPost),
    warm: once,
  },
  {
    name: "download",
    title: "100 MiB down",
    unit: "MiB/CPU-s",
    subject: "gateway",
    peers: ["go", "nginx", "haproxy"],
    budgets: [{ peer: "go", must: 0.4, aim: 1.3 }],
    prepare: bodies("down", `${prefix}/blob`),
    warm: once,
  },
  {
    name: "upload",
    title: "100 MiB up",
    unit: "MiB/CPU-s",
    subject: "gateway",
    peers: ["go", "nginx", "haproxy"],
    budgets: [{ peer: "go", must: 0.3, aim: 1.05 }],
    prepare: bodies("up", `${uploadPrefix}/upload`),
    warm: once,
  },
  {
    name: "latency",
    title: "p99 at half of the peer's saturation",
    unit: "ms",
    lessIsBetter: true,
    subject: "gateway",
    peers: ["go", "nginx", "haproxy"],
    budgets: [{ peer: "go", must: 1.0, aim: 0.5 }],
    async prepare({ seconds, connections }, reference) {
      const { requests, seconds: took } = await saturate(reference.port, smallGet, seconds, connections);
      const rate = Math.floor(requests / took / 2);
      return async (running) => {
        const { p50, p99, p999 } = await atFixedRate(running.port, smallGet.path, rate, seconds, connections);
        const text = [p50, p99, p999].map((value) => value.toFixed(2)).join(" / ");
        return { value: p99, detail: `p50 / p99 / p99.9 ms at ${rate} req/s: ${text}` };
      };
    },
    async warm({ seconds, connections }, { port }) {
      await saturate(port, smallGet, 2 * seconds, connections);
    },
  },
  {
    name: "validator-event",
    title: "validator, binary event 600 B, full XFCC",
    unit: "req/CPU-s",
    subject: "validator",
    peers: ["gateway"],
    budgets: [{ peer: "gateway", must: 0.7, aim: 0.9 }],
    async prepare(effort) {
      const shape = event();
      const load = saturation(({ name }) => (name === "gateway" ? smallPost : shape));
      return load(effort);
    },
    warm: once,
  },
];
