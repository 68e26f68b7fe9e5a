// Generated from crds/*.yaml by crds/tools/generate.ts. Do not edit.

import { defineResource } from "../define-resource.ts";
import type { ObjectMeta } from "../object-meta.ts";
import type { Resource } from "../resource.ts";
import { applicationconnectorsDefinition } from "./custom-resource-definitions.ts";

/**
 * Installs the Application Connector and says how it is configured. One object, in the namespace kyma-system, is followed; what it leaves out has the default of its field.
 */
export interface ApplicationConnector {
  /**
   * The group and version of this object's schema.
   */
  apiVersion?: string;
  /**
   * The kind of this object, ApplicationConnector.
   */
  kind?: string;
  metadata: ObjectMeta;
  spec?: ApplicationConnectorSpec;
  status?: ApplicationConnectorStatus;
}
/**
 * What is installed, and how. Default: {}.
 */
export interface ApplicationConnectorSpec {
  /**
   * Domain of the cluster, below which external systems reach it. Left out, the ConfigMap kube-system/shoot-info names it.
   */
  domainName?: string;
  /**
   * Whether NetworkPolicies are installed that allow what the components need; networkPolicies says more. Default: false.
   */
  networkPoliciesEnabled?: boolean;
  appGateway?: ApplicationConnectorAppGateway;
  appConnValidator?: ApplicationConnectorAppConnValidator;
  runtimeAgent?: ApplicationConnectorRuntimeAgent;
  ingress?: ApplicationConnectorIngress;
  networkPolicies?: ApplicationConnectorNetworkPolicies;
  /**
   * What happens when this object is deleted. Block: nothing as long as there are Applications. Retain: everything goes but the definitions of Applications and connections, and they themselves. Cascade: everything goes. Default: "Block".
   */
  deletionPolicy?: "Block" | "Retain" | "Cascade";
}
/**
 * The Application Gateway, through which workloads call external systems. Default: {}.
 */
export interface ApplicationConnectorAppGateway {
  /**
   * How long an external system has to answer, as a duration such as 10s; whole seconds, rounded up. Default: "10s".
   */
  proxyTimeout?: string;
  /**
   * How long a workload's whole call may take, as a duration such as 10s; whole seconds, rounded up. Default: "10s".
   */
  requestTimeout?: string;
  /**
   * Least severe lines that are logged. Default: "info".
   */
  logLevel?: "debug" | "panic" | "fatal" | "error" | "warn" | "info";
  scaling?: ApplicationConnectorScaling;
  resources?: ApplicationConnectorResources;
  allowedNamespaces?: ApplicationConnectorAllowedNamespaces;
}
/**
 * How many replicas there are, depending on their load.
 */
export interface ApplicationConnectorScaling {
  /**
   * Fewest replicas. Default: 2.
   */
  minReplicas?: number;
  /**
   * Most replicas. Default: 2.
   */
  maxReplicas?: number;
  /**
   * Load at which replicas are added, in percent of the CPU that they request. Default: 80.
   */
  targetCPUUtilization?: number;
}
/**
 * CPU and memory of each replica. What is left out has the default of the component.
 */
export interface ApplicationConnectorResources {
  /**
   * What is set aside for a replica.
   */
  requests?: Record<string, number | string>;
  /**
   * The most that a replica gets.
   */
  limits?: Record<string, number | string>;
}
/**
 * Labels of the namespaces whose workloads may call the gateway. Left out, all may.
 */
export interface ApplicationConnectorAllowedNamespaces {
  /**
   * Labels that a namespace must have.
   */
  matchLabels?: Record<string, string>;
  /**
   * Further requirements; all of them must hold.
   */
  matchExpressions?: ApplicationConnectorMatchExpression[];
}
/**
 * A requirement on one label.
 */
export interface ApplicationConnectorMatchExpression {
  /**
   * The label's name.
   */
  key: string;
  /**
   * How the label's value relates to the values.
   */
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  /**
   * Values for In and NotIn.
   *
   * Items: One of the values.
   */
  values?: string[];
}
/**
 * The Connectivity Validator, through which external systems send events. Default: {}.
 */
export interface ApplicationConnectorAppConnValidator {
  /**
   * Least severe lines that are logged. Default: "info".
   */
  logLevel?: "debug" | "panic" | "fatal" | "error" | "warn" | "info";
  /**
   * How log lines look. Default: "json".
   */
  logFormat?: "json" | "text";
  /**
   * strict, or compat: what Kyma's validator lets through. Left out, the manager's configuration decides, which is strict unless somebody changed it.
   */
  securityProfile?: "strict" | "compat";
  scaling?: ApplicationConnectorScaling1;
  resources?: ApplicationConnectorResources1;
}
/**
 * How many replicas there are, depending on their load.
 */
export interface ApplicationConnectorScaling1 {
  /**
   * Fewest replicas. Default: 2.
   */
  minReplicas?: number;
  /**
   * Most replicas. Default: 2.
   */
  maxReplicas?: number;
  /**
   * Load at which replicas are added, in percent of the CPU that they request. Default: 80.
   */
  targetCPUUtilization?: number;
}
/**
 * CPU and memory of each replica. What is left out has the default of the component.
 */
export interface ApplicationConnectorResources1 {
  /**
   * What is set aside for a replica.
   */
  requests?: Record<string, number | string>;
  /**
   * The most that a replica gets.
   */
  limits?: Record<string, number | string>;
}
/**
 * The Runtime Agent, which mirrors the formation of the cluster in the Unified Customer Landscape (UCL).
 */
