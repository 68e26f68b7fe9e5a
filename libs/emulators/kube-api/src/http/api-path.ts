/** What a request asks for, read from method, path and query alone (upstream: RequestInfo). */
export interface RequestInfo {
  isResource: boolean;
  /** get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case. */
  verb: string;
  path: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** Segments after the subresource: nothing emulated has any. */
  rest: readonly string[];
}

const verbs: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
const namespaceSubresources = new Set(["status", "finalize"]);
const falsy = new Set(["false", "0"]);

export function readRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const info: RequestInfo = {
    isResource: false,
    verb: method.toLowerCase(),
    path,
    group: "",
    version: "",
    resource: "",
    subresource: "",
    namespace: "",
    name: "",
    rest: [],
  };
  let parts = path.split("/").filter((part, index, all) => part !== "" || (index > 0 && index < all.length - 1));
  if (parts.length < 3) return info;
  if (parts[0] === "apis") {
    if (parts.length < 4) return info;
    info.group = parts[1] as string;
    parts = parts.slice(2);
  } else if (parts[0] === "api") {
    parts = parts.slice(1);
  } else {
    return info;
  }
  info.isResource = true;
  info.version = parts[0] as string;
  parts = parts.slice(1);
  info.verb = verbs[method] ?? "";

  if (parts[0] === "namespaces" && parts.length > 1) {
    info.namespace = parts[1] as string;
    if (parts.length > 2 && !namespaceSubresources.has(parts[2] as string)) parts = parts.slice(2);
  }
  const [resource = "", name = "", subresource = "", ...rest] = parts;
  Object.assign(info, { resource, name, subresource, rest });

  if (!name && info.verb === "get") {
    info.verb = isWatch(query) ? "watch" : "list";
    const exact = /(?:^|,)\s*metadata\.name\s*==?\s*([^,]+)/.exec(query.get("fieldSelector") ?? "")?.[1];
    // So that a role with resourceNames can allow watching exactly one object.
    if (exact) info.name = exact.trim();
  } else if (!name && info.verb === "delete") {
    info.verb = "deletecollection";
  }
  return info;
}

export function isTrue(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && !falsy.has(value.toLowerCase());
}

const isWatch = (query: URLSearchParams) => isTrue(query, "watch");
