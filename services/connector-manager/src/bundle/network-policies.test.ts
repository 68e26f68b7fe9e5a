import { expect, test } from "vitest";
import {
  type BundleSettings,
  defaultSettings,
  type KubernetesObject,
  type NetworkPolicyMode,
  render,
} from "./index.ts";

const prefix = "kyma-project.io--acm-";

function policies(mode: NetworkPolicyMode, more: Partial<BundleSettings["networkPolicies"]> = {}): KubernetesObject[] {
  const networkPolicies = { mode, externalCIDRs: [], apiServerPorts: [], ...more };
  return render({ ...defaultSettings, domainName: "example.com", networkPolicies }).filter(
    ({ kind }) => kind === "NetworkPolicy",
  );
}

const bySuffix = (list: readonly KubernetesObject[]): Record<string, unknown> =>
  Object.fromEntries(list.map(({ metadata, spec }) => [metadata.name.replace(prefix, ""), spec]));

const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
const udpAndTcp = (port: number) => [
  { port, protocol: "UDP" },
  { port, protocol: "TCP" },
];
const pods = (namespace: string, labels: Record<string, string>) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});
const app = (name: string) => ({ matchLabels: { app: name } });
const apps = (...values: string[]) => ({ matchExpressions: [{ key: "app", operator: "In", values }] });

const agent = "compass-runtime-agent";
const gateway = "central-application-gateway";
const validator = "central-application-connectivity-validator";
const modulePods = apps("application-connector-manager", agent, gateway, validator);
const kubeDns = pods("kube-system", { "k8s-app": "kube-dns" });

const ingress = (podSelector: object, ...rules: object[]) => ({
  podSelector,
  policyTypes: ["Ingress"],
  ingress: rules,
});
const egress = (podSelector: object, ...rules: object[]) => ({ podSelector, policyTypes: ["Egress"], egress: rules });

/** The table of section 6. */
const upstream = {
  "compass-allow-from-health-check": ingress(app(agent), { ports: tcp(8090) }),
  "gateway-allow-from-cluster-workload": ingress(app(gateway), { ports: tcp(8080, 8082) }),
  "gateway-allow-from-health-check": ingress(app(gateway), { ports: tcp(8081) }),
  "gateway-allow-to-external-system": egress(app(gateway), { ports: tcp(443) }),
  "module-allow-metrics": ingress(app("application-connector-manager"), {
    ports: tcp(8080),
    from: [pods("kyma-system", { "networking.kyma-project.io/metrics-scraping": "allowed" })],
  }),
  "module-allow-to-external-system": egress(apps(agent, gateway), {
    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
  }),
  "module-allow-to-sidecar": egress(modulePods, {
    ports: tcp(15012),
    to: [pods("istio-system", { "app.kubernetes.io/name": "istiod" })],
  }),
  "module-to-api-server": egress(modulePods, { ports: tcp(443) }),
  "module-to-dns": egress(
    modulePods,
    {
      ports: udpAndTcp(53),
      to: [{ ipBlock: { cidr: "0.0.0.0/0" } }, pods("kube-system", { "k8s-app": "node-local-dns" }), kubeDns],
    },
    { ports: udpAndTcp(8053), to: [kubeDns] },
  ),
  "validator-allow-from-health-check": ingress(app(validator), { ports: tcp(8081) }),
  "validator-allow-from-istio-ingressgateway": ingress(app(validator), {
    ports: tcp(8080),
    from: [pods("istio-system", { "app.kubernetes.io/name": "istio-ingressgateway" })],
  }),
  "validator-allow-to-eventing": egress(app(validator), {
    ports: tcp(8080),
    to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "eventing-publisher-proxy" } } }],
  }),
  "module-allow-from-sidecar": ingress(modulePods, { ports: tcp(15021, 15090) }),
};

test("Allow is upstream's thirteen policies, every peer and port of them", () => {
  const list = policies("Allow");
  expect(list.length).toBe(13);
  expect(bySuffix(list)).toEqual(upstream);
  for (const { metadata } of list) {
    expect(metadata).toMatchObject({ namespace: "kyma-system" });
    expect(metadata.labels).toEqual({
      "kyma-project.io/module": "application-connector",
      release: "application-connector",
      "app.kubernetes.io/managed-by": "application-connector-manager",
      "app.kubernetes.io/instance": "application-connector",
      "app.kubernetes.io/part-of": "application-connector-manager",
    });
  }
});

test("Disabled is none", () => {
  expect(policies("Disabled")).toEqual([]);
});

interface Rule {
  ports?: { port: number }[];
  from?: Peer[];
  to?: Peer[];
}

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  podSelector?: object;
}

interface Policy {
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

test("DefaultDeny denies both directions of every pod, and every rule names its ports", () => {
  const all = bySuffix(policies("DefaultDeny")) as Record<string, Policy>;
  expect(all["module-deny-all"]).toEqual({ podSelector: modulePods, policyTypes: ["Ingress", "Egress"] });
  for (const [name, policy] of Object.entries(all)) {
    const rules = [...(policy.ingress ?? []), ...(policy.egress ?? [])];
    expect(rules.length > 0 || name === "module-deny-all", name).toBe(true);
    for (const { ports = [] } of rules) expect(ports.length, name).toBeGreaterThan(0);
    // Who is called is always said, and of the whole world the link-local addresses are left out.
    for (const { to = [] } of policy.egress ?? []) expect(to.length, name).toBeGreaterThan(0);
    for (const { ipBlock } of rules.flatMap(({ to = [] }) => to)) {
      if (ipBlock?.cidr === "0.0.0.0/0") expect(ipBlock.except, name).toEqual(["169.254.0.0/16"]);
    }
  }
  expect(all["module-to-api-server"]?.egress?.[0]?.ports).toEqual(tcp(443, 6443));
  expect(all["module-allow-ambient"]?.policyTypes).toEqual(["Ingress", "Egress"]);
  const wide = all["gateway-allow-to-external-system"]?.egress?.[0]?.to?.map(({ ipBlock }) => ipBlock?.cidr);
  expect(wide).toEqual(["0.0.0.0/0", "::/0"]);
});

test.for<NetworkPolicyMode>(["Allow", "DefaultDeny"])("with networks named, %s lets calls go nowhere else", (mode) => {
  const externalCIDRs = ["198.51.100.0/24", "2001:db8::/32"];
  const all = bySuffix(policies(mode, { externalCIDRs, apiServerPorts: [8443] })) as Record<string, Policy>;
  const outside = Object.entries(all).filter(([name]) => name.includes("to-external-system"));
  expect(outside.length).toBe(2);
  for (const [name, { egress: rules = [] }] of outside) {
    const networks = rules.flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock?.cidr));
    expect(networks, name).toEqual(externalCIDRs);
  }
  expect(all["module-to-api-server"]?.egress?.[0]?.ports).toEqual(tcp(8443));
});
