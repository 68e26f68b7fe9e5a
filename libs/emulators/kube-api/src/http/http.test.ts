import { describe, expect, onTestFinished, test } from "vitest";
import { configMap, configMaps, testServers } from "../test-client.ts";
import { readRequestInfo } from "./api-path.ts";
import { duplicateFields } from "./duplicate-fields.ts";

const startServer = testServers(onTestFinished);

describe("a path and method mean", () => {
  test.each([
    ["GET", "/api/v1/secrets", { verb: "list", resource: "secrets", namespace: "", name: "" }],
    ["GET", "/api/v1/namespaces/a/secrets/x", { verb: "get", resource: "secrets", namespace: "a", name: "x" }],
    ["GET", "/api/v1/namespaces/a", { verb: "get", resource: "namespaces", namespace: "a", name: "a" }],
    [
      "PUT",
      "/api/v1/namespaces/a/finalize",
      { verb: "update", resource: "namespaces", subresource: "finalize", name: "a" },
    ],
    [
      "PATCH",
      "/apis/x.y/v1/things/t/status",
      { verb: "patch", group: "x.y", resource: "things", subresource: "status", name: "t" },
    ],
    ["GET", "/apis/x.y/v1/things?watch=true", { verb: "watch", resource: "things" }],
    ["GET", "/apis/x.y/v1/things?watch=0", { verb: "list" }],
    ["GET", "/apis/x.y/v1/things?fieldSelector=metadata.name%3Dt", { verb: "list", name: "t" }],
    ["DELETE", "/apis/x.y/v1/things", { verb: "deletecollection" }],
    ["GET", "/apis/x.y/v1", { isResource: false, verb: "get", path: "/apis/x.y/v1" }],
    ["GET", "/healthz", { isResource: false, verb: "get" }],
  ])("%s %s", (method, url, info) => {
    const { pathname, searchParams } = new URL(url, "https://x");
    expect(readRequestInfo(method, pathname, searchParams)).toMatchObject(info);
  });
});

test("duplicate fields are found wherever they are", () => {
  expect(duplicateFields('{"a":1,"a":2}')).toEqual(["a"]);
  expect(duplicateFields('{"a":{"b":"}\\"","b":[1,{"c":1,"c":2}]},"d":[]}')).toEqual(["a.b", "a.b[1].c"]);
  expect(duplicateFields('{"a":[{},{}],"b":{"a":1},"c":null}')).toEqual([]);
});

test("warnings travel as headers", async () => {
  const { send } = await startServer();
  const body = { ...configMap("a"), colour: "red" };
  const { status, headers } = await send(configMaps, { method: "POST", body });
  expect([status, headers["warning"]]).toEqual([201, '299 - "unknown field \\"colour\\""']);
});

test("YAML is understood, and large lists are compressed for whoever can read it", async () => {
  const { api, send } = await startServer();
  const body = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: y\n";
  expect((await send(configMaps, { method: "POST", type: "application/yaml", body })).status).toBe(201);
  api.create(configMap("big", { x: "x".repeat(300_000) }));
  const { headers } = await send(`${configMaps}?x=1`, { headers: { "accept-encoding": "identity" } });
  expect(headers["content-encoding"]).toBeUndefined();
});

test("clients that read everything at once get all groups with their resources", async () => {
  const { send } = await startServer();
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
  const { headers, body } = await send("/apis", { accept });
  expect(headers["content-type"]).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  const groups = body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  expect(groups).toContain("apiextensions.k8s.io");
  expect((await send("/apis")).body.kind).toBe("APIGroupList");
  expect((await send("/openapi/v3/api/v1")).body.components.schemas["io.k8s.api.core.v1.Secret"]).toBeDefined();
});
