import type { DirectorBundle } from "@application-connector/ucl";
import { pathName, shortHash } from "../names/path-name.ts";
import type { Problem } from "../problem.ts";

/** The names under which the gateway finds bundles and APIs, and the APIs that share one with another. */
export interface GatewayPaths {
  bundleName(bundle: DirectorBundle): string;
  apiName(bundle: DirectorBundle, api: { readonly id: string; readonly name: string }): string;
  readonly problems: readonly Problem[];
}

export type PathConflictPolicy = "report" | "suffix";

const longestPath = 57;

/**
 * Two APIs of an Application under one path: only one can be called. By policy that is reported, or the later one gets a
 * name of its own. A name without any letter or digit makes no path at all, and is treated alike.
 */
export function gatewayPaths(bundles: readonly DirectorBundle[], policy: PathConflictPolicy): GatewayPaths {
  const renamedBundles = new Map<DirectorBundle, string>();
  const renamedApis = new Map<object, string>();
  const conflicting: string[] = [];
  const taken = new Map<string, string>();
  for (const bundle of bundles) {
    const bundlePath = pathName(bundle.name);
    if (bundlePath === "" && bundle.apis.length > 0 && policy === "suffix") {
      renamedBundles.set(bundle, withSuffix(bundle));
    }
    const segment = pathName(renamedBundles.get(bundle) ?? bundle.name);
    for (const api of bundle.apis) {
      const path = `${segment}/${pathName(api.name)}`;
      const holder = taken.get(path);
      const isUsable = segment !== "" && pathName(api.name) !== "" && holder === undefined;
      if (isUsable) taken.set(path, api.id);
      else if (policy === "suffix") renamedApis.set(api, withSuffix(api));
      else conflicting.push(...(holder === undefined ? [api.id] : [holder, api.id]));
    }
  }
  const message = `these APIs have no path of their own in the gateway: ${[...new Set(conflicting)].join(", ")}`;
  return {
    bundleName: (bundle) => renamedBundles.get(bundle) ?? bundle.name,
    apiName: (_bundle, api) => renamedApis.get(api) ?? api.name,
    problems: conflicting.length === 0 ? [] : [{ reason: "GatewayPathConflict", message }],
  };
}

/** A long name is cut first, as the path would cut off what tells it apart. */
function withSuffix({ id, name }: { readonly id: string; readonly name: string }): string {
  const suffix = `-${shortHash(id)}`;
  const path = pathName(name);
  return `${path.length + suffix.length > longestPath ? path.slice(0, longestPath - suffix.length) : name}${suffix}`;
}
