/** What the Director answers with. */
export const directorTypes = /* GraphQL */ `
interface Pageable { pageInfo: PageInfo! totalCount: Int! }
type PageInfo { startCursor: PageCursor! endCursor: PageCursor! hasNextPage: Boolean! }
type ApplicationPage implements Pageable { data: [Application!]! pageInfo: PageInfo! totalCount: Int! }
type RuntimePage implements Pageable { data: [Runtime!]! pageInfo: PageInfo! totalCount: Int! }
type BundlePage implements Pageable { data: [Bundle!]! pageInfo: PageInfo! totalCount: Int! }
type APIDefinitionPage implements Pageable { data: [APIDefinition!]! pageInfo: PageInfo! totalCount: Int! }
type EventDefinitionPage implements Pageable { data: [EventDefinition!]! pageInfo: PageInfo! totalCount: Int! }
type FormationPage implements Pageable { data: [Formation!]! pageInfo: PageInfo! totalCount: Int! }

type Application {
  id: ID!  name: String!  providerName: String  description: String
  systemNumber: String  localTenantID: String  baseUrl: String  applicationNamespace: String
  integrationSystemID: ID  applicationTemplateID: ID  healthCheckURL: String  systemStatus: String
  labels(key: String): Labels
  status: ApplicationStatus!
  auths: [AppSystemAuth!]
  bundles(first: Int = 200, after: PageCursor): BundlePage
  bundle(id: ID!): Bundle
  apiDefinition(id: ID!): APIDefinition
  eventDefinition(id: ID!): EventDefinition
  eventingConfiguration: ApplicationEventingConfiguration
  createdAt: Timestamp  updatedAt: Timestamp  deletedAt: Timestamp  error: String
}
type ApplicationStatus { condition: ApplicationStatusCondition! timestamp: Timestamp! }
type ApplicationEventingConfiguration { defaultURL: String! }
type Bundle {
  id: ID!  name: String!  description: String
  instanceAuthRequestInputSchema: JSONSchema
  defaultInstanceAuth: Auth
  instanceAuth(id: ID!): BundleInstanceAuth
  instanceAuths: [BundleInstanceAuth!]
  apiDefinitions(group: String, first: Int = 200, after: PageCursor): APIDefinitionPage
  eventDefinitions(group: String, first: Int = 200, after: PageCursor): EventDefinitionPage
  apiDefinition(id: ID!): APIDefinition
  eventDefinition(id: ID!): EventDefinition
  correlationIDs: [String!]
  createdAt: Timestamp  updatedAt: Timestamp  deletedAt: Timestamp  error: String
}
type APIDefinition { id: ID! name: String! description: String targetURL: String! group: String version: Version error: String }
type EventDefinition { id: ID! name: String! description: String group: String version: Version error: String }
type Version { value: String! deprecated: Boolean deprecatedSince: String forRemoval: Boolean }

type Auth {
  credential: CredentialData
  accessStrategy: String
  additionalHeaders: HttpHeaders            additionalHeadersSerialized: HttpHeadersSerialized
  additionalQueryParams: QueryParams        additionalQueryParamsSerialized: QueryParamsSerialized
  requestAuth: CredentialRequestAuth
  oneTimeToken: OneTimeToken
  certCommonName: String
}
union CredentialData = BasicCredentialData | OAuthCredentialData | CertificateOAuthCredentialData
type BasicCredentialData { username: String! password: String! }
type OAuthCredentialData { clientId: ID! clientSecret: String! url: String! }
type CertificateOAuthCredentialData { clientId: ID! certificate: String! url: String! }
type CredentialRequestAuth { csrf: CSRFTokenCredentialRequestAuth }
type CSRFTokenCredentialRequestAuth {
  tokenEndpointURL: String!  credential: CredentialData
  additionalHeaders: HttpHeaders  additionalQueryParams: QueryParams
}
type BundleInstanceAuth {
  id: ID!  context: JSON  inputParams: JSON  auth: Auth  status: BundleInstanceAuthStatus!  runtimeID: ID  runtimeContextID: ID
}
type BundleInstanceAuthStatus { condition: BundleInstanceAuthStatusCondition! timestamp: Timestamp! message: String! reason: String! }

type Runtime {
  id: ID!  name: String!  description: String  labels(key: String): Labels  status: RuntimeStatus!
  metadata: RuntimeMetadata!  auths: [RuntimeSystemAuth!]  eventingConfiguration: RuntimeEventingConfiguration  applicationNamespace: String
}
type RuntimeStatus { condition: RuntimeStatusCondition! timestamp: Timestamp! }
type RuntimeMetadata { creationTimestamp: Timestamp! }
type RuntimeEventingConfiguration { defaultURL: String! }
interface SystemAuth { id: ID! auth: Auth type: SystemAuthReferenceType tenantId: String referenceObjectId: ID }
type AppSystemAuth implements SystemAuth { id: ID! auth: Auth type: SystemAuthReferenceType tenantId: String referenceObjectId: ID }
type RuntimeSystemAuth implements SystemAuth { id: ID! auth: Auth type: SystemAuthReferenceType tenantId: String referenceObjectId: ID }
type Label { key: String! value: Any! }
type Viewer { id: ID! type: ViewerType! }

interface OneTimeToken {
  token: String!  connectorURL: String!  used: Boolean!  expiresAt: Timestamp!
  createdAt: Timestamp  usedAt: Timestamp  raw: String  rawEncoded: String  type: OneTimeTokenType
}
type OneTimeTokenForRuntime implements OneTimeToken {
  token: String!  connectorURL: String!  used: Boolean!  expiresAt: Timestamp!
  createdAt: Timestamp  usedAt: Timestamp  raw: String  rawEncoded: String  type: OneTimeTokenType
}
type OneTimeTokenForApplication implements OneTimeToken {
  token: String!  connectorURL: String!  used: Boolean!  expiresAt: Timestamp!
  createdAt: Timestamp  usedAt: Timestamp  raw: String  rawEncoded: String  type: OneTimeTokenType
  legacyConnectorURL: String!  scenarioGroups: [String]
}

type Formation {
  id: ID!  name: String!  formationTemplateId: ID!  tenantID: ID!  state: String!  error: FormationError
  status: FormationStatus!  lastStateChangeTimestamp: Timestamp  lastNotificationSentTimestamp: Timestamp
}
type FormationStatus { condition: FormationStatusCondition! errors: [FormationStatusError!] }
type FormationStatusError { assignmentID: ID message: String! errorCode: Int! }
type FormationError { message: String! errorCode: Int! }

enum RuntimeStatusCondition { INITIAL PROVISIONING CONNECTED FAILED }
enum ApplicationStatusCondition { INITIAL CONNECTED FAILED CREATING CREATE_FAILED CREATE_SUCCEEDED UPDATING UPDATE_FAILED UPDATE_SUCCEEDED DELETING DELETE_FAILED DELETE_SUCCEEDED UNPAIRING UNPAIR_FAILED }
enum BundleInstanceAuthStatusCondition { PENDING SUCCEEDED FAILED UNUSED }
enum FormationObjectType { APPLICATION TENANT RUNTIME RUNTIME_CONTEXT }
enum FormationStatusCondition { IN_PROGRESS ERROR READY DRAFT }
enum SystemAuthReferenceType { APPLICATION RUNTIME INTEGRATION_SYSTEM }
enum OneTimeTokenType { Runtime Application }
enum OperationMode { SYNC ASYNC }
enum ViewerType { RUNTIME APPLICATION INTEGRATION_SYSTEM USER }
`;
