import type { KubeObject, StatedCondition } from "@application-connector/kube";
import { type Progress, progressOf, type Workload } from "../install/readiness.ts";
import { agentName, gatewayName, validatorName } from "../names.ts";

/** One of the programs, as the status lists it. */
export interface Component {
  name: string;
  image?: string;
  desired: number;
  ready: number;
  state: Progress | "Missing" | "NotConfigured";
}

const names = [gatewayName, validatorName, agentName] as const;

const conditionTypes = {
  [gatewayName]: "GatewayAvailable",
  [validatorName]: "ValidatorAvailable",
  [agentName]: "RuntimeAgentAvailable",
} as const;

/** How each of the programs is. */
export function componentsOf(find: (name: string) => KubeObject | undefined): Component[] {
  return names.map((name) => {
    const workload = find(name) as Workload | undefined;
    if (workload === undefined) return { name, desired: 0, ready: 0, state: "Missing" };
    const image = workload.spec?.template?.spec?.containers?.[0]?.image;
    const desired = workload.spec?.replicas ?? 1;
    return {
      name,
      ...(image === undefined ? {} : { image }),
      desired,
      ready: workload.status?.readyReplicas ?? 0,
      state: name === agentName && desired === 0 ? "NotConfigured" : progressOf(workload),
    };
  });
}

/** The same as conditions. */
export function componentConditions(components: readonly Component[], agentEnabled: string): StatedCondition[] {
  return components.map((component) => ({
    type: conditionTypes[component.name as keyof typeof conditionTypes],
    ...verdictOf(component, agentEnabled),
  }));
}

function verdictOf({ name, state, ready, desired }: Component, agentEnabled: string): Omit<StatedCondition, "type"> {
  switch (state) {
    case "Ready":
      return { status: "True", reason: "Available", message: `Deployment ${name} is available` };
    case "Progressing":
      return { status: "Unknown", reason: "Progressing", message: `Deployment ${name} is on its way` };
    case "Unavailable":
      return {
        status: "False",
        reason: "Unavailable",
        message: `Deployment ${name} is not available: ${ready} of ${desired} replicas are ready`,
      };
    case "Stalled":
      return { status: "False", reason: "RolloutStalled", message: `Deployment ${name} does not get on: see its pods` };
    case "Missing":
      return { status: "Unknown", reason: "Missing", message: `Deployment ${name} does not exist` };
    case "NotConfigured":
      return agentEnabled === "Never"
        ? { status: "False", reason: "Disabled", message: "spec.runtimeAgent.enabled is Never" }
        : {
            status: "False",
            reason: "NotConfigured",
            message: "there is no Secret kyma-system/compass-agent-configuration that says how to reach UCL",
          };
  }
}
