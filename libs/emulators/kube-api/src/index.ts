export type { TokenUser } from "./auth/tokens.ts";
export type { Faults, RequestScope, StatusFault } from "./faults/faults.ts";
export type { RequestLog, SeenRequest } from "./faults/request-log.ts";
export type { Scope } from "./faults/scope.ts";
export type { ObjectInput, Reference } from "./in-process.ts";
export { type KubeApi, type KubeApiOptions, startKubeApi } from "./kube-api.ts";
export type { KubeObject } from "./objects.ts";
export { ApiError } from "./status.ts";
