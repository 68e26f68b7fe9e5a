export type { ClientCertificate, Credential, OutgoingCall } from "./credential.ts";
export { credentialFor, knownTypes } from "./credential-for.ts";
export { type CsrfSettings, withCsrf } from "./csrf.ts";
export { type CsrfSession, sizeOfSession } from "./csrf-session.ts";
export { FetchLanes, type FetchLanesOptions } from "./fetch-lanes.ts";
export { fingerprint } from "./fingerprint.ts";
export { type HiddenParameters, hideParameters, tellsHidden } from "./hidden-parameters.ts";
export { showUrl } from "./http-url.ts";
export type { KeySet } from "./key-sets.ts";
export { none } from "./none.ts";
export { mergeQuery, parseQuery, type QueryAddition } from "./query.ts";
export type { Reach } from "./reach.ts";
export { RefreshTokens } from "./refresh-tokens.ts";
export {
  addHeaders,
  type HeaderAddition,
  noParameters,
  type RequestParameters,
  requestParameters,
} from "./request-parameters.ts";
export type { Secret } from "./secret.ts";
export {
  type FetchObserver,
  type Token,
  TokenCache,
  type TokenCacheOptions,
  type TokenFetch,
  type TokenState,
  type Tokens,
} from "./token-cache.ts";
export type { TokenSettings } from "./token-client.ts";
export { TokenView, type TokenViewOptions } from "./token-view.ts";
export { withoutToken } from "./without-token.ts";
