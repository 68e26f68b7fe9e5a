import type { ConnectionOptions } from "node:tls";
import type { Place } from "./case.ts";
import { gatewayListeners, gatewayOnNode, gatewayWorkers } from "./listeners/application-gateway.ts";
import { validatorListeners, validatorOnNode } from "./listeners/connectivity-validator.ts";
import { managerListeners } from "./listeners/connector-manager.ts";
import { agentListeners } from "./listeners/runtime-agent.ts";
import type { RecordingTarget } from "./recording-target.ts";

/** A port of the product that somebody outside can open a connection to. */
export interface PublicListener {
  readonly port: number;
  /** What a client needs for its handshake; absent where TLS is not spoken. */
  readonly tls?: () => ConnectionOptions;
  readonly place: Place;
  /** Where its requests end up; absent where it answers by itself. */
  readonly target?: RecordingTarget;
  /** Whether a status is what a well-formed request gets here. */
  isServed(status: number): boolean;
}

export interface ListenerGroup {
  /** One program's listeners by name, as tests show them. */
  readonly listeners: Readonly<Record<string, PublicListener>>;
  stop(): Promise<void>;
}

/** One program whose listeners are tested. `names` are known before it runs. */
export interface ListenerSource<Name extends string = string> {
  readonly program: string;
  readonly names: readonly Name[];
  start(): Promise<ListenerGroup & { readonly listeners: Readonly<Record<Name, PublicListener>> }>;
}

/** Every listener that the product has. A program that opens another adds it here, and the whole suite runs against it. */
export const sources: readonly ListenerSource[] = [
  gatewayListeners,
  gatewayOnNode,
  gatewayWorkers,
  validatorListeners,
  validatorOnNode,
  agentListeners,
  managerListeners,
];
