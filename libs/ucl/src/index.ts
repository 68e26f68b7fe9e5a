export { checked } from "./checked.ts";
export {
  type CertificationResult,
  type Connector,
  type ConnectorCall,
  type ConnectorConfiguration,
  createConnector,
} from "./connector.ts";
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
