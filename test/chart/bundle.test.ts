import {
  type BundleSettings,
  defaultSettings,
  helmValues,
  render,
} from "@application-connector/connector-manager/bundle";
import { expect, test } from "vitest";
import { byName, helm, helmObjects } from "./helm.ts";

const base: BundleSettings = { ...defaultSettings, domainName: "example.com" };

/** One of each kind of difference, and what could get in each other's way together. */
const settings: Record<string, BundleSettings> = {
  "the defaults": base,
  "no domain": { ...base, domainName: undefined },
  "no domain behind Gateway API": { ...base, domainName: undefined, ingress: { ...base.ingress, mode: "GatewayAPI" } },
  "other versions of Istio's kinds": { ...base, istio: { networkingVersion: "v1beta1", securityVersion: "v1beta1" } },
  "no security.istio.io": { ...base, istio: { networkingVersion: "v1", securityVersion: undefined } },
  "Gateway API": {
    ...base,
    ingress: {
      ...base.ingress,
      mode: "GatewayAPI",
      gatewayClassName: "istio",
      credentialName: "other",
      hostPrefix: "in",
    },
    networkPolicies: { mode: "Allow", externalCIDRs: [], apiServerPorts: [] },
  },
  "the validator's own port": {
    ...base,
    ingress: { ...base.ingress, mode: "BuiltIn", serviceType: "ClusterIP" },
    networkPolicies: { mode: "DefaultDeny", externalCIDRs: [], apiServerPorts: [] },
  },
  "no ingress": {
    ...base,
    ingress: { ...base.ingress, mode: "None" },
    networkPolicies: { mode: "Allow", externalCIDRs: ["10.0.0.0/8", "fd00::/8"], apiServerPorts: [443, 6443] },
  },
  "policies as upstream": { ...base, networkPolicies: { mode: "Allow", externalCIDRs: [], apiServerPorts: [] } },
  "narrow policies": {
    ...base,
    networkPolicies: { mode: "DefaultDeny", externalCIDRs: ["198.51.100.0/24"], apiServerPorts: [8443] },
    gateway: {
      ...base.gateway,
      allowedNamespaces: { selector: { matchLabels: { "may-call": "yes" } }, names: ["orders", "shop"] },
    },
  },
  "namespaces without policies, none of them there": {
    ...base,
    gateway: {
      ...base.gateway,
      allowedNamespaces: {
        selector: { matchExpressions: [{ key: "team", operator: "In", values: ["a", "b"] }] },
        names: [],
      },
    },
  },
  "everything of the components": {
    ...base,
    domainName: "late.example",
    ingress: { ...base.ingress, selector: { app: "my-gateway", istio: "other" }, hostPrefix: "events" },
    gateway: {
      ...base.gateway,
      image: "registry.example.com/agw@sha256:0123",
      logLevel: "debug",
      proxyTimeoutSeconds: 90,
      requestTimeoutSeconds: 86_400,
      scaling: { minReplicas: 1, maxReplicas: 5, targetCPUUtilization: 70 },
      resources: { limits: { memory: "1Gi" } },
    },
    validator: {
      ...base.validator,
      image: "registry.example.com/val:1",
      logLevel: "error",
      logFormat: "text",
      securityProfile: "compat",
      scaling: { minReplicas: 3, maxReplicas: 9, targetCPUUtilization: 50 },
      resources: undefined,
    },
    agent: {
      image: "registry.example.com/agent:1",
      replicas: 0,
      configurationHash: "abc",
      controllerSyncPeriod: "20s",
      minimalConfigSyncTime: "1s",
      certValidityRenewalThreshold: "0.5",
      skipCompassTLSVerify: true,
      resources: { requests: { cpu: "10m", memory: "32Mi" } },
    },
    imagePullPolicy: "Always",
    imagePullSecrets: ["one", "two"],
    priorityClassValue: 1_000_000,
  },
  "nothing of the mesh, and a hash": {
    ...base,
    ingress: { ...base.ingress, mode: "None" },
    agent: { ...base.agent, configurationHash: "abc" },
  },
};

test.for(Object.keys(settings))("what the manager installs is what the chart installs: %s", async (title) => {
  const given = settings[title] ?? base;
  const expected = byName(await helmObjects(helm, helmValues(given)));
  const rendered = byName(render(given));
  expect(Object.keys(rendered)).toEqual(Object.keys(expected));
  for (const [name, object] of Object.entries(expected)) expect(rendered[name], name).toEqual(object);
});
