export {
  type Authority,
  type AuthorityOptions,
  createAuthority,
  type Issued,
  type IssueRequest,
  type LeafOptions,
  loadAuthority,
} from "./authority.ts";
export { formatName } from "./format-name.ts";
export type { KeyType, RsaDigest } from "./keys.ts";
export { type Attribute, commonName, type Name, NameError, type Rdn } from "./name.ts";
export { parseName } from "./parse-name.ts";
export { fromPem, toPem } from "./pem.ts";
export { type Pkcs12Options, toPkcs12 } from "./pkcs12.ts";
export { readIssuerBytes, readSubject, readSubjectBytes } from "./read-subject.ts";
export {
  createRequest,
  describeRequest,
  RequestError,
  type RequestOptions,
  readRequestSubject,
  signRequest,
} from "./request.ts";
export {
  type RevocationList,
  RevocationListError,
  type RevocationListOptions,
  readRevocationList,
} from "./revocation-list.ts";
export type { StringEncoding } from "./strings.ts";
export { formatXfcc, parseXfcc, type XfccElement, XfccError } from "./xfcc.ts";
