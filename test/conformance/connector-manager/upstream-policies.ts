const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
const udpAndTcp = (port: number) => ["UDP", "TCP"].map((protocol) => ({ port, protocol }));
const pods = (namespace: string, labels: Record<string, string>) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});
const app = (name: string) => ({ matchLabels: { app: name } });
const apps = (...values: string[]) => ({ matchExpressions: [{ key: "app", operator: "In", values }] });
const ingress = (podSelector: object, ...rules: object[]) => ({
  podSelector,
  policyTypes: ["Ingress"],
  ingress: rules,
});
const egress = (podSelector: object, ...rules: object[]) => ({ podSelector, policyTypes: ["Egress"], egress: rules });

const agent = "compass-runtime-agent";
const gateway = "central-application-gateway";
const validator = "central-application-connectivity-validator";
const modulePods = apps("application-connector-manager", agent, gateway, validator);
const kubeDns = pods("kube-system", { "k8s-app": "kube-dns" });

export const policyPrefix = "kyma-project.io--acm-";

/** The specs of upstream's NetworkPolicies, by what their names end with: the table of section 6. */
export const upstreamPolicies: Readonly<Record<string, object>> = {
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
