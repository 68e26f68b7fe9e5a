import { expect, test } from "vitest";
import { type BundleSettings, defaultSettings, type KubernetesObject, render } from "./index.ts";

const settings: BundleSettings = { ...defaultSettings, domainName: "test.example" };
const validator = "central-application-connectivity-validator";
const gateway = "central-application-gateway";
const agent = "compass-runtime-agent";

/** The table of section 5 without rows 7 and 10: kind, namespace, name, label app (none for those with few labels), label release. */
const upstream: readonly (readonly [
  kind: string,
  namespace: string,
  name: string,
  app?: string | undefined,
  release?: string,
])[] = [
  ["CustomResourceDefinition", "", "compassconnections.compass.kyma-project.io"],
  ["CustomResourceDefinition", "", "applications.applicationconnector.kyma-project.io"],
  ["ServiceAccount", "kyma-system", validator, validator, "application-connector"],
  ["ServiceAccount", "kyma-system", gateway, gateway, "application-connector"],
  ["ClusterRole", "", `${validator}-role`, validator, "application-connector"],
  ["ClusterRole", "", `${gateway}-role`, gateway, "application-connector"],
  ["ClusterRoleBinding", "", `${validator}-rolebinding`, validator, "application-connector"],
  ["ClusterRoleBinding", "", `${gateway}-rolebinding`, gateway, "application-connector"],
  ["Service", "kyma-system", validator, validator, "application-connector"],
  ["Service", "kyma-system", gateway, gateway, "application-connector"],
  ["PriorityClass", "", `${gateway}-priority-class`],
  ["PriorityClass", "", `${validator}-priority-class`],
  ["PriorityClass", "", `${agent}-priority-class`],
  ["Deployment", "kyma-system", validator, validator, "application-connector"],
  ["Deployment", "kyma-system", gateway, gateway, "application-connector"],
  ["HorizontalPodAutoscaler", "kyma-system", validator, validator, "application-connector"],
  ["HorizontalPodAutoscaler", "kyma-system", gateway, gateway, "application-connector"],
  ["ServiceAccount", "kyma-system", agent, agent],
  ["ConfigMap", "kyma-system", "skr-configmap"],
  ["ClusterRole", "", agent, agent, "application-connector"],
  ["ClusterRoleBinding", "", agent, agent, agent],
  ["Role", "kyma-system", agent, agent, agent],
  ["Role", "kyma-system", `${agent}-client-cert-role`, agent, agent],
  ["Role", "istio-system", `${agent}-ca-cert-role`, agent, agent],
  ["RoleBinding", "kyma-system", agent, agent, agent],
  ["RoleBinding", "kyma-system", `${agent}-client-cert-rolebinding`, agent, "application-connector"],
  ["RoleBinding", "istio-system", `${agent}-ca-cert-rolebinding`, agent, agent],
  ["Deployment", "kyma-system", agent, agent, "application-connector"],
  ["Gateway", "kyma-system", "kyma-gateway-application-connector", undefined, "application-connector"],
  ["VirtualService", "kyma-system", validator, validator, "application-connector"],
];

function find(objects: readonly KubernetesObject[], kind: string, name: string, namespace = ""): KubernetesObject {
  const found = objects.find(
    ({ kind: of, metadata }) => of === kind && metadata.name === name && (metadata.namespace ?? "") === namespace,
  );
  if (found === undefined) throw new Error(`no ${kind} ${namespace}/${name}`);
  return found;
}

test("all that upstream installs is there, by name, namespace and labels", () => {
  const objects = render(settings);
  for (const [kind, namespace, name, app, release] of upstream) {
    const { labels = {} } = find(objects, kind, name, namespace).metadata;
    expect([labels["app"], labels["release"]], `${kind} ${name}`).toEqual([app, release]);
  }
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names).not.toContain("ClusterRole application-connector-application-connector");
});

