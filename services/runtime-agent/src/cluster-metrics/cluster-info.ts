import type { KubeObject, Resource } from "@application-connector/kube";

interface Node extends KubeObject {
  status?: { capacity?: Record<string, string> };
}
interface NodeMetrics extends KubeObject {
  timestamp?: string;
  usage?: Record<string, string>;
}
interface PersistentVolume extends KubeObject {
  spec?: { capacity?: Record<string, string>; claimRef?: { name?: string; namespace?: string } };
}

export const nodes: Resource<Node> = { group: "", version: "v1", plural: "nodes", kind: "Node", namespaced: false };
export const persistentVolumes: Resource<PersistentVolume> = {
  group: "",
  version: "v1",
  plural: "persistentvolumes",
  kind: "PersistentVolume",
  namespaced: false,
};
export const nodeMetrics: Resource<NodeMetrics> = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  plural: "nodes",
  kind: "NodeMetrics",
  namespaced: false,
};

/** What upstream's agent logs of a cluster, in its words. */
export interface ClusterInfo {
  readonly resources: readonly object[];
  readonly usage: readonly object[];
  readonly persistentVolumes: readonly object[];
}

export interface ClusterObjects {
  readonly nodes: readonly Node[];
  readonly usage: readonly NodeMetrics[];
  readonly volumes: readonly PersistentVolume[];
}

export function clusterInfo({ nodes, usage, volumes }: ClusterObjects): ClusterInfo {
  return {
    resources: nodes.map(({ metadata: { name, labels = {} }, status }) => ({
      nodeName: name,
      instanceType: labels["beta.kubernetes.io/instance-type"] ?? labels["node.kubernetes.io/instance-type"] ?? "",
      capacity: amounts(status?.capacity),
    })),
    usage: usage.map(({ metadata: { name }, timestamp, usage: used }) => ({
      nodeName: name,
      startCollectingTimestamp: timestamp ?? "",
      usage: amounts(used),
    })),
    persistentVolumes: volumes.map(({ metadata: { name }, spec }) => ({
      name,
      capacity: spec?.capacity?.["storage"] ?? "0",
      ...(spec?.claimRef
        ? { claim: { name: spec.claimRef.name ?? "", namespace: spec.claimRef.namespace ?? "" } }
        : {}),
    })),
  };
}

const amounts = (of: Readonly<Record<string, string>> = {}) => ({
  cpu: of["cpu"] ?? "0",
  ephemeralStorage: of["ephemeral-storage"] ?? "0",
  memory: of["memory"] ?? "0",
  pods: of["pods"] ?? "0",
});
