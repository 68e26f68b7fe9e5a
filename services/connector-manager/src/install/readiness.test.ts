import { expect, test } from "vitest";
import { isServiceReady, progressOf, type Workload } from "./readiness.ts";

const deployment = (status: Workload["status"], replicas?: number): Workload => ({
  metadata: { name: "x", generation: 2 },
  spec: replicas === undefined ? {} : { replicas },
  ...(status ? { status } : {}),
});
const available = (status: "True" | "False") => [{ type: "Available", status }];
const stalled = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" } as const;

test.each([
  { title: "without replicas", object: deployment(undefined, 0), is: "Ready" },
  { title: "without a status", object: deployment(undefined), is: "Progressing" },
  { title: "available, without a generation", object: deployment({ conditions: available("True") }), is: "Ready" },
  {
    title: "available as it was before",
    object: deployment({ observedGeneration: 1, conditions: available("True") }),
    is: "Progressing",
  },
  { title: "available", object: deployment({ observedGeneration: 2, conditions: available("True") }), is: "Ready" },
  { title: "not available", object: deployment({ conditions: available("False") }), is: "Unavailable" },
  {
    title: "that does not get on",
    object: deployment({ observedGeneration: 2, conditions: [...available("True"), stalled] }),
    is: "Stalled",
  },
  {
    title: "that did not get on before it was changed",
    object: deployment({ observedGeneration: 1, conditions: [...available("False"), stalled] }),
    is: "Progressing",
  },
])("a Deployment $title is $is", ({ object, is }) => {
  expect(progressOf(object)).toBe(is);
});

test("a Service is ready with an address, and one for the outside with one there", () => {
  const service = (spec: object, status = {}) => isServiceReady({ metadata: { name: "x" }, spec, status });
  expect(service({})).toBe(false);
  expect(service({ clusterIP: "None" })).toBe(true);
  expect(service({ type: "LoadBalancer", clusterIP: "10.0.0.1" })).toBe(false);
  const loadBalancer = { ingress: [{ ip: "192.0.2.1" }] };
  expect(service({ type: "LoadBalancer", clusterIP: "10.0.0.1" }, { loadBalancer })).toBe(true);
});
