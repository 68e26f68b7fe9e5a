import { expect, test } from "vitest";
import { helm, helmTemplate } from "./helm.ts";

const refused: [title: string, values: object, says: RegExp][] = [
  ["an unknown value in a section", { components: { gateway: { replicas: 3 } } }, /components\/gateway.*replicas/s],
  ["an unknown section of a component", { components: { proxy: {} } }, /components.*proxy/s],
  ["a misspelt mode", { mode: "Standalone" }, /mode.*operator.*standalone/s],
  ["an unknown ingress", { ingress: { mode: "istio" } }, /ingress\/mode.*Istio.*GatewayAPI.*BuiltIn.*None/s],
  ["a text where a number belongs", { components: { gateway: { proxyTimeoutSeconds: "10s" } } }, /proxyTimeoutSeconds/],
  ["half a replica", { components: { validator: { scaling: { minReplicas: 1.5 } } } }, /minReplicas/],
  ["no replica", { components: { validator: { scaling: { minReplicas: 0 } } } }, /minReplicas/],
  ["a log level that there is not", { components: { gateway: { logLevel: "trace" } } }, /logLevel/],
  ["a number where a text belongs", { domainName: 4711 }, /domainName/],
  ["a domain with a scheme", { domainName: "https://example.com" }, /domainName/],
  ["a network without its size", { networkPolicies: { externalCIDRs: ["10.0.0.1"] } }, /externalCIDRs/],
  ["a port that there is not", { networkPolicies: { apiServerPorts: [70_000] } }, /apiServerPorts/],
  ["a Secret that is no name", { image: { pullSecrets: [{ name: "a" }] } }, /pullSecrets/],
  ["a digest that is none", { manager: { image: { digest: "latest" } } }, /digest/],
  [
    "a share beyond one",
    { components: { agent: { certValidityRenewalThreshold: "1.3" } } },
    /certValidityRenewalThreshold/,
  ],
];

test.for(refused)("CM-54 the schema refuses %s, and says where", async ([, values, says]) => {
  await expect(helmTemplate(helm, values)).rejects.toThrow(says);
});

test.for<[string, object]>([
  [
    "what a chart around this one shares",
    { global: { imageRegistry: "registry.example.com" }, enabled: true, tags: {} },
  ],
  ["notes of whoever wrote the file", { "x-team": { any: "thing" } }],
  ["null for what is to have no default", { components: { gateway: { resources: null } } }],
  [
    "resources and labels of any name",
    { components: { gateway: { resources: { limits: { "example.com/card": 1 } }, podLabels: { a: "b" } } } },
  ],
  ["any spec of the ApplicationConnector", { defaultCR: { spec: { deletionPolicy: "Retain" } } }],
])("the schema takes %s", async ([, values]) => {
  expect(await helmTemplate(helm, values)).toContain("kind: Deployment");
});
