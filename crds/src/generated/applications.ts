// Generated from crds/*.yaml by crds/tools/generate.ts. Do not edit.

import { defineResource } from "../define-resource.ts";
import type { ObjectMeta } from "../object-meta.ts";
import type { Resource } from "../resource.ts";
import { applicationsDefinition } from "./custom-resource-definitions.ts";

/**
 * An external system connected to this cluster: the APIs that workloads may call through the Application Gateway, and the identity under which the system may send events.
 */
export interface Application {
  /**
   * The group and version of this object's schema.
   */
  apiVersion?: string;
  /**
   * The kind of this object, Application.
   */
  kind?: string;
  metadata: ObjectMeta;
  spec?: ApplicationSpec;
  status?: ApplicationStatus;
}
/**
 * The external system as it should be reachable from, and known to, the cluster.
 */
export interface ApplicationSpec {
  /**
   * What the external system is, for people.
   */
  description?: string;
  /**
   * Name of the external system for user interfaces.
   */
  displayName?: string;
  /**
   * Name of the organisation that provides the external system, for user interfaces.
   */
  providerDisplayName?: string;
  /**
   * A longer text about the external system, for user interfaces.
   */
  longDescription?: string;
  /**
   * Tenant the external system belongs to. The Connectivity Validator can require it as an organization (O) in the client certificate.
   */
  tenant?: string;
  /**
   * Group the external system belongs to. The Connectivity Validator can require it as an organizational unit (OU) in the client certificate.
   */
  group?: string;
  /**
   * Label that once granted access to the services of this Application. Kept for old objects; not used.
   */
  accessLabel?: string;
  /**
   * Whether to install nothing for this Application. Kept for old objects; nothing is installed any more.
   */
  skipInstallation?: boolean;
  /**
   * Whether the Application Gateway accepts any server certificate of the external system and its token endpoints.
   */
  skipVerify?: boolean;
  /**
   * Whether the Application Gateway decodes the path of a call and encodes it anew (true), or passes on the bytes it received (false). Default: true.
   */
  encodeUrl?: boolean;
  /**
   * Free labels of the external system. Not the labels of this object, and not used for selection.
   */
  labels?: Record<string, string> | null;
  /**
   * Words by which user interfaces can find the external system.
   */
  tags?: string[] | null;
  compassMetadata?: ApplicationCompassMetadata;
  /**
   * What the external system offers: one service for each API, or for each bundle of APIs and events.
   */
  services?: ApplicationService[];
}
/**
 * Set when the Unified Customer Landscape (UCL) manages this Application. Client certificates are then matched by client id instead of by the Application's name.
 */
export interface ApplicationCompassMetadata {
  /**
   * Id of the application in UCL.
   */
  applicationId?: string;
  authentication: ApplicationAuthentication;
}
/**
 * How the external system proves its identity when it sends events.
 */
export interface ApplicationAuthentication {
  /**
   * Common names of the client certificates that may act for this Application.
   *
   * Items: The common name (CN) of one client certificate.
   */
  clientIds: string[];
}
/**
 * One API, or one bundle of APIs and events.
 */
export interface ApplicationService {
  /**
   * Id that is unique over all services of all Applications; the id of the bundle in UCL.
   */
  id: string;
  /**
   * Id of the service given by the external system.
   */
  identifier?: string;
  /**
   * Unique technical name of the service.
   */
  name: string;
  /**
   * Name of the service. In lower case, with everything but letters and digits as hyphens, it is the part of the Application Gateway's path that selects the service.
   */
  displayName: string;
  /**
   * What the service is, for people.
   */
  description: string;
  /**
   * A longer text about the service, for user interfaces.
   */
  longDescription?: string;
  /**
   * Name of the organisation that provides the service, for user interfaces.
   */
  providerDisplayName: string;
  /**
   * JSON Schema, as text, of the input that is needed to ask UCL for credentials of this bundle.
   */
  authCreateParameterSchema?: string;
  /**
   * Free labels of the service. Deprecated; kept for old objects.
   */
  labels?: Record<string, string> | null;
  /**
   * Words by which user interfaces can find the service.
   *
   * Items: One tag.
   */
  tags?: string[];
  /**
   * The APIs and events of the service.
   */
  entries: ApplicationEntry[];
}
/**
 * One API that workloads can call, or one set of events the external system sends.
 */
export interface ApplicationEntry {
  /**
   * API for something workloads call, Events for something the external system sends.
   */
  type: "API" | "Events";
  /**
   * Kind of the API, such as ODATA or OPEN_API.
   */
  apiType?: string;
  /**
   * Id of the API or event definition in UCL.
   */
  id?: string;
  /**
   * Name of the API or event definition. In a bundle, normalised like the service's display name, it is the part of the Application Gateway's path that selects the API.
   */
  name?: string;
  /**
   * Base URL of the API. Calls through the Application Gateway are sent to this URL.
   */
  targetUrl?: string;
  /**
   * URL of the Application's own gateway in old releases. Kept for old objects; not used.
   */
  gatewayUrl?: string;
  /**
   * URL under which workloads in the cluster call this API through the Application Gateway.
   */
  centralGatewayUrl?: string;
  /**
   * Where the specification of the API or the events can be read.
   */
  specificationUrl?: string;
  /**
   * Name of the Secret with additional headers and query parameters for every call.
   */
  requestParametersSecretName?: string;
  /**
   * Label that once granted access to the entry. Kept for old objects; not used.
   */
  accessLabel?: string;
  credentials?: ApplicationCredentials;
}
/**
 * How the Application Gateway authenticates at the API. Without it, or with empty values, calls are sent without credentials.
 */
export interface ApplicationCredentials {
  /**
   * Method of authentication, such as Basic, OAuth, OAuthWithCert or CertificateGen.
   */
  type: string;
  /**
   * Name of the Secret that holds the credentials.
   */
  secretName: string;
  /**
   * URL of the token endpoint, for the OAuth methods.
   */
  authenticationUrl?: string;
  csrfInfo?: ApplicationCsrfInfo;
}
/**
 * Set when the API wants a token against cross-site request forgery (CSRF) with each call.
 */
export interface ApplicationCsrfInfo {
  /**
   * URL from which the CSRF token and its cookies are fetched.
   */
  tokenEndpointURL: string;
}
/**
 * What is known about the Application. Written by the controllers.
 */
export interface ApplicationStatus {
  installationStatus?: ApplicationInstallationStatus;
  /**
   * The latest observations of the Application's state, one for each type.
   */
  conditions?: ApplicationCondition[];
}
/**
 * State of what old releases installed for the Application. Kept for old objects and the Runtime Agent.
 */
export interface ApplicationInstallationStatus {
  /**
   * State of the installation in one word; empty when nothing was installed.
   */
  status: string;
  /**
   * The state in more words.
   */
  description?: string;
}
/**
 * One observation of one aspect of the Application's state.
 */
export interface ApplicationCondition {
  /**
   * The aspect observed, such as Ready or Synced.
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

/** applications.applicationconnector.kyma-project.io, v1alpha1 */
export const applications: Resource<Application> = /* @__PURE__ */ defineResource<Application>(applicationsDefinition, "v1alpha1");
