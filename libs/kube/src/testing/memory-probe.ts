import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { createInformers } from "../informer/informers.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import { clientOfPages } from "./client-of-pages.ts";

/** What an informer is filled with, in a thread whose heap holds nothing else. */
export interface MemoryProbe {
  count: number;
  bytes: number;
  metadataOnly: boolean;
}

const applications: Resource<KubeObject> = {
  group: "applicationconnector.kyma-project.io",
  version: "v1alpha1",
  plural: "applications",
  kind: "Application",
  namespaced: false,
};

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const { count, bytes, metadataOnly } = workerData as MemoryProbe;
const before = heapUsed();
const informers = createInformers(clientOfPages(count, (index) => application(index, bytes)));
const informer = informers.informer(applications, { metadataOnly, listing: "pages" });
await informer.waitForSync();
const used = heapUsed() - before;
parentPort?.postMessage({ used, objects: informer.list().length });
await informers.stop();

/** An Application as the agent writes it, filled up with APIs to about the wanted length as JSON. */
function application(index: number, bytes: number): object {
  const object = {
    metadata: {
      name: `mp-application-${index}`,
      uid: `5f0d1c9e-0000-4000-8000-${String(index).padStart(12, "0")}`,
      resourceVersion: String(100_000 + index),
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
      labels: { "applicationconnector.kyma-project.io/managed-by": "runtime-agent" },
      managedFields: [{ manager: "runtime-agent", operation: "Apply", fieldsV1: { "f:spec": { "f:services": {} } } }],
    },
    spec: { description: `Application ${index}`, services: [] as object[], labels: {} },
  };
  for (let service = 0; JSON.stringify(object).length < bytes; service++) {
    object.spec.services.push({
      id: `service-${index}-${service}`,
      name: `service-${service}`,
      displayName: `Service ${service} of application ${index}`,
      providerDisplayName: "Provider",
      description: "An API of an external system",
      entries: [
        {
          type: "API",
          gatewayUrl: "",
          centralGatewayUrl: `http://central-application-gateway.kyma-system:8082/mp-application-${index}/service-${service}/api`,
          targetUrl: `https://system-${index}.example.com/api/${service}`,
          credentials: { secretName: `mp-application-${index}-${service}`, type: "OAuth" },
        },
      ],
    });
  }
  return object;
}

function heapUsed(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
