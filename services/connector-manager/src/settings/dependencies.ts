import type { IngressMode } from "../bundle/index.ts";

/** Kinds that an ingress mode cannot do without. */
const needed: Readonly<Record<IngressMode, { group: string; plurals: readonly string[]; missing: string }>> = {
  Istio: { group: "networking.istio.io", plurals: ["gateways", "virtualservices"], missing: "ISTIO not found" },
  GatewayAPI: {
    group: "gateway.networking.k8s.io",
    plurals: ["gateways", "httproutes"],
    missing: "Gateway API not found",
  },
  BuiltIn: { group: "", plurals: [], missing: "" },
  None: { group: "", plurals: [], missing: "" },
};

export interface Dependencies {
  /** What to say when the mode cannot work here; undefined when it can. */
  readonly missing: string | undefined;
  /** The definitions that are not there, or serve no version that can be used. */
  readonly names: readonly string[];
  /** Istio is there, but not what would keep others from the validator's port. */
  readonly unprotected: boolean;
}

export function dependenciesOf(
  mode: IngressMode,
  versionOf: (group: string, plural: string) => string | undefined,
): Dependencies {
  const { group, plurals, missing } = needed[mode];
  const names = plurals
    .filter((plural) => versionOf(group, plural) === undefined)
    .map((plural) => `${plural}.${group}`);
  const protection = ["peerauthentications", "authorizationpolicies"];
  return {
    missing: names.length > 0 ? missing : undefined,
    names,
    unprotected: mode === "Istio" && protection.some((plural) => versionOf("security.istio.io", plural) === undefined),
  };
}
