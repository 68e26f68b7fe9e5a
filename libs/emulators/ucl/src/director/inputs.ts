import type { Auth, Credential, Parameters, Version } from "../model/records.ts";
import { invalidInput } from "./director-error.ts";

/** Inputs as GraphQL hands them over: checked by the schema, absent where nothing was sent. */
export interface RuntimeInput {
  name: string;
  description?: string | null;
  labels?: Record<string, unknown> | null;
  statusCondition?: string | null;
  applicationNamespace?: string | null;
}

export interface ApplicationUpdateInput {
  providerName?: string | null;
  description?: string | null;
  healthCheckURL?: string | null;
  baseUrl?: string | null;
  applicationNamespace?: string | null;
  integrationSystemID?: string | null;
  statusCondition?: string | null;
  localTenantID?: string | null;
}

export interface ApplicationInput extends ApplicationUpdateInput {
  name: string;
  labels?: Record<string, unknown> | null;
  bundles?: BundleInput[] | null;
}

export interface BundleInput {
  name: string;
  description?: string | null;
  instanceAuthRequestInputSchema?: string | null;
  defaultInstanceAuth?: AuthInput | null;
  apiDefinitions?: DefinitionInput[] | null;
  eventDefinitions?: DefinitionInput[] | null;
  correlationIDs?: string[] | null;
}

export interface DefinitionInput {
  name: string;
  description?: string | null;
  targetURL?: string;
  group?: string | null;
  version?: {
    value: string;
    deprecated?: boolean | null;
    deprecatedSince?: string | null;
    forRemoval?: boolean | null;
  } | null;
}

interface CredentialInput {
  basic?: { username: string; password: string } | null;
  oauth?: { clientId: string; clientSecret: string; url: string } | null;
  certificateOAuth?: { clientId: string; certificate: string; url: string } | null;
}

export interface AuthInput {
  credential?: CredentialInput | null;
  accessStrategy?: string | null;
  additionalHeaders?: Parameters | null;
  additionalHeadersSerialized?: string | null;
  additionalQueryParams?: Parameters | null;
  additionalQueryParamsSerialized?: string | null;
  requestAuth?: {
    csrf?: {
      tokenEndpointURL: string;
      credential?: CredentialInput | null;
      additionalHeaders?: Parameters | null;
      additionalQueryParams?: Parameters | null;
    } | null;
  } | null;
  certCommonName?: string | null;
}

export function authFrom(input: AuthInput | null | undefined): Auth | null {
  if (input === null || input === undefined) return null;
  const csrf = input.requestAuth?.csrf ?? null;
  return {
    credential: credentialFrom(input.credential),
    accessStrategy: input.accessStrategy ?? null,
    additionalHeaders: parametersFrom(input.additionalHeaders, input.additionalHeadersSerialized),
    additionalQueryParams: parametersFrom(input.additionalQueryParams, input.additionalQueryParamsSerialized),
    csrf: csrf && {
      tokenEndpointURL: csrf.tokenEndpointURL,
      credential: credentialFrom(csrf.credential),
      additionalHeaders: parametersFrom(csrf.additionalHeaders),
      additionalQueryParams: parametersFrom(csrf.additionalQueryParams),
    },
    certCommonName: input.certCommonName ?? null,
  };
}

function credentialFrom(input: CredentialInput | null | undefined): Credential | null {
  if (input?.basic) return { kind: "BasicCredentialData", ...input.basic };
  if (input?.oauth) return { kind: "OAuthCredentialData", ...input.oauth };
  if (input?.certificateOAuth) return { kind: "CertificateOAuthCredentialData", ...input.certificateOAuth };
  return null;
}

function parametersFrom(map: Parameters | null | undefined, serialized?: string | null): Parameters | null {
  if (serialized === undefined || serialized === null || serialized === "") return map ?? null;
  try {
    return JSON.parse(serialized) as Parameters;
  } catch {
    throw invalidInput("AuthInput", { additionalHeadersSerialized: "must be a JSON object" });
  }
}

export function versionFrom(input: DefinitionInput["version"]): Version | null {
  if (input === null || input === undefined) return null;
  return {
    value: input.value,
    deprecated: input.deprecated ?? false,
    deprecatedSince: input.deprecatedSince ?? null,
    forRemoval: input.forRemoval ?? false,
  };
}
