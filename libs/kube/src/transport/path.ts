import type { Resource } from "../resources/resource.ts";

/** Which object or collection a call is about. */
export interface Target {
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
}

export type Query = Record<string, string | number | boolean | undefined>;

/** The path of a resource on the API server. Names are encoded, never changed in case: `My:Role` is not `my:role`. */
export function resourcePath(resource: Resource<unknown>, { namespace, name, subresource }: Target): string {
  if (name !== undefined && resource.namespaced && namespace === undefined) {
    throw new TypeError(`${resource.plural} ${name} needs a namespace`);
  }
  const path = [
    resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`,
    resource.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : "",
    `/${resource.plural}`,
    name === undefined ? "" : `/${segment(name)}`,
    subresource === undefined ? "" : `/${subresource.split("/").map(segment).join("/")}`,
  ];
  return path.join("");
}

export function queryString(query: Query): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  if (present.length === 0) return "";
  return `?${new URLSearchParams(Object.fromEntries(present.map(([name, value]) => [name, String(value)] as const)))}`;
}

function segment(text: string): string {
  // A dot segment survives encoding and would be resolved on the way: the call would reach another object.
  if (text === "" || text === "." || text === "..") throw new TypeError(`"${text}" cannot be part of an object's path`);
  return encodeURIComponent(text);
}

/** How a call is named in messages: `get secrets kyma-system/crm`. */
export function describe(verb: string, resource: Resource<unknown>, { namespace, name }: Target): string {
  const group = resource.group === "" ? "" : `.${resource.group}`;
  const which = [namespace, name].filter((part) => part !== undefined).join("/");
  return which === "" ? `${verb} ${resource.plural}${group}` : `${verb} ${resource.plural}${group} ${which}`;
}
