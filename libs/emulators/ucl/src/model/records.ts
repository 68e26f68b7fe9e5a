/** What UCL keeps. Times are milliseconds since 1970; every record is plain JSON. */
export interface Tenant {
  id: string;
  /** What the header `Tenant` carries. */
  externalId: string;
  name: string;
}

export interface Formation {
  id: string;
  tenantId: string;
  name: string;
  templateId: string;
  state: string;
  createdAt: number;
  /** Ids of the runtimes and applications in it. */
  members: string[];
}

interface Owned {
  id: string;
  tenantId: string;
  name: string;
  description: string | null;
  labels: Record<string, unknown>;
  condition: string;
  conditionAt: number;
  createdAt: number;
  updatedAt: number;
  applicationNamespace: string | null;
}

export interface Runtime extends Owned {}

export interface Application extends Owned {
  providerName: string | null;
  systemNumber: string | null;
  localTenantID: string | null;
  baseUrl: string | null;
  healthCheckURL: string | null;
  integrationSystemID: string | null;
  applicationTemplateID: string | null;
}

export type Credential =
  | { kind: "BasicCredentialData"; username: string; password: string }
  | { kind: "OAuthCredentialData"; clientId: string; clientSecret: string; url: string }
  | { kind: "CertificateOAuthCredentialData"; clientId: string; certificate: string; url: string };

export type Parameters = Record<string, string[]>;

export interface Auth {
  credential: Credential | null;
  accessStrategy: string | null;
  additionalHeaders: Parameters | null;
  additionalQueryParams: Parameters | null;
  csrf: {
    tokenEndpointURL: string;
    credential: Credential | null;
    additionalHeaders: Parameters | null;
    additionalQueryParams: Parameters | null;
  } | null;
  certCommonName: string | null;
}

export interface Bundle {
  id: string;
  applicationId: string;
  name: string;
  description: string | null;
  /** JSON as text. */
  instanceAuthRequestInputSchema: string | null;
  defaultInstanceAuth: Auth | null;
  correlationIDs: string[] | null;
  createdAt: number;
  updatedAt: number;
}

export interface Version {
  value: string;
  deprecated: boolean;
  deprecatedSince: string | null;
  forRemoval: boolean;
}

interface Definition {
  id: string;
  applicationId: string;
  /** A definition may stand in several bundles. */
  bundleIds: string[];
  name: string;
  description: string | null;
  group: string | null;
  version: Version | null;
  /** What is not public is not shown to runtimes. */
  visibility: "public" | "internal" | "private";
}

export interface ApiDefinition extends Definition {
  targetURL: string;
}

export interface EventDefinition extends Definition {}

export interface InstanceAuth {
  id: string;
  bundleId: string;
  context: string | null;
  inputParams: string | null;
  auth: Auth | null;
  condition: "PENDING" | "SUCCEEDED" | "FAILED" | "UNUSED";
  conditionAt: number;
  runtimeID: string | null;
  runtimeContextID: string | null;
}

export interface OneTimeToken {
  token: string;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
}

/** The identity of a runtime or an application: its id is the common name of its certificates. */
export interface SystemAuth {
  id: string;
  tenantId: string;
  type: "RUNTIME" | "APPLICATION";
  objectId: string;
  oneTimeToken: OneTimeToken | null;
  commonName: string | null;
}
