import { expect, test } from "vitest";
import { configMaps, leases, namespaces } from "../resources/builtin.ts";
import type { Resource } from "../resources/resource.ts";
import { queryString, resourcePath } from "./path.ts";

const roles: Resource<unknown> = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  plural: "clusterroles",
  kind: "ClusterRole",
  namespaced: false,
};

test.each([
  { resource: configMaps, target: {}, path: "/api/v1/configmaps" },
  { resource: configMaps, target: { namespace: "a" }, path: "/api/v1/namespaces/a/configmaps" },
  { resource: configMaps, target: { namespace: "a", name: "b.c" }, path: "/api/v1/namespaces/a/configmaps/b.c" },
  { resource: namespaces, target: { name: "a", subresource: "status" }, path: "/api/v1/namespaces/a/status" },
  {
    resource: leases,
    target: { namespace: "a", name: "b" },
    path: "/apis/coordination.k8s.io/v1/namespaces/a/leases/b",
  },
  { resource: roles, target: { name: "My:Role" }, path: "/apis/rbac.authorization.k8s.io/v1/clusterroles/My%3ARole" },
  { resource: namespaces, target: { name: "a/../b?c" }, path: "/api/v1/namespaces/a%2F..%2Fb%3Fc" },
])("$path", ({ resource, target, path }) => {
  expect(resourcePath(resource as Resource<unknown>, target)).toBe(path);
});

test.each([
  { namespace: "a", name: ".." },
  { namespace: ".", name: "b" },
  { namespace: "", name: "b" },
  { name: "without-namespace" },
])("a path cannot be built from %o", (target) => {
  expect(() => resourcePath(configMaps as Resource<unknown>, target)).toThrow(TypeError);
});

test("a query holds what is given and nothing else", () => {
  expect(queryString({ a: undefined })).toBe("");
  expect(queryString({ limit: 5, watch: true, labelSelector: "a=b,c in (d)", none: undefined })).toBe(
    "?limit=5&watch=true&labelSelector=a%3Db%2Cc+in+%28d%29",
  );
});
