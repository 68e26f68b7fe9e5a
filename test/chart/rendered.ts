import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { KubernetesObject } from "@application-connector/connector-manager/bundle";
import { parse } from "yaml";
import { helm, helmObjects } from "./helm.ts";

const examples = path.resolve(import.meta.dirname, "../../docs/examples/values");

/** Values of installations that differ as much as they can. */
export const installations: Readonly<Record<string, object>> = {
  operator: {},
  "operator, everything on": {
    domainName: "example.com",
    manager: { replicas: 2, networkPolicy: true },
    image: { registry: "registry.example.com/mirror", pullSecrets: ["mirror"] },
    monitoring: { monitors: { enabled: true }, alerts: { enabled: true }, dashboards: { enabled: true } },
    uiExtension: { enabled: true },
  },
  minimal: {
    mode: "standalone",
    ingress: { mode: "None" },
    components: {
      agent: { enabled: false },
      gateway: { scaling: { minReplicas: 1, maxReplicas: 1 } },
      validator: { scaling: { minReplicas: 1, maxReplicas: 1 } },
    },
  },
  Istio: { mode: "standalone", domainName: "example.com", networkPolicies: { mode: "Allow" } },
  "Gateway API": {
    mode: "standalone",
    domainName: "example.com",
    ingress: { mode: "GatewayAPI", gatewayClassName: "any" },
    networkPolicies: { mode: "DefaultDeny" },
  },
  "the validator's own port": {
    mode: "standalone",
    domainName: "example.com",
    ingress: { mode: "BuiltIn" },
    networkPolicies: { mode: "DefaultDeny", externalCIDRs: ["203.0.113.0/24", "2001:db8::/32"] },
  },
  "events on disk and into the stream": {
    mode: "standalone",
    domainName: "example.com",
    networkPolicies: { mode: "DefaultDeny" },
    components: {
      gateway: { allowedNamespaces: { selector: { matchLabels: { calls: "yes" } }, names: ["shop"] } },
      validator: {
        delivery: "nats",
        applicationStatus: true,
        spool: { enabled: true, persistence: { storageClassName: "fast" } },
        nats: { credentialsSecret: { name: "nats-user" }, caSecret: { name: "nats-ca" } },
      },
    },
  },
  "a NATS that asks for certificate and password": {
    mode: "standalone",
    domainName: "example.com",
    components: {
      validator: {
        delivery: "nats",
        nats: {
          url: "tls://nats.example.com:4222",
          user: "validator",
          passwordSecret: { name: "nats-password" },
          caSecret: { name: "nats-ca" },
          clientCertificateSecret: { name: "nats-client" },
        },
      },
    },
  },
  "events on a disk of the Pod": {
    mode: "standalone",
    ingress: { mode: "None" },
    components: { validator: { delivery: "spool", subscriberHint: true, spool: { persistence: { enabled: false } } } },
  },
  ...Object.fromEntries(
    readdirSync(examples).map((file) => [
      `docs/examples/values/${file}`,
      parse(readFileSync(path.join(examples, file), "utf8")),
    ]),
  ),
};

const known = new Map<string, Promise<KubernetesObject[]>>();

/** The objects of one of these installations. */
export function installed(name: string): Promise<KubernetesObject[]> {
  const objects = known.get(name) ?? helmObjects(helm, installations[name] ?? {});
  known.set(name, objects);
  return objects;
}

export interface PodTemplate {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface PodSpec {
  serviceAccountName: string;
  securityContext: Record<string, unknown>;
  volumes?: { name: string; emptyDir?: object; secret?: { secretName: string } }[];
  containers: Container[];
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string }[];
  ports?: { name: string; containerPort: number }[];
  securityContext: Record<string, unknown>;
  volumeMounts?: { name: string; mountPath: string }[];
}

/** What runs: Deployments and StatefulSets, with their pods. */
export function workloads(objects: readonly KubernetesObject[]): { name: string; pod: PodTemplate }[] {
  return objects
    .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")
    .map(({ metadata, spec }) => ({ name: metadata.name, pod: (spec as { template: PodTemplate }).template }));
}
