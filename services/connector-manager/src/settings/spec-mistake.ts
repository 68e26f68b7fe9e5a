import { type ApplicationConnector, applicationconnectors } from "@application-connector/crds";
import { wholeSeconds } from "./whole-seconds.ts";

/**
 * The first thing in an object that cannot be followed, as a sentence; undefined when there is none. The API server has
 * refused it already, unless it was stored before the rules came.
 */
export function specMistake(object: ApplicationConnector): string | undefined {
  return applicationconnectors.validate?.(object) ?? durationMistake(object) ?? scalingMistake(object);
}

function durationMistake({ spec = {} }: ApplicationConnector): string | undefined {
  const { appGateway = {}, runtimeAgent = {} } = spec;
  const durations = {
    "spec.appGateway.proxyTimeout": appGateway.proxyTimeout,
    "spec.appGateway.requestTimeout": appGateway.requestTimeout,
    "spec.runtimeAgent.controllerSyncPeriod": runtimeAgent.controllerSyncPeriod,
    "spec.runtimeAgent.minimalConfigSyncTime": runtimeAgent.minimalConfigSyncTime,
  };
  const [path, text] =
    Object.entries(durations).find(([, text]) => text !== undefined && wholeSeconds(text) === undefined) ?? [];
  return path && `${path} is ${JSON.stringify(text)}: it must be a duration such as 10s, more than 0s and at most 24h`;
}

function scalingMistake({ spec = {} }: ApplicationConnector): string | undefined {
  for (const section of ["appGateway", "appConnValidator"] as const) {
    const { minReplicas = 2, maxReplicas = 2 } = spec[section]?.scaling ?? {};
    if (minReplicas > maxReplicas) {
      return `spec.${section}.scaling: minReplicas ${minReplicas} must not be more than maxReplicas ${maxReplicas}`;
    }
  }
  return undefined;
}
