const pageInfo = "pageInfo { startCursor endCursor hasNextPage } totalCount";
const apis = `data { id name targetURL } ${pageInfo}`;
const events = `data { id name } ${pageInfo}`;
const credential = `credential {
  ... on BasicCredentialData { username password }
  ... on OAuthCredentialData { clientId clientSecret url }
  ... on CertificateOAuthCredentialData { clientId certificate url }
}`;
const auth = `${credential} additionalHeaders additionalQueryParams requestAuth { csrf { tokenEndpointURL } }`;

/** Nested pages as large as UCL allows. */
const first = "first: 200";
const bundles = `data {
  id name description instanceAuthRequestInputSchema
  defaultInstanceAuth { ${auth} }
  apiDefinitions(${first}) { ${apis} }
  eventDefinitions(${first}) { ${events} }
} ${pageInfo}`;

const application = `id name description labels auths { id } bundles(${first}) { ${bundles} }`;
const applicationsPage = `applicationsForRuntime(runtimeID: $runtime, first: $first, after: $after) {
  data { ${application} } ${pageInfo}
}`;

/** The runtime's labels and the first page of its applications. */
export const firstPage = `query ($runtime: ID!, $first: Int!, $after: PageCursor) {
  runtime(id: $runtime) { labels }
  ${applicationsPage}
}`;

export const furtherPage = `query ($runtime: ID!, $first: Int!, $after: PageCursor) { ${applicationsPage} }`;

export const applicationId = "query ($id: ID!) { application(id: $id) { id } }";

// One cursor per request: UCL reads the nested lists of all parents in one go, with the arguments of the first parent.
export const bundlesOf = `query ($id: ID!, $after: PageCursor) {
  application(id: $id) { bundles(${first}, after: $after) { ${bundles} } }
}`;

export const definitionsOf = {
  apiDefinitions: nested("apiDefinitions", apis),
  eventDefinitions: nested("eventDefinitions", events),
} as const;

function nested(list: string, fields: string): string {
  return `query ($id: ID!, $bundle: ID!, $after: PageCursor) {
  application(id: $id) { bundle(id: $bundle) { ${list}(${first}, after: $after) { ${fields} } } }
}`;
}

export const setRuntimeLabel = `mutation ($runtime: ID!, $key: String!, $value: Any!) {
  setRuntimeLabel(runtimeID: $runtime, key: $key, value: $value) { key value }
}`;
