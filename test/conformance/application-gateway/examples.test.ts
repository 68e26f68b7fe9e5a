import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Application } from "@application-connector/crds";
import { knownTypes } from "@application-connector/credentials";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { call } from "./http.ts";
import { diagnosisToken } from "./last-words.ts";
import { running } from "./program.ts";
import { echoOf, headersOf, until, useWorld } from "./world.ts";

const world = useWorld();
const account = "system:serviceaccount:kyma-system:central-application-gateway";

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: Application["spec"];
  stringData?: Record<string, string>;
  [field: string]: unknown;
}

test("the example of the guide is an API that can be called", async () => {
  for (const manifest of example("application-gateway.yaml")) {
    // The API server makes data of it; the emulated one is given what it would store.
    if (manifest.stringData) world.secret(manifest.stringData, manifest.metadata.name);
    else world.cluster.apply(here(manifest));
  }
  await world.settled();
  const echo = echoOf(await world.call("/crm/orders/items?top=3"));
  expect(echo.url).toBe("/api/v1/items?top=3");
  expect(headersOf(echo, "authorization")).toEqual([`Basic ${btoa("workload:change-me-please")}`]);
});

test("the example of every type of credentials is an API that can be called", async () => {
  const pair = world.authority.issue({ subject: "CN=example", usage: ["client"], keyType: "rsa" });
  const real: Readonly<Record<string, string>> = { CERTIFICATE: pair.certificate, "PRIVATE KEY": pair.key };
  const filled = (text: string): string =>
    text.replace(/^-----BEGIN (.+)-----\nREPLACE\n[\s\S]*$/, (all, label: string) => real[label] ?? all);
  const types: string[] = [];
  for (const manifest of example("credentials.yaml")) {
    const { stringData, metadata, spec } = manifest;
    if (stringData === undefined) world.cluster.apply(manifest);
    else {
      const data = Object.entries(stringData).map(([key, text]) => [key, filled(text)]);
      world.secret(Object.fromEntries(data), metadata.name);
    }
    for (const { entries } of spec?.services ?? []) types.push(entries[0]?.credentials?.type ?? "");
  }
  expect(types.sort()).toEqual([...knownTypes].sort());
  await world.settled();
  const headers = ["Authorization", `Bearer ${diagnosisToken}`];
  const { body } = await world.callHealth("/v1/apis?application=credentials", { headers });
  const { apis } = JSON.parse(body.toString()) as {
    apis: { service: string; callable: boolean; mistakes: unknown[] }[];
  };
  expect(apis.length).toBe(types.length);
  expect(apis.filter(({ callable, mistakes }) => !callable || mistakes.length > 0)).toEqual([]);
});

test("the rights of the guide are enough for all that the gateway does", async () => {
  for (const manifest of example("application-gateway-rbac.yaml")) world.cluster.apply(manifest);
  world.cluster.addUser({ token: "token-of-the-gateway", name: account });
  const app = world.api({ credentials: { type: "Basic", secretName: "is-missing" } });
  const kubeconfig = `${world.kubeconfig}-account`;
  writeFileSync(kubeconfig, world.cluster.kubeconfig("token-of-the-gateway"));
  world.cluster.requests.clear();
  const { ports } = await running(kubeconfig, "--diagnosis=kubernetes");
  const headers = ["Authorization", `Bearer ${world.cluster.adminToken}`];
  const { status, body } = await call(ports.external, `/v1/apis?application=${app}`, { headers });
  expect(status).toBe(200);
  expect(JSON.parse(body.toString()).apis).toMatchObject([{ application: app, callable: false }]);
  const asked = () => world.cluster.requests.list({ user: account });
  await until(() => asked().some(({ resource, verb }) => resource === "events" && verb === "create"));
  expect(new Set(asked().map(({ verb, resource }) => `${verb} ${resource}`))).toEqual(
    new Set([
      // Lists are for servers that do not stream them.
      "watch applications",
      "patch applications/status",
      "watch secrets",
      "create events",
      "create tokenreviews",
      "create subjectaccessreviews",
    ]),
  );
  expect(asked().filter((request) => request.status === 403)).toEqual([]);
});

function example(name: string): Manifest[] {
  const file = path.resolve(import.meta.dirname, "../../../docs/examples", name);
  return parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS() as Manifest);
}

/** The same with the emulated external system in the place of the one in the example. */
function here(manifest: Manifest): Manifest {
  const text = JSON.stringify(manifest).replace("https://crm.example.com", world.target.url);
  return JSON.parse(text) as Manifest;
}
