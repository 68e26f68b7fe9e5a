// Generated from crds/*.yaml by crds/tools/generate.ts. Do not edit.

import { defineResource } from "../define-resource.ts";
import type { ObjectMeta } from "../object-meta.ts";
import type { Resource } from "../resource.ts";
import { compassconnectionsDefinition } from "./custom-resource-definitions.ts";

/**
 * The last round of synchronisation.
 */
export type CompassConnectionSynchronizationStatus = {
  /**
   * Why the last round failed; empty when it did not.
   */
  error?: string;
  /**
   * When the last round began.
   */
  lastAttempt?: string | null;
  /**
   * When the applications were last fetched as a whole.
   */
  lastSuccessfulFetch?: string | null;
  /**
   * When the applications were last applied.
   */
  lastSuccessfulApplication?: string | null;
} | null;

/**
 * The connection of this cluster to the Unified Customer Landscape (UCL, formerly Compass). The Runtime Agent makes and maintains the one that is called compass-connection; deleting it makes the agent pair again.
 */
export interface CompassConnection {
  /**
   * The group and version of this object's schema.
   */
  apiVersion?: string;
  /**
   * The kind of this object, CompassConnection.
   */
  kind?: string;
  metadata: ObjectMeta;
  spec: CompassConnectionSpec;
  status?: CompassConnectionStatus;
}
/**
 * Where UCL is reached, and what the Runtime Agent is asked to do out of turn.
 */
export interface CompassConnectionSpec {
  managementInfo: CompassConnectionManagementInfo;
  /**
   * Whether to synchronise at once, in spite of the minimal time between two rounds and of the deletion guard. Set back by the Runtime Agent when a round has succeeded.
   */
  resyncNow?: boolean;
  /**
   * Whether to ask for a new certificate at once. Set back by the Runtime Agent when it has one.
   */
  refreshCredentialsNow?: boolean;
}
/**
 * Addresses of UCL for clients with a certificate, as UCL told them.
 */
export interface CompassConnectionManagementInfo {
  /**
   * Address of the Connector, which issues certificates.
   */
  connectorUrl: string;
  /**
   * Address of the Director, which knows the applications.
   */
  directorUrl: string;
}
/**
 * What has become of the connection.
 */
export interface CompassConnectionStatus {
  /**
   * Connected, ConnectionFailed, ConnectionMaintenanceFailed, SynchronizationFailed, ResourceApplicationFailed, MetadataUpdateFailed or Synchronized.
   */
  connectionState: string;
  connectionStatus: CompassConnectionConnectionStatus;
  synchronizationStatus?: CompassConnectionSynchronizationStatus;
  /**
   * The latest observations of the connection's state, one for each type.
   */
  conditions?: CompassConnectionCondition[];
}
/**
 * The connection and its certificate.
 */
export interface CompassConnectionConnectionStatus {
  certificateStatus: CompassConnectionCertificateStatus;
  /**
   * Why the connection could not be made or maintained; empty when it could.
   */
  error?: string;
  /**
   * When the connection was made.
   */
  established?: string | null;
  /**
   * When the certificate was last renewed.
   */
  renewed?: string | null;
  /**
   * When the connection was last looked after.
   */
  lastSync?: string | null;
  /**
   * When the connection was last looked after with success.
   */
  lastSuccess?: string | null;
}
/**
 * The client certificate of this cluster.
 */
export interface CompassConnectionCertificateStatus {
  /**
   * When the first certificate of this connection was issued.
   */
  acquired?: string | null;
  /**
   * Begin of the certificate's validity.
   */
  notBefore?: string | null;
  /**
   * End of the certificate's validity.
   */
  notAfter?: string | null;
}
/**
 * One observation of one aspect of the connection's state.
 */
export interface CompassConnectionCondition {
  /**
   * The aspect observed, such as Connected or Fetched.
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

/** compassconnections.compass.kyma-project.io, v1alpha1 */
export const compassconnections: Resource<CompassConnection> = /* @__PURE__ */ defineResource<CompassConnection>(compassconnectionsDefinition, "v1alpha1");
