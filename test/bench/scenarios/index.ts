import { agent } from "./agent.ts";
import { configuration } from "./configuration.ts";
import { latency } from "./latency.ts";
import { manager } from "./manager.ts";
import { resources } from "./resources.ts";
import type { Scenario } from "./scenario.ts";
import { throughput } from "./throughput.ts";
import { validator } from "./validator.ts";

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  ...throughput,
  ...latency,
  ...configuration,
  ...resources,
  ...validator,
  ...agent,
  ...manager,
];
