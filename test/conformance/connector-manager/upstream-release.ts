import { customResourceDefinitions } from "@application-connector/crds";
import type { Any } from "./kinds.ts";
import { policyPrefix, upstreamPolicies } from "./upstream-policies.ts";
import {
  agent,
  agentDeployment,
  dataPathDeployment,
  gateway,
  gatewayContainer,
  validator,
  validatorContainer,
} from "./upstream-workloads.ts";

const finalizer = "application-connector-manager.kyma-project.io/deletion-hook";
const release = "application-connector";
const namespace = "kyma-system";
const module = { "kyma-project.io/module": "application-connector" };
const rbac = "rbac.authorization.k8s.io";

const common = (app: string, ofRelease: string | undefined = release) => ({
  ...module,
  app,
  ...(ofRelease && { release: ofRelease }),
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/managed-by": "application-connector-manager",
  "app.kubernetes.io/instance": "application-connector",
  "app.kubernetes.io/part-of": "application-connector-manager",
});
const rule = (group: string, resources: string, verbs: string) => ({
  apiGroups: [group],
  resources: resources.split(","),
  verbs: verbs.split(","),
});
const of = (apiVersion: string, kind: string, name: string, labels: Labels, rest: object, place?: string): Any => ({
  apiVersion,
  kind,
  metadata: { name, ...(place === undefined ? {} : { namespace: place }), labels },
  ...rest,
});
const role = (name: string, labels: Labels, rules: object[], place?: string) =>
  of(`${rbac}/v1`, place ? "Role" : "ClusterRole", name, labels, { rules }, place);
const user = (account: string) => ({
  apiGroup: rbac,
  kind: "User",
  name: `system:serviceaccount:${namespace}:${account}`,
});
const account = (name: string) => ({ kind: "ServiceAccount", name, namespace });
const binding = (name: string, labels: Labels, [kind, roleName]: [string, string], subject: object, place?: string) => {
  const roleRef = { apiGroup: rbac, kind, name: roleName };
  return of(
    `${rbac}/v1`,
    place ? "RoleBinding" : "ClusterRoleBinding",
    name,
    labels,
    { roleRef, subjects: [subject] },
    place,
  );
};
const { app: _app, ...doorLabels } = common("application-connector-gateway");
type Labels = Readonly<Record<string, string>>;
const service = (name: string, ports: Record<string, number>) =>
  of(
    "v1",
    "Service",
    name,
    { ...common(name), application: name },
    {
      spec: {
        type: "ClusterIP",
        selector: { app: name, release },
        ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, protocol: "TCP" })),
      },
    },
    namespace,
  );
const autoscaler = (name: string) =>
  of(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    name,
    common(name),
    {
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: 2,
        maxReplicas: 2,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
        ],
      },
    },
    namespace,
  );
const applicationRights = rule("applicationconnector.kyma-project.io", "applications", "get,list,watch");
const secretRights = rule("", "secrets", "create,get,update,delete");
const ofAgent = common(agent, agent);
/** A role and its binding that nobody needs. */
export const obsolete = "application-connector-application-connector";
const istio = "networking.istio.io/v1beta1";

