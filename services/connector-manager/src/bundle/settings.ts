import type { KubeObject } from "@application-connector/kube";

export const ingressModes = ["Istio", "GatewayAPI", "BuiltIn", "None"] as const;
export const networkPolicyModes = ["Disabled", "Allow", "DefaultDeny"] as const;

export type IngressMode = (typeof ingressModes)[number];
export type NetworkPolicyMode = (typeof networkPolicyModes)[number];

/** An object as it is applied: wire shape, without status and without fields that others own. */
export interface KubernetesObject extends KubeObject {
  apiVersion: string;
  kind: string;
  spec?: unknown;
  /** Of roles. */
  rules?: unknown;
  [field: string]: unknown;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface ResourceRequirements {
  readonly requests?: Readonly<Record<string, string | number>>;
  readonly limits?: Readonly<Record<string, string | number>>;
}

export interface Scaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Percent of the requested CPU. */
  readonly targetCPUUtilization: number;
}

/**
 * Everything that the installed objects depend on. An optional part that is absent or empty leaves out what depends on
 * it, such as the routes of the ingress without a domain. `defaultSettings` has what the chart's values say.
 */
export interface BundleSettings {
  /** Of all objects but those that have none, those of the ingress' authorities (istio-system) and of Events (default). */
  readonly namespace: string;
  readonly domainName?: string | undefined;
  readonly ingress: {
    readonly mode: IngressMode;
    /** External systems call `<hostPrefix>.<domainName>`. */
    readonly hostPrefix: string;
    readonly credentialName: string;
    /** Labels of Istio's ingress gateway. */
    readonly selector: Readonly<Record<string, string>>;
    readonly gatewayClassName?: string | undefined;
    /** Type of the Service of mode BuiltIn. */
    readonly serviceType: string;
  };
  readonly istio: {
    /** Version of networking.istio.io to write. */
    readonly networkingVersion: string;
    /** Version of security.istio.io to write; absent when it is not served: then nothing protects the validator's port. */
    readonly securityVersion?: string | undefined;
  };
  readonly networkPolicies: {
    readonly mode: NetworkPolicyMode;
    /** Where external systems are; empty for everywhere. */
    readonly externalCIDRs: readonly string[];
    /** Empty for 443, and 6443 too with DefaultDeny. */
    readonly apiServerPorts: readonly number[];
  };
  readonly gateway: {
    /** Whole reference. */
    readonly image: string;
    readonly logLevel: string;
    readonly proxyTimeoutSeconds: number;
    readonly requestTimeoutSeconds: number;
    readonly scaling: Scaling;
    readonly resources?: ResourceRequirements | undefined;
    /** Who may call the gateway; absent for all. The mesh knows namespaces by name only: `names` are those the selector selects. */
    readonly allowedNamespaces?: { readonly selector: LabelSelector; readonly names: readonly string[] } | undefined;
  };
  readonly validator: {
    readonly image: string;
    readonly logLevel: string;
    readonly logFormat: string;
    readonly securityProfile: string;
    readonly scaling: Scaling;
    readonly resources?: ResourceRequirements | undefined;
  };
  readonly agent: {
    readonly image: string;
    /** 1 when there is a configuration Secret, else 0. */
    readonly replicas: number;
    /** Of the content of that Secret; a change rolls the Pod. */
    readonly configurationHash?: string | undefined;
    readonly controllerSyncPeriod: string;
    readonly minimalConfigSyncTime: string;
    readonly certValidityRenewalThreshold: string;
    readonly skipCompassTLSVerify: boolean;
    readonly resources?: ResourceRequirements | undefined;
  };
  readonly imagePullPolicy: string;
  /** Names of Secrets. */
  readonly imagePullSecrets: readonly string[];
  /** Of the three classes of the components. It cannot be changed in an existing class. */
  readonly priorityClassValue: number;
}

/** What decides which objects there are and how they look; all else is filled in. */
export interface Shape {
  readonly ingress: IngressMode;
  readonly networkPolicies: NetworkPolicyMode;
  readonly externalCIDRs: boolean;
  readonly apiServerPorts: boolean;
  readonly allowedNamespaces: boolean;
}

export function shapeOf({ ingress, networkPolicies, gateway }: BundleSettings): Shape {
  return {
    ingress: ingress.mode,
    networkPolicies: networkPolicies.mode,
    externalCIDRs: networkPolicies.externalCIDRs.length > 0,
    apiServerPorts: networkPolicies.apiServerPorts.length > 0,
    allowedNamespaces: gateway.allowedNamespaces !== undefined,
  };
}
