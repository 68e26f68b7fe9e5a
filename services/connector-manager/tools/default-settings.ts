import type { BundleSettings } from "../src/bundle/settings.ts";

/** What the chart's values.yaml says, as settings. Images are those of the chart's version. */
export function defaultSettings(values: Values, appVersion: string): BundleSettings {
  const { ingress, networkPolicies, components } = values;
  const { gateway, validator, agent } = components;
  const image = (component: { image: { repository: string } }) => `${component.image.repository}:${appVersion}`;
  return {
    namespace: values.namespace,
    domainName: values.domainName,
    ingress: {
      mode: ingress.mode,
      hostPrefix: ingress.hostPrefix,
      credentialName: ingress.credentialName,
      selector: ingress.selector,
      gatewayClassName: ingress.gatewayClassName,
      serviceType: ingress.serviceType,
    },
    istio: ingress.istio,
    networkPolicies: {
      mode: networkPolicies.mode,
      externalCIDRs: networkPolicies.externalCIDRs,
      apiServerPorts: networkPolicies.apiServerPorts,
    },
    gateway: {
      image: image(gateway),
      logLevel: gateway.logLevel,
      proxyTimeoutSeconds: gateway.proxyTimeoutSeconds,
      requestTimeoutSeconds: gateway.requestTimeoutSeconds,
      scaling: gateway.scaling,
      resources: gateway.resources,
    },
    validator: {
      image: image(validator),
      logLevel: validator.logLevel,
      logFormat: validator.logFormat,
      securityProfile: validator.securityProfile,
      scaling: validator.scaling,
      resources: validator.resources,
    },
    agent: {
      image: image(agent),
      replicas: agent.replicas,
      configurationHash: agent.configurationHash,
      controllerSyncPeriod: agent.controllerSyncPeriod,
      minimalConfigSyncTime: agent.minimalConfigSyncTime,
      certValidityRenewalThreshold: agent.certValidityRenewalThreshold,
      skipCompassTLSVerify: agent.skipCompassTLSVerify,
      resources: agent.resources,
    },
    imagePullPolicy: values.image.pullPolicy,
    imagePullSecrets: values.image.pullSecrets,
    priorityClassValue: values.priorityClass.value,
  };
}

type WithImage<Component> = Omit<Component, "image"> & { readonly image: { readonly repository: string } };

/** The part of values.yaml that settings are made of. */
export interface Values {
  readonly namespace: string;
  readonly domainName: string;
  readonly image: { readonly pullPolicy: string; readonly pullSecrets: readonly string[] };
  readonly ingress: BundleSettings["ingress"] & { readonly istio: BundleSettings["istio"] };
  readonly networkPolicies: BundleSettings["networkPolicies"];
  readonly priorityClass: { readonly value: number };
  readonly components: {
    readonly gateway: WithImage<BundleSettings["gateway"]>;
    readonly validator: WithImage<BundleSettings["validator"]>;
    readonly agent: WithImage<BundleSettings["agent"]>;
  };
}
