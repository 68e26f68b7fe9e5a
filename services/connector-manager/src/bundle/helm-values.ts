import { defaultSettings } from "./generated/bundle.ts";
import type { BundleSettings } from "./settings.ts";

/** The values of the chart `application-connector` that mean the same as the settings. */
export function helmValues(settings: BundleSettings): object {
  const { ingress, istio, networkPolicies, gateway, validator, agent } = settings;
  const { image: gatewayImage, allowedNamespaces, ...gatewayValues } = gateway;
  const { image: validatorImage, ...validatorValues } = validator;
  const { image: agentImage, ...agentValues } = agent;
  return {
    mode: "standalone",
    namespace: settings.namespace,
    domainName: settings.domainName ?? "",
    image: { pullPolicy: settings.imagePullPolicy, pullSecrets: settings.imagePullSecrets },
    ingress: {
      ...ingress,
      selector: replacing(defaultSettings.ingress.selector, ingress.selector),
      gatewayClassName: ingress.gatewayClassName ?? "",
      istio: { ...istio, securityVersion: istio.securityVersion ?? "" },
    },
    networkPolicies,
    priorityClass: { value: settings.priorityClassValue },
    components: {
      gateway: {
        ...gatewayValues,
        resources: replacing(defaultSettings.gateway.resources, gateway.resources),
        image: { reference: gatewayImage },
        ...(allowedNamespaces && { allowedNamespaces }),
      },
      validator: {
        ...validatorValues,
        resources: replacing(defaultSettings.validator.resources, validator.resources),
        image: { reference: validatorImage },
      },
      agent: {
        ...agentValues,
        configurationHash: agent.configurationHash ?? "",
        resources: replacing(defaultSettings.agent.resources, agent.resources),
        image: { reference: agentImage },
      },
    },
  };
}

/** Helm merges maps with those of values.yaml; what is not wanted of these is null. */
function replacing(byDefault: unknown, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || typeof byDefault !== "object" || byDefault === null) return value;
  const before = byDefault as Record<string, unknown>;
  const after = value as Record<string, unknown>;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries([...names].map((name) => [name, replacing(before[name], after[name])]));
}
