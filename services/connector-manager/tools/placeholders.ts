import type { BundleSettings, Shape } from "../src/bundle/settings.ts";

/** Settings of a shape with a placeholder for each value, which the chart's templates pass through. */
export function placeholders(shape: Shape, defaults: BundleSettings, without: readonly string[] = []): BundleSettings {
  const settings = asPlaceholders(defaults, "") as BundleSettings;
  const { ingress, gateway } = settings;
  const used = shape.networkPolicies !== "Disabled";
  const result = {
    ...settings,
    imagePullSecrets: ["@{*imagePullSecrets}"],
    ingress: { ...ingress, mode: shape.ingress },
    networkPolicies: {
      mode: shape.networkPolicies,
      externalCIDRs: used && shape.externalCIDRs ? ["@{*networkPolicies.externalCIDRs}"] : [],
      // The chart sees no numbers here, and need not.
      apiServerPorts: (used && shape.apiServerPorts
        ? ["@{*networkPolicies.apiServerPorts}"]
        : []) as unknown as number[],
    },
    gateway: shape.allowedNamespaces
      ? {
          ...gateway,
          allowedNamespaces: {
            selector: "@{gateway.allowedNamespaces.selector}",
            names: ["@{*gateway.allowedNamespaces.names}"],
          },
        }
      : gateway,
  } as unknown as BundleSettings;
  return without.reduce((left, path) => withoutPath(left, path.split(".")) as BundleSettings, result);
}

/** These are maps that are replaced as a whole. */
const wholes = new Set(["ingress.selector", "gateway.resources", "validator.resources", "agent.resources"]);

function asPlaceholders(value: unknown, path: string): unknown {
  // Only variables of containers are true or false, and these are texts.
  if (typeof value === "boolean") return `@{=${path}}`;
  if (wholes.has(path) || typeof value !== "object" || value === null || Array.isArray(value)) return `@{${path}}`;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, one]) => [name, asPlaceholders(one, path === "" ? name : `${path}.${name}`)]),
  );
}

function withoutPath(value: object, [first = "", ...rest]: readonly string[]): object {
  const { [first]: inner, ...others } = value as Record<string, object>;
  return rest.length === 0 || inner === undefined ? others : { ...others, [first]: withoutPath(inner, rest) };
}
