import type { Authorities } from "./connector/authorities.ts";
import type { Bearers } from "./identity/bearers.ts";
import type { Clock } from "./model/clock.ts";
import type { Model } from "./model/model.ts";
import type { Random } from "./model/random.ts";

/** The addresses that UCL tells its callers. */
export interface Urls {
  /** Token-secured Connector. */
  connectorURL: string;
  certificateSecuredConnectorURL: string;
  /** Director behind client certificates. */
  directorURL: string;
  /** Pairing for external systems that speak the older REST interface. */
  legacyConnectorURL: string;
}

/** What can be set while it runs. */
export interface Settings {
  certificateValidityMs: number;
  /** UCL gives every certificate the serial number 2. */
  serialNumbers: "constant" | "random";
  /** Whether the first page arguments of a nested list count for all of that list in a request. */
  batchesNestedLists: boolean;
  /** Who comes without a good certificate gets an answer, or no connection at all. */
  badCertificates: "answer" | "refuse";
}

/** All that a request may need. */
export interface World {
  readonly model: Model;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorities: Authorities;
  readonly bearers: Bearers;
  readonly urls: Urls;
  readonly settings: Settings;
}
