/** What can be asked of the Director: the part of its schema that agents, administrators and tests use. */
export const directorOperations = /* GraphQL */ `
scalar Any
scalar CLOB
scalar HttpHeaders
scalar HttpHeadersSerialized
scalar JSON
scalar JSONSchema
scalar Labels
scalar PageCursor
scalar QueryParams
scalar QueryParamsSerialized
scalar Timestamp

type Query {
  applications(filter: [LabelFilter!], first: Int = 200, after: PageCursor): ApplicationPage!
  application(id: ID!): Application
  applicationsForRuntime(runtimeID: ID!, first: Int = 200, after: PageCursor): ApplicationPage!
  runtimes(filter: [LabelFilter!], first: Int = 200, after: PageCursor): RuntimePage!
  runtime(id: ID!): Runtime
  viewer: Viewer!
  formation(id: ID!): Formation
  formationByName(name: String!): Formation
  formations(first: Int = 200, after: PageCursor): FormationPage!
  formationsForObject(objectID: String!): [Formation!]!
}
type Mutation {
  registerRuntime(in: RuntimeRegisterInput!): Runtime!
  updateRuntime(id: ID!, in: RuntimeUpdateInput!): Runtime!
  unregisterRuntime(id: ID!): Runtime!
  setRuntimeLabel(runtimeID: ID!, key: String!, value: Any!): Label!
  deleteRuntimeLabel(runtimeID: ID!, key: String!): Label!
  requestOneTimeTokenForRuntime(id: ID!, systemAuthID: ID): OneTimeTokenForRuntime!
  requestOneTimeTokenForApplication(id: ID!, systemAuthID: ID): OneTimeTokenForApplication!
  deleteSystemAuthForRuntime(authID: ID!): SystemAuth!
  deleteSystemAuthForApplication(authID: ID!): SystemAuth!
  registerApplication(in: ApplicationRegisterInput!, mode: OperationMode = SYNC): Application!
  registerApplicationFromTemplate(in: ApplicationFromTemplateInput!): Application!
  updateApplication(id: ID!, in: ApplicationUpdateInput!): Application!
  unregisterApplication(id: ID!, mode: OperationMode = SYNC): Application!
  setApplicationLabel(applicationID: ID!, key: String!, value: Any!): Label!
  deleteApplicationLabel(applicationID: ID!, key: String!): Label!
  addBundle(applicationID: ID!, in: BundleCreateInput!): Bundle!
  updateBundle(id: ID!, in: BundleUpdateInput!): Bundle!
  deleteBundle(id: ID!): Bundle!
  addAPIDefinitionToBundle(bundleID: ID!, in: APIDefinitionInput!): APIDefinition!
  updateAPIDefinition(id: ID!, in: APIDefinitionInput!): APIDefinition!
  deleteAPIDefinition(id: ID!): APIDefinition!
  addEventDefinitionToBundle(bundleID: ID!, in: EventDefinitionInput!): EventDefinition!
  updateEventDefinition(id: ID!, in: EventDefinitionInput!): EventDefinition!
  deleteEventDefinition(id: ID!): EventDefinition!
  createBundleInstanceAuth(bundleID: ID!, in: BundleInstanceAuthCreateInput!): BundleInstanceAuth!
  updateBundleInstanceAuth(id: ID!, bundleID: ID!, in: BundleInstanceAuthUpdateInput!): BundleInstanceAuth!
  deleteBundleInstanceAuth(authID: ID!): BundleInstanceAuth!
  createFormation(formation: FormationInput!): Formation!
  deleteFormation(formation: FormationInput!): Formation!
  assignFormation(objectID: ID!, objectType: FormationObjectType!, formation: FormationInput!, initialConfigurations: [InitialConfiguration!]): Formation!
  unassignFormation(objectID: ID!, objectType: FormationObjectType!, formation: FormationInput!): Formation!
}
`;
