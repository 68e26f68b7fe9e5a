export { checked } from "./checked.ts";
export {
  type CertificationResult,
  type Connector,
  type ConnectorCall,
  type ConnectorConfiguration,
  createConnector,
} from "./connector.ts";
export type * from "./director/application.ts";
export { MalformedError } from "./director/decode.ts";
export { createDirector, type Director, type DirectorOptions } from "./director/director.ts";
export {
  type DirectorCall,
  type DirectorCallOptions,
  type DirectorRequest,
  directorCall,
} from "./director/director-call.ts";
export { InconsistentError } from "./director/page.ts";
export { createPageSize, type PageSize } from "./director/page-size.ts";
export type { RuntimeLabels, Snapshot } from "./director/read-snapshot.ts";
export type { ClientIdentity } from "./dispatchers.ts";
export { censored, redactText } from "./redact.ts";
export {
  createUclTransport,
  type Exchange,
  type UclCall,
  type UclTransport,
  type UclTransportOptions,
} from "./transport.ts";
export { UclError, type UclErrorCode } from "./ucl-error.ts";
