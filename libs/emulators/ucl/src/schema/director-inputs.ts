/** What the Director takes. */
export const directorInputs = /* GraphQL */ `
input LabelFilter { key: String! query: String }
input RuntimeRegisterInput {
  name: String!  description: String  labels: Labels  statusCondition: RuntimeStatusCondition  applicationNamespace: String
}
input RuntimeUpdateInput {
  name: String!  description: String  labels: Labels  statusCondition: RuntimeStatusCondition  applicationNamespace: String
}
input ApplicationRegisterInput {
  name: String!  providerName: String  description: String  labels: Labels  healthCheckURL: String  baseUrl: String
  applicationNamespace: String  integrationSystemID: ID  statusCondition: ApplicationStatusCondition
  localTenantID: String  bundles: [BundleCreateInput!]
}
input ApplicationUpdateInput {
  providerName: String  description: String  healthCheckURL: String  baseUrl: String  applicationNamespace: String
  integrationSystemID: ID  statusCondition: ApplicationStatusCondition  localTenantID: String
}
input TemplateValueInput { placeholder: String!  value: String! }
input ApplicationFromTemplateInput {
  id: ID  templateName: String!  values: [TemplateValueInput]  placeholdersPayload: String  labels: Labels
}
input BundleCreateInput {
  name: String!  description: String  instanceAuthRequestInputSchema: JSONSchema  defaultInstanceAuth: AuthInput
  apiDefinitions: [APIDefinitionInput!]  eventDefinitions: [EventDefinitionInput!]  correlationIDs: [String!]
}
input BundleUpdateInput {
  name: String!  description: String  instanceAuthRequestInputSchema: JSONSchema  defaultInstanceAuth: AuthInput
}
input VersionInput {
  value: String!  deprecated: Boolean = false  deprecatedSince: String  forRemoval: Boolean = false
}
input SpecInput { data: CLOB  type: String  format: String }
input APIDefinitionInput {
  name: String!  description: String  targetURL: String!  group: String  version: VersionInput  spec: SpecInput
}
input EventDefinitionInput {
  name: String!  description: String  group: String  version: VersionInput  spec: SpecInput
}
input BasicCredentialDataInput { username: String!  password: String! }
input OAuthCredentialDataInput { clientId: ID!  clientSecret: String!  url: String! }
input CertificateOAuthCredentialDataInput { clientId: ID!  certificate: String!  url: String! }
input CredentialDataInput {
  basic: BasicCredentialDataInput  oauth: OAuthCredentialDataInput
  certificateOAuth: CertificateOAuthCredentialDataInput
}
input CSRFTokenCredentialRequestAuthInput {
  tokenEndpointURL: String!  credential: CredentialDataInput
  additionalHeaders: HttpHeaders  additionalQueryParams: QueryParams
}
input CredentialRequestAuthInput { csrf: CSRFTokenCredentialRequestAuthInput }
input AuthInput {
  credential: CredentialDataInput  accessStrategy: String
  additionalHeaders: HttpHeaders  additionalHeadersSerialized: HttpHeadersSerialized
  additionalQueryParams: QueryParams  additionalQueryParamsSerialized: QueryParamsSerialized
  requestAuth: CredentialRequestAuthInput  certCommonName: String
}
input BundleInstanceAuthCreateInput {
  context: JSON  inputParams: JSON  auth: AuthInput!  runtimeID: ID  runtimeContextID: ID
}
input BundleInstanceAuthUpdateInput { context: JSON  inputParams: JSON  auth: AuthInput }
input FormationInput { name: String!  templateName: String  state: String }
input InitialConfiguration { sourceID: ID!  targetID: ID!  configuration: JSON! }
`;
