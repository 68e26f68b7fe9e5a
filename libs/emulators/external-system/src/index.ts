export { type ExternalSystem, type ExternalSystemOptions, startExternalSystem } from "./external-system.ts";
export type { SignatureKey } from "./guards/signed.ts";
export type { ListenerName } from "./listeners.ts";
export type { Received, RequestFilter, RequestLog } from "./request-log.ts";
export { sizedBody } from "./routes/sizes.ts";