export interface ApplicationConnectorRuntimeAgent {
  /**
   * Whether the agent runs. Auto: as soon as the Secret kyma-system/compass-agent-configuration says how to reach UCL. Default: "Auto".
   */
  enabled?: "Auto" | "Always" | "Never";
  /**
   * How often the formation is mirrored, as a duration. Default: "180s".
   */
  controllerSyncPeriod?: string;
  /**
   * Least time between two rounds of calls to UCL, as a duration. Default: "15s".
   */
  minimalConfigSyncTime?: string;
  /**
   * The client certificate is renewed when less than this share of its validity is left. Default: 0.3.
   */
  certValidityRenewalThreshold?: number;
  /**
   * Whether any server certificate of UCL is accepted. Default: false.
   */
  skipCompassTLSVerify?: boolean;
  resources?: ApplicationConnectorResources2;
}
/**
 * CPU and memory of each replica. What is left out has the default of the component.
 */
export interface ApplicationConnectorResources2 {
  /**
   * What is set aside for a replica.
   */
  requests?: Record<string, number | string>;
  /**
   * The most that a replica gets.
   */
  limits?: Record<string, number | string>;
}
/**
 * How external systems reach the validator.
 */
export interface ApplicationConnectorIngress {
  /**
   * Istio: its Gateway and VirtualService. GatewayAPI: Gateway and HTTPRoute of gateway.networking.k8s.io. BuiltIn: the validator's own port for mutual TLS. None: somebody else's business. Default: "Istio".
   */
  mode?: "Istio" | "GatewayAPI" | "BuiltIn" | "None";
  /**
   * What stands before the domain in the name of the host. Default: "gateway".
   */
  hostPrefix?: string;
  /**
   * Secret with the server's certificate and key; the authorities of clients are in the one whose name ends in -cacert. Default: "kyma-gateway-certs".
   */
  credentialName?: string;
  /**
   * Labels of the pods that are the Istio ingress gateway. Left out: istio: ingressgateway.
   */
  selector?: Record<string, string>;
  /**
   * Class of the Gateway, for the mode GatewayAPI.
   */
  gatewayClassName?: string;
  /**
   * Type of the Service for mutual TLS, for the mode BuiltIn. Default: "LoadBalancer".
   */
  serviceType?: "ClusterIP" | "NodePort" | "LoadBalancer";
}
/**
 * NetworkPolicies in more detail than networkPoliciesEnabled.
 */
export interface ApplicationConnectorNetworkPolicies {
  /**
   * Disabled: none. Allow: what the components need is allowed. DefaultDeny: and nothing else. Left out, networkPoliciesEnabled decides between Disabled and Allow.
   */
  mode?: "Disabled" | "Allow" | "DefaultDeny";
  /**
   * Networks of the external systems. Left out, components may call any.
   *
   * Items: A network, such as 203.0.113.0/24.
   */
  externalCIDRs?: string[];
  /**
   * Ports of the Kubernetes API. Left out, 443 and 6443.
   *
   * Items: A port.
   */
  apiServerPorts?: number[];
}
/**
 * What is known of the installation. Written by the manager.
 */
export interface ApplicationConnectorStatus {
  /**
   * Ready, Processing, Warning (it runs, but somebody has to act), Error or Deleting.
   */
  state: string;
  /**
   * Whether this is the object that the manager follows, True or False.
   */
  served: string;
  /**
   * The metadata.generation that the status speaks of.
   */
  observedGeneration?: number;
  /**
   * The domain that is in use.
   */
  domainName?: string;
  /**
   * The host at which external systems reach the validator.
   */
  ingressHost?: string;
  /**
   * The release of the manager that wrote the status.
   */
  version?: string;
  /**
   * What is installed, and how it is.
   */
  components?: ApplicationConnectorComponent[];
  /**
   * The latest observations of the installation, one for each type.
   */
  conditions?: ApplicationConnectorCondition[];
}
/**
 * One of the programs that are installed.
 */
export interface ApplicationConnectorComponent {
  /**
   * Name of the Deployment.
   */
  name: string;
  /**
   * Image that it runs.
   */
  image?: string;
  /**
   * How many replicas there should be.
   */
  desired?: number;
  /**
   * How many replicas are ready.
   */
  ready?: number;
  /**
   * Ready, Progressing, Unavailable, Stalled, Missing or NotConfigured.
   */
  state?: string;
}
/**
 * One observation of one aspect of the installation.
 */
export interface ApplicationConnectorCondition {
  /**
   * The aspect observed, such as Installed or Ready.
   */
  type: string;
  /**
   * Whether the aspect holds, does not hold, or cannot be known.
   */
  status: "True" | "False" | "Unknown";
  /**
   * The metadata.generation the observation was made on.
   */
  observedGeneration?: number;
  /**
   * When the status of this condition last changed.
   */
  lastTransitionTime: string;
  /**
   * Why the condition has this status, in one CamelCase word for programs.
   */
  reason: string;
  /**
   * Why the condition has this status, in a sentence for people.
   */
  message: string;
}

/** applicationconnectors.operator.kyma-project.io, v1alpha1 */
export const applicationconnectors: Resource<ApplicationConnector> = /* @__PURE__ */ defineResource<ApplicationConnector>(applicationconnectorsDefinition, "v1alpha1");
