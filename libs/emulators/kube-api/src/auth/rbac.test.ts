import { describe, expect, onTestFinished, test } from "vitest";
import { configMaps, testServers } from "../test-client.ts";
import { type Attributes, allows } from "./rbac.ts";

const startServer = testServers(onTestFinished);
const read: Attributes = { verb: "get", group: "", resource: "secrets", subresource: "", namespace: "a", name: "x" };

describe("a rule", () => {
  const rule = { verbs: ["get"], apiGroups: [""], resources: ["secrets"] };
  test.each([
    { title: "allows what it names", rule, asked: read, allowed: true },
    { title: "allows no other verb", rule, asked: { ...read, verb: "list" }, allowed: false },
    { title: "allows no other group", rule, asked: { ...read, group: "apps" }, allowed: false },
    {
      title: "allows no subresource it does not name",
      rule,
      asked: { ...read, subresource: "status" },
      allowed: false,
    },
    {
      title: "allows a subresource it names",
      rule: { ...rule, resources: ["secrets/status"] },
      asked: { ...read, subresource: "status" },
      allowed: true,
    },
    {
      title: "allows a subresource of everything",
      rule: { ...rule, resources: ["*/status"] },
      asked: { ...read, subresource: "status" },
      allowed: true,
    },
    {
      title: "allows everything with stars",
      rule: { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      asked: { ...read, subresource: "status" },
      allowed: true,
    },
    { title: "allows the names it lists", rule: { ...rule, resourceNames: ["x"] }, asked: read, allowed: true },
    { title: "allows no other name", rule: { ...rule, resourceNames: ["y"] }, asked: read, allowed: false },
    {
      title: "allows paths by prefix",
      rule: { verbs: ["get"], nonResourceURLs: ["/healthz/*"] },
      asked: { ...read, resource: "", path: "/healthz/log" },
      allowed: true,
    },
    {
      title: "allows no other path",
      rule: { verbs: ["get"], nonResourceURLs: ["/healthz"] },
      asked: { ...read, resource: "", path: "/metrics" },
      allowed: false,
    },
  ])("$title", ({ rule, asked, allowed }) => {
    expect(allows(rule, asked)).toBe(allowed);
  });
});

test("a ServiceAccount has the rights of its bindings, and a token of it can be requested", async () => {
  const { api, send } = await startServer();
  const group = "rbac.authorization.k8s.io";
  api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } });
  api.create({
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata: { name: "robot" },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: "robot", namespace: "default" }],
  });
  const path = "/api/v1/namespaces/default/serviceaccounts/robot/token";
  const issued = await send(path, { method: "POST", body: { spec: { expirationSeconds: 600 } } });
  const { token } = issued.body.status;
  expect((await send(configMaps, { token })).status).toBe(200);
  expect((await send("/api/v1/namespaces/kube-system/configmaps", { token })).status).toBe(403);
  const refused = await send("/api/v1/namespaces/default/secrets", { token });
  expect(refused.body.message).toBe(
    'secrets is forbidden: User "system:serviceaccount:default:robot" cannot list resource "secrets" in API group "" in the namespace "default"',
  );
  api.delete({ apiVersion: "v1", kind: "ServiceAccount", name: "robot" });
  expect((await send(configMaps, { token })).status).toBe(401);
});

test("a right that is granted or taken holds from the next request on", async () => {
  const { api, send } = await startServer({ users: [{ token: "t", name: "somebody" }] });
  const group = "rbac.authorization.k8s.io";
  const binding = { apiVersion: `${group}/v1`, kind: "ClusterRoleBinding", metadata: { name: "b" } };
  expect((await send(configMaps, { token: "t" })).status).toBe(403);
  api.create({
    ...binding,
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "view" },
    subjects: [{ apiGroup: group, kind: "User", name: "somebody" }],
  });
  expect((await send(configMaps, { token: "t" })).status).toBe(200);
  api.delete({ ...binding, name: "b" });
  expect((await send(configMaps, { token: "t" })).status).toBe(403);
});

test("an administrator may act as somebody else", async () => {
  const { send } = await startServer();
  const headers = { "impersonate-user": "somebody", "impersonate-group": "system:masters" };
  expect((await send(configMaps, { headers })).status).toBe(200);
  expect((await send(configMaps, { headers: { "impersonate-user": "somebody" } })).status).toBe(403);
});

test("a token is good for the audiences that it was requested for", async () => {
  const { api, send } = await startServer();
  api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } });
  const path = "/api/v1/namespaces/default/serviceaccounts/robot/token";
  const issued = await send(path, { method: "POST", body: { spec: { audiences: ["gateway", "other"] } } });
  const { token } = issued.body.status;
  const reviewed = async (audiences?: string[]) => {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token, audiences } };
    return (await send("/apis/authentication.k8s.io/v1/tokenreviews", { method: "POST", body })).body.status;
  };
  expect(await reviewed(["gateway", "third"])).toMatchObject({
    authenticated: true,
    user: { username: "system:serviceaccount:default:robot" },
    audiences: ["gateway"],
  });
  expect((await reviewed(["third"])).authenticated).toBeUndefined();
  expect((await reviewed()).authenticated).toBeUndefined();
  expect((await send(configMaps, { token })).status).toBe(401);
});
