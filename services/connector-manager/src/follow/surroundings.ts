import type { ApplicationConnector } from "@application-connector/crds";
import type { NetworkPolicyMode } from "../bundle/index.ts";
import type { Caches } from "../cluster/caches.ts";
import { shootInfo } from "../names.ts";
import { type Dependencies, dependenciesOf } from "../settings/dependencies.ts";
import { domainOf } from "../settings/domain.ts";
import type { Component } from "../status/components.ts";
import type { Finding } from "../status/finding.ts";

/** What is known of the cluster at the moment, before anything is done. */
export interface Surroundings {
  readonly domain: string | undefined;
  readonly dependencies: Dependencies;
  readonly networkPolicies: NetworkPolicyMode;
  readonly versionOf: (group: string, plural: string) => string | undefined;
  readonly components: readonly Component[];
  /** How the installation is, when nothing is done about it. */
  readonly standing: Finding;
}

/** Reads an object that may have mistakes in it. */
export function surroundingsOf(
  object: ApplicationConnector,
  caches: Caches,
  domainFallback: string,
  components: readonly Component[],
): Surroundings {
  const { ingress, networkPolicies, networkPoliciesEnabled } = object.spec ?? {};
  const { versionOf } = caches.foreign;
  const unready = components.filter(({ state }) => state !== "Ready" && state !== "NotConfigured");
  return {
    domain: domainOf(object, caches.shootInfo.get(shootInfo.name, shootInfo.namespace), domainFallback),
    dependencies: dependenciesOf(ingress?.mode ?? "Istio", versionOf),
    networkPolicies: networkPolicies?.mode ?? (networkPoliciesEnabled ? "Allow" : "Disabled"),
    versionOf,
    components,
    standing:
      unready.length === 0
        ? { kind: "ready" }
        : { kind: "verifying", detail: `not ready: ${unready.map(({ name }) => name).join(", ")}` },
  };
}