test("everything bears the label by which the manager finds it, and no field that is another's", () => {
  for (const object of render({ ...settings, networkPolicies: { ...settings.networkPolicies, mode: "DefaultDeny" } })) {
    const { metadata } = object;
    expect(metadata.labels, metadata.name).toMatchObject({
      "kyma-project.io/module": "application-connector",
      "app.kubernetes.io/part-of": "application-connector-manager",
    });
    expect(object).not.toHaveProperty("status");
    expect(metadata).not.toHaveProperty("creationTimestamp");
    expect(metadata).not.toHaveProperty("finalizers");
    expect(JSON.stringify(object)).not.toMatch(/:null|undefined|@\{/);
  }
});

test("the gateway's arguments are upstream's, in their order, with the values of the settings", () => {
  const changed = { ...settings.gateway, logLevel: "debug", proxyTimeoutSeconds: 90, requestTimeoutSeconds: 45 };
  const { spec } = find(render({ ...settings, gateway: changed }), "Deployment", gateway, "kyma-system");
  expect(spec).toMatchObject({
    template: {
      spec: {
        containers: [
          {
            args: [
              "--proxyPort=8080",
              "--proxyPortCompass=8082",
              "--externalAPIPort=8081",
              "--logLevel=debug",
              "--applicationSecretsNamespace=kyma-system",
              "--requestTimeout=45",
              "--proxyTimeout=90",
              "--proxyCacheTTL=120",
            ],
          },
        ],
      },
    },
  });
});

test("the host of the ingress, the routes and what UCL is told follow the domain", () => {
  const objects = render({ ...settings, ingress: { ...settings.ingress, hostPrefix: "in" } });
  const host = "in.test.example";
  expect(find(objects, "Gateway", "kyma-gateway-application-connector", "kyma-system").spec).toMatchObject({
    servers: [{ hosts: [host], tls: { mode: "MUTUAL", credentialName: "kyma-gateway-certs" } }],
  });
  expect(find(objects, "VirtualService", validator, "kyma-system").spec).toMatchObject({ hosts: [host] });
  const { containers } = (find(objects, "Deployment", agent, "kyma-system").spec as Workload).template.spec;
  expect(containers[0]?.env).toEqual(
    expect.arrayContaining([
      { name: "APP_RUNTIME_EVENTS_URL", value: `https://${host}` },
      { name: "APP_RUNTIME_CONSOLE_URL", value: "https://console.test.example" },
      { name: "APP_SKIP_COMPASS_TLS_VERIFY", value: "false" },
    ]),
  );
});

interface Workload {
  template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
}

test("without a domain there are no routes, without security.istio.io no protection, with one replica no budget", () => {
  const kinds = (changed: Partial<BundleSettings>) => render({ ...settings, ...changed }).map(({ kind }) => kind);
  expect(kinds({})).toEqual(
    expect.arrayContaining([
      "Gateway",
      "VirtualService",
      "PeerAuthentication",
      "AuthorizationPolicy",
      "PodDisruptionBudget",
    ]),
  );
  const bare = kinds({
    domainName: undefined,
    istio: { ...settings.istio, securityVersion: undefined },
    gateway: { ...settings.gateway, scaling: { ...settings.gateway.scaling, minReplicas: 1 } },
    validator: { ...settings.validator, scaling: { ...settings.validator.scaling, minReplicas: 1 } },
  });
  for (const kind of [
    "Gateway",
    "VirtualService",
    "PeerAuthentication",
    "AuthorizationPolicy",
    "PodDisruptionBudget",
  ]) {
    expect(bare).not.toContain(kind);
  }
});

test("only those namespaces call the gateway, and an empty list of them is not everybody", () => {
  const allowedNamespaces = { selector: { matchLabels: { calls: "yes" } }, names: [] };
  const objects = render({ ...settings, gateway: { ...settings.gateway, allowedNamespaces } });
  const policy = find(objects, "NetworkPolicy", "kyma-project.io--acm-gateway-allowed-namespaces", "kyma-system");
  expect(policy.spec).toMatchObject({
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { calls: "yes" } } }] }, {}, {}],
  });
  expect(find(objects, "AuthorizationPolicy", gateway, "kyma-system").spec).toMatchObject({
    action: "ALLOW",
    rules: [
      { from: [{ source: { namespaces: ["kyma-system"] } }], to: [{ operation: { ports: ["8080", "8082"] } }] },
      { to: [{ operation: { ports: ["8081"] } }] },
    ],
  });
});

test("what is returned may be changed without anybody noticing", () => {
  const first = render(settings);
  const before = JSON.stringify(first);
  for (const { metadata } of first) metadata.name = "changed";
  expect(JSON.stringify(render(settings))).toBe(before);
});

test("files of mounted Secrets can be read by everybody in the Pod, and written by nobody", () => {
  const builtIn = { ...defaultSettings.ingress, mode: "BuiltIn" } as const;
  const text = JSON.stringify(render({ ...defaultSettings, domainName: "test.example", ingress: builtIn }));
  const modes = [...text.matchAll(/"defaultMode":(\d+)/g)].map(([, mode]) => Number(mode));
  expect(modes).toEqual([0o444, 0o444]);
});
