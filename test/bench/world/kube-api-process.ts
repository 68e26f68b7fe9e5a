import { customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, type SeenRequest, startKubeApi } from "@application-connector/kube-api-emulator";
import { serveParent } from "./other-process.ts";

const cluster = await startKubeApi({ crds: customResourceDefinitions });

const isMirrored = ({ resource }: SeenRequest): boolean => /^(applications|secrets)(\/|$)/.test(resource);

const methods = {
  kubeconfig: () => cluster.kubeconfig(),
  apply: (object: Parameters<KubeApi["apply"]>[0]) => void cluster.apply(object),
  create: (object: Parameters<KubeApi["create"]>[0]) => void cluster.create(object),
  get: (reference: Parameters<KubeApi["get"]>[0]) => cluster.get(reference),
  patch: (...args: Parameters<KubeApi["patchObject"]>) => void cluster.patchObject(...args),
  forgetRequests: () => cluster.requests.clear(),
  /** Requests for Applications and their Secrets. */
  requests: () => cluster.requests.list().filter(isMirrored),
};
export type KubeApiCalls = typeof methods;

serveParent(methods);
