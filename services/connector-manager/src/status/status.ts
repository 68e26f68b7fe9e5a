import type { ApplicationConnector } from "@application-connector/crds";
import type { StatedCondition, StatedStatus } from "@application-connector/kube";
import type { NetworkPolicyMode } from "../bundle/index.ts";
import type { Dependencies } from "../settings/dependencies.ts";
import { type Component, componentConditions } from "./components.ts";
import { summaryOf } from "./conditions.ts";
import type { Finding } from "./finding.ts";

/** What is known beside the finding, whatever that is. */
export interface Knowledge {
  readonly version: string;
  readonly dependencies: Dependencies;
  readonly domain: string | undefined;
  readonly components: readonly Component[];
  readonly networkPolicies: NetworkPolicyMode;
  readonly paused: boolean;
}

/** At most, so that no list of failures fills the object. */
const longestMessage = 1024;

/** The whole status of the served object. */
export function statusOf(object: ApplicationConnector, finding: Finding, known: Knowledge): StatedStatus {
  const { spec = {}, metadata } = object;
  const { domain, version, components } = known;
  const { state, conditions } = summaryOf(finding);
  const mode = spec.ingress?.mode ?? "Istio";
  const hasHost = domain !== undefined && mode !== "None";
  return {
    state,
    served: "True",
    ...generationOf(metadata.generation),
    ...(domain === undefined ? {} : { domainName: domain }),
    ...(hasHost ? { ingressHost: `${spec.ingress?.hostPrefix ?? "gateway"}.${domain}` } : {}),
    version,
    components,
    conditions: stamped(metadata.generation, [
      ...conditions,
      dependencyCondition(known.dependencies),
      domainCondition(domain),
      ...componentConditions(components, spec.runtimeAgent?.enabled ?? "Auto"),
      networkPolicyCondition(known.networkPolicies, finding),
      ...(known.paused ? [pausedCondition] : []),
    ]),
  };
}

/** Says of each condition which generation it speaks of, and keeps its message short. */
export const stamped = (
  generation: number | undefined,
  conditions: readonly StatedCondition[],
): readonly StatedCondition[] =>
  conditions.map((condition) => ({
    ...condition,
    message: cut(condition.message ?? ""),
    ...generationOf(generation),
  }));

const generationOf = (generation: number | undefined) =>
  generation === undefined ? {} : { observedGeneration: generation };

const cut = (text: string): string =>
  text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;

function dependencyCondition({ missing, names, unprotected }: Dependencies): StatedCondition {
  const type = "DependenciesSatisfied";
  if (missing !== undefined) {
    const message = `${missing}: install ${names.join(" and ")}, or choose another spec.ingress.mode`;
    return { type, status: "False", reason: "KindsMissing", message };
  }
  const gap = "security.istio.io is not served, so that other pods of the cluster can reach the port of the validator";
  return unprotected
    ? { type, status: "True", reason: "Unprotected", message: gap }
    : { type, status: "True", reason: "Satisfied", message: "everything that is needed is there" };
}

function domainCondition(domain: string | undefined): StatedCondition {
  const type = "DomainResolved";
  if (domain !== undefined) return { type, status: "True", reason: "Resolved", message: domain };
  return { type, status: "False", reason: "DomainNotFound", message: domainRemedy };
}

export const domainRemedy =
  "no domain is known: set spec.domainName, or create the ConfigMap kube-system/shoot-info with the key domain";

function networkPolicyCondition(mode: NetworkPolicyMode, finding: Finding): StatedCondition {
  const type = "NetworkPoliciesApplied";
  if (mode === "Disabled")
    return { type, status: "False", reason: "Disabled", message: "NetworkPolicies are not enabled" };
  const applied = finding.kind === "ready" || finding.kind === "verifying";
  return applied
    ? { type, status: "True", reason: mode, message: `NetworkPolicies of the mode ${mode} are applied` }
    : { type, status: "Unknown", reason: "NotApplied", message: "NetworkPolicies were not applied yet" };
}

const pausedCondition: StatedCondition = {
  type: "Paused",
  status: "True",
  reason: "Annotated",
  message: "nothing is changed until the annotation operator.kyma-project.io/pause is removed",
};
