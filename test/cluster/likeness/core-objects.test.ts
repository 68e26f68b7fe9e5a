import { compareServers } from "./compare.ts";
import { config, create, remove, replace, secret } from "./step.ts";

const made = "likeness-core-made";
const { core, scenario } = compareServers("core", [`/api/v1/namespaces/${made}`]);

scenario("namespaces", [
  create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: made } }),
  create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: made } }),
  create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "Not-Valid" } }),
  { path: `/api/v1/namespaces/${made}` },
  create("/api/v1/namespaces/missing/configmaps", config("a")),
  remove("/api/v1/namespaces/default"),
  remove("/api/v1/namespaces/missing"),
]);

scenario("secrets: create, read, update, delete and their errors", [
  create(`${core}/secrets`, secret("a", { stringData: { x: "y" }, data: { b: "Yg==" } })),
  create(`${core}/secrets`, secret("a")),
  create(`${core}/secrets`, { ...secret("a"), metadata: { namespace: "other", name: "z" } }),
  create(`${core}/secrets`, secret("Big")),
  create(`${core}/secrets`, { apiVersion: "v1", kind: "Secret", metadata: {} }),
  create(`${core}/secrets`, secret("no-key", { data: { "a b": "Yg==" } })),
  create(`${core}/secrets`, secret("tls", { type: "kubernetes.io/tls" })),
  create(`${core}/secrets`, secret("typed", { data: 1 })),
  create(`${core}/secrets?fieldValidation=Strict`, secret("strict", { color: "red" })),
  create(`${core}/secrets`, secret("warned", { color: "red" })),
  create(`${core}/secrets?fieldValidation=Ignore`, secret("ignored", { color: "red" })),
  create(
    `${core}/secrets?fieldValidation=Strict`,
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"d"},"stringData":{"a":"1","a":"2"}}',
  ),
  create(`${core}/secrets?dryRun=All`, secret("dry")),
  create(`${core}/secrets?dryRun=Some`, secret("dry")),
  create(`${core}/secrets`, "{"),
  create(`${core}/secrets`, "nothing", { type: "text/plain" }),
  { path: `${core}/secrets/a` },
  { path: `${core}/secrets/dry` },
  replace(`${core}/secrets/a`, secret("a", { stringData: { x: "z" } })),
  replace(`${core}/secrets/a`, secret("a", { stringData: { x: "z" } })),
  replace(`${core}/secrets/a`, secret("a", { type: "other" })),
  replace(`${core}/secrets/a`, secret("b")),
  replace(`${core}/secrets/a`, { ...secret("a"), metadata: { name: "a", resourceVersion: "1" } }),
  replace(`${core}/secrets/a`, {
    ...secret("a"),
    metadata: { name: "a", uid: "00000000-0000-0000-0000-000000000000" },
  }),
  replace(`${core}/secrets/missing`, secret("missing")),
  remove(`${core}/secrets/a`, { preconditions: { uid: "wrong" } }),
  remove(`${core}/secrets/a`),
  remove(`${core}/secrets/a`),
  { method: "POST", path: "/api/v1/secrets", body: secret("x") },
  { path: `${core}/unknowns` },
  { path: "/apis/none.example/v1/things" },
  { method: "PUT", path: `${core}/secrets`, body: secret("x") },
  { path: "/nothing" },
  create(`${core}/secrets`, "apiVersion: v1\nkind: Secret\nmetadata: {name: yaml}\nstringData: {a: b}\n", {
    type: "application/yaml",
  }),
]);
