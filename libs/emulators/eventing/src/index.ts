export type { EventFilter, StoredEvent } from "./event-store.ts";
export { type Eventing, type EventingOptions, startEventing } from "./eventing.ts";
export type { Fault } from "./faults.ts";
export type { ReceivedRequest } from "./received-request.ts";
export type { Subscription } from "./subscriptions.ts";
