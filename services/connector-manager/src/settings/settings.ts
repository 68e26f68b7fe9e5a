import type { ApplicationConnector } from "@application-connector/crds";
import type { BundleSettings, LabelSelector } from "../bundle/index.ts";
import type { AgentActivation } from "./agent.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** What of the cluster and of the manager's own configuration the installed objects depend on. */
export interface Circumstances {
  /** What is not said anywhere else, the images of this release among it. */
  readonly defaults: BundleSettings;
  readonly images: Readonly<Record<"gateway" | "validator" | "agent", string>>;
  readonly domain: string;
  readonly agent: AgentActivation;
  /** The version in which a kind of others is served. */
  readonly versionOf: (group: string, plural: string) => string | undefined;
  readonly namespacesWith: (selector: LabelSelector) => readonly string[];
}

/** What the objects of an installation depend on, from what the admin said. The object has no mistakes. */
export function settingsOf({ spec = {} }: ApplicationConnector, circumstances: Circumstances): BundleSettings {
  const { defaults, images, domain, versionOf } = circumstances;
  return {
    ...defaults,
    domainName: domain,
    ingress: ingressOf(spec, defaults),
    istio: {
      networkingVersion: versionOf("networking.istio.io", "gateways") ?? defaults.istio.networkingVersion,
      securityVersion: securityVersionOf(versionOf),
    },
    networkPolicies: networkPoliciesOf(spec, defaults),
    gateway: { ...gatewayOf(spec, circumstances), image: images.gateway || defaults.gateway.image },
    validator: { ...validatorOf(spec, defaults), image: images.validator || defaults.validator.image },
    agent: { ...agentOf(spec, circumstances), image: images.agent || defaults.agent.image },
  };
}

type Spec = NonNullable<ApplicationConnector["spec"]>;

function ingressOf({ ingress = {} }: Spec, defaults: BundleSettings): BundleSettings["ingress"] {
  const { mode, hostPrefix, credentialName, selector, gatewayClassName, serviceType } = ingress;
  return {
    mode: mode ?? "Istio",
    hostPrefix: hostPrefix ?? defaults.ingress.hostPrefix,
    credentialName: credentialName ?? defaults.ingress.credentialName,
    selector: selector && Object.keys(selector).length > 0 ? selector : defaults.ingress.selector,
    gatewayClassName: gatewayClassName ?? defaults.ingress.gatewayClassName,
    serviceType: serviceType ?? defaults.ingress.serviceType,
  };
}

/** Both kinds of the protection, or none of it. */
function securityVersionOf(versionOf: Circumstances["versionOf"]): string | undefined {
  const versions = ["peerauthentications", "authorizationpolicies"].map((plural) =>
    versionOf("security.istio.io", plural),
  );
  return versions.includes(undefined) ? undefined : versions[0];
}

function networkPoliciesOf(
  { networkPolicies = {}, networkPoliciesEnabled = false }: Spec,
  defaults: BundleSettings,
): BundleSettings["networkPolicies"] {
  const { mode, externalCIDRs, apiServerPorts } = networkPolicies;
  return {
    mode: mode ?? (networkPoliciesEnabled ? "Allow" : "Disabled"),
    externalCIDRs: externalCIDRs ?? defaults.networkPolicies.externalCIDRs,
    apiServerPorts: apiServerPorts ?? defaults.networkPolicies.apiServerPorts,
  };
}

function gatewayOf({ appGateway = {} }: Spec, { defaults, namespacesWith }: Circumstances): BundleSettings["gateway"] {
  const { proxyTimeout = "", requestTimeout = "", logLevel, scaling, resources, allowedNamespaces } = appGateway;
  const { allowedNamespaces: _, ...gateway } = defaults.gateway;
  return {
    ...gateway,
    proxyTimeoutSeconds: wholeSeconds(proxyTimeout) ?? gateway.proxyTimeoutSeconds,
    requestTimeoutSeconds: wholeSeconds(requestTimeout) ?? gateway.requestTimeoutSeconds,
    logLevel: logLevel ?? gateway.logLevel,
    scaling: { ...gateway.scaling, ...scaling },
    resources: resources ?? gateway.resources,
    ...(allowedNamespaces && {
      allowedNamespaces: { selector: allowedNamespaces, names: namespacesWith(allowedNamespaces) },
    }),
  };
}

function validatorOf({ appConnValidator = {} }: Spec, { validator }: BundleSettings): BundleSettings["validator"] {
  const { logLevel, logFormat, securityProfile, scaling, resources } = appConnValidator;
  return {
    ...validator,
    // The manifest's own level never applies: upstream always writes this one.
    logLevel: logLevel ?? "info",
    logFormat: logFormat ?? "json",
    securityProfile: securityProfile ?? validator.securityProfile,
    scaling: { ...validator.scaling, ...scaling },
    resources: resources ?? validator.resources,
  };
}

function agentOf({ runtimeAgent = {} }: Spec, { defaults, agent }: Circumstances): BundleSettings["agent"] {
  const { controllerSyncPeriod, minimalConfigSyncTime, certValidityRenewalThreshold } = runtimeAgent;
  const { skipCompassTLSVerify, resources } = runtimeAgent;
  return {
    ...defaults.agent,
    replicas: agent.replicas,
    configurationHash: agent.secretHash,
    controllerSyncPeriod: controllerSyncPeriod ?? defaults.agent.controllerSyncPeriod,
    minimalConfigSyncTime: minimalConfigSyncTime ?? defaults.agent.minimalConfigSyncTime,
    certValidityRenewalThreshold:
      certValidityRenewalThreshold?.toString() ?? defaults.agent.certValidityRenewalThreshold,
    skipCompassTLSVerify: skipCompassTLSVerify ?? defaults.agent.skipCompassTLSVerify,
    resources: resources ?? defaults.agent.resources,
  };
}