/** What upstream 1.2.0 has installed in a cluster: the tables of sections 3, 5 and 6. */
export function upstreamRelease(domain: string): Any[] {
  const host = `gateway.${domain}`;
  const routes = ["v1/metadata", "v1/events", "v2/events", "events"];
  const door = {
    selector: { istio: "ingressgateway" },
    servers: [
      {
        port: { number: 443, name: "https-app-connector", protocol: "HTTPS" },
        tls: { mode: "MUTUAL", credentialName: "kyma-gateway-certs" },
        hosts: [host],
      },
    ],
  };
  const route = {
    gateways: ["kyma-system/kyma-gateway-application-connector"],
    hosts: [host],
    http: [
      {
        match: routes.map((path) => ({ uri: { regex: `^/[^/]+/${path}(/|/.*)?` } })),
        route: [{ destination: { host: validator, port: { number: 8080 } } }],
      },
    ],
  };
  const held = (object: Any): Any => ({ ...object, metadata: { ...object.metadata, finalizers: [finalizer] } });
  return [
    ...customResourceDefinitions
      .filter(({ spec }) => spec.group !== "operator.kyma-project.io")
      .map((definition) => ({ ...definition, metadata: { ...definition.metadata, labels: module } }) as unknown as Any),
    ...[validator, gateway].map((name) => of("v1", "ServiceAccount", name, common(name), {}, namespace)),
    role(`${validator}-role`, common(validator), [applicationRights]),
    role(`${gateway}-role`, common(gateway), [
      rule("applicationconnector.kyma-project.io", "applications", "get"),
      rule("", "secrets", "get"),
    ]),
    role(obsolete, common("application-connector"), [
      rule("applicationconnector.kyma-project.io", "applications", "get,list,update,create,delete,watch"),
    ]),
    binding(`${validator}-rolebinding`, common(validator), ["ClusterRole", `${validator}-role`], user(validator)),
    binding(`${gateway}-rolebinding`, common(gateway), ["ClusterRole", `${gateway}-role`], user(gateway)),
    binding(obsolete, common("application-connector"), ["ClusterRole", obsolete], user("default")),
    service(validator, { "http-api-port": 8081, "http-proxy": 8080 }),
    service(gateway, { "http-api-port": 8081, "http-proxy": 8080, "http-proxy-mps": 8082 }),
    ...[gateway, validator, agent].map((name) =>
      of("scheduling.k8s.io/v1", "PriorityClass", `${name}-priority-class`, module, {
        value: 2_000_000,
        globalDefault: false,
      }),
    ),
    dataPathDeployment(validator, common(validator), validatorContainer),
    dataPathDeployment(gateway, common(gateway), gatewayContainer),
    autoscaler(validator),
    autoscaler(gateway),
    of("v1", "ServiceAccount", agent, common(agent, ""), {}, namespace),
    of("v1", "ConfigMap", "skr-configmap", module, { data: { "is-managed-kyma-runtime": "true" } }, namespace),
    role(agent, common(agent), [
      rule("compass.kyma-project.io", "compassconnections", "create,get,list,update,delete,watch"),
      rule("applicationconnector.kyma-project.io", "applications", "get,list,create,update,delete"),
      rule("", "nodes,persistentvolumes", "get,list"),
      rule("metrics.k8s.io", "nodes", "get,list"),
    ]),
    binding(agent, ofAgent, ["ClusterRole", agent], account(agent)),
    role(agent, ofAgent, [rule("", "services", "create,get,delete"), secretRights], namespace),
    role(`${agent}-client-cert-role`, ofAgent, [secretRights], namespace),
    role(`${agent}-ca-cert-role`, ofAgent, [secretRights], "istio-system"),
    binding(agent, ofAgent, ["Role", agent], account(agent), namespace),
    binding(
      `${agent}-client-cert-rolebinding`,
      common(agent),
      ["Role", `${agent}-client-cert-role`],
      account(agent),
      namespace,
    ),
    binding(`${agent}-ca-cert-rolebinding`, ofAgent, ["Role", `${agent}-ca-cert-role`], account(agent), "istio-system"),
    agentDeployment(common(agent), domain),
    held(of(istio, "Gateway", "kyma-gateway-application-connector", doorLabels, { spec: door }, namespace)),
    held(of(istio, "VirtualService", validator, common(validator), { spec: route }, namespace)),
    ...Object.entries(upstreamPolicies).map(([suffix, spec]) => {
      const { app: _, "app.kubernetes.io/name": __, ...labels } = common("");
      return of("networking.k8s.io/v1", "NetworkPolicy", `${policyPrefix}${suffix}`, labels, { spec }, namespace);
    }),
  ];
}
