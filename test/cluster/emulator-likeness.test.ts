import { setTimeout } from "node:timers/promises";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

/** One request of a scenario, sent to the real server and to the emulated one. */
interface Step {
  method?: string;
  path: string;
  type?: string;
  accept?: string;
  /** Sent as it is when it is a string, as JSON otherwise. */
  body?: unknown;
  /** Whose token: the administrator's unless named. */
  as?: string;
  /** Watches never end by themselves: read for this long. */
  readMs?: number;
  headers?: Record<string, string>;
  /** The real server needs a moment for what it does in the background. */
  afterMs?: number;
}

interface Server {
  url: string;
  dispatcher: Agent;
  tokens: Record<string, string>;
}

interface Answer {
  status: number;
  type: string;
  warnings: unknown;
  body: unknown;
  /** Whether the object has another resourceVersion than in the answer before. */
  changed?: boolean;
}

const plane = inject("controlPlane");
const user = { token: "limited-token", name: "limited" };
let servers: { real: Server; emulated: Server };

beforeAll(async () => {
  const emulator = await startKubeApi({ users: [user] });
  servers = {
    real: {
      url: plane.url,
      dispatcher: new Agent({ connect: { ca: plane.ca }, allowH2: false }),
      tokens: { admin: plane.adminToken },
    },
    emulated: {
      url: emulator.url,
      dispatcher: new Agent({ connect: { ca: emulator.ca }, allowH2: false }),
      tokens: { admin: emulator.adminToken },
    },
  };
  return async () => {
    await servers.real.dispatcher.destroy();
    await servers.emulated.dispatcher.destroy();
    await emulator.stop();
  };
});

afterAll(async () => {
  const options = { method: "DELETE" as const, headers: { authorization: `Bearer ${plane.adminToken}` } };
  const dispatcher = new Agent({ connect: { ca: plane.ca }, allowH2: false });
  for (const path of cleanUp) await (await request(plane.url + path, { ...options, dispatcher })).body.dump();
  await dispatcher.destroy();
});

const namespace = "likeness";
const core = `/api/v1/namespaces/${namespace}`;
const cleanUp = [
  `/api/v1/namespaces/${namespace}`,
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.likeness.example",
];

async function send(
  server: Server,
  step: Step,
): Promise<{ status: number; type: string; warnings: unknown; text: string }> {
  const { method = "GET", path, type = "application/json", accept = "application/json", body, as = "admin" } = step;
  const token = server.tokens[as] ?? as;
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(server.url + path, {
    method: method as "GET",
    dispatcher: server.dispatcher,
    headers: {
      accept,
      "user-agent": "likeness/1",
      ...(token !== "nobody" && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": type }),
      ...step.headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  let text = "";
  if (step.readMs) void setTimeout(step.readMs).then(() => answer.destroy());
  try {
    for await (const chunk of answer) text += chunk;
  } catch (error) {
    if (!step.readMs) throw error;
  }
  return { status: statusCode, type: String(headers["content-type"]), warnings: headers["warning"], text };
}

const hidden = new Set([
  "uid",
  "resourceVersion",
  "continue",
  "storageVersionHash",
  "clusterIP",
  "clusterIPs",
  "selfLink",
]);

/** What differs between any two clusters, made equal. */
function normalised(value: unknown, key = ""): unknown {
  if (typeof value === "string") {
    if (hidden.has(key)) return value === "" || value === "0" ? value : `<${key}>`;
    return (
      value
        .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>")
        .replaceAll(/resource version: \d+ \(\d+\)|, current: \d+/g, "<revision>")
        .replaceAll(/^\d+s$/g, "<age>")
        .replace(/(patch: )?Invalid value: "\{.*\}": /, "Invalid value: <patched>: ")
        .replace(/continue key is not valid: .*/, "continue key is not valid")
        // Go's maps give the mistakes in any order.
        .replace(
          /is invalid: \[(.*)\]$/s,
          (_, mistakes: string) => `is invalid: ${mistakes.split(/, (?=\w+\.)/).sort()}`,
        )
    );
  }
  if (Array.isArray(value)) {
    if (hidden.has(key)) return `<${key}>`;
    const items = value.map((item) => normalised(item));
    return key === "managedFields" || key === "causes"
      ? [...new Set(items.map((item) => JSON.stringify(sorted(item))))].sort()
      : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, normalised(item, name)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

async function play(server: Server, steps: readonly Step[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  let before = "";
  for (const step of steps) {
    if (step.afterMs) await setTimeout(step.afterMs);
    const { text, ...rest } = await send(server, step);
    const lines = step.readMs ? text.split("\n").filter((line) => line) : [text];
    const bodies = lines.map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        return line;
      }
    });
    const revision = bodies[0]?.metadata?.resourceVersion ?? before;
    answers.push({
      ...rest,
      body: normalised(step.readMs ? bodies : bodies[0]),
      ...(bodies[0]?.metadata?.uid && { changed: revision !== before }),
    });
    before = revision;
  }
  return answers;
}

/** Plays the steps on both servers and expects the same answers, one by one. */
function scenario(title: string, steps: readonly Step[]): void {
  test(title, async () => {
    const [real, emulated] = await Promise.all([play(servers.real, steps), play(servers.emulated, steps)]);
    for (const [index, step] of steps.entries()) {
      expect
        .soft(emulated[index], `${index}: ${step.method ?? "GET"} ${step.path} ${step.type ?? ""}`)
        .toEqual(real[index]);
    }
  });
}

const meta = (name: string, more: object = {}) => ({ name, ...more });
const secret = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: meta(name),
  ...more,
});
const config = (name: string, data?: object, more: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: meta(name, more),
  ...(data && { data }),
});
const create = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({
  method: "POST",
  path,
  body,
  ...more,
});
const remove = (path: string, body?: unknown): Step => ({
  method: "DELETE",
  path,
  ...(body !== undefined && { body }),
});
const replace = (path: string, body: unknown): Step => ({ method: "PUT", path, body });
const patch = (kind: "json-patch" | "merge-patch" | "strategic-merge-patch", path: string, body: unknown): Step => ({
  method: "PATCH",
  path,
  type: `application/${kind}+json`,
  body,
});
const apply = (path: string, manager: string, body: unknown, force = false): Step => ({
  method: "PATCH",
  path: `${path}?fieldManager=${manager}${force ? "&force=true" : ""}`,
  type: "application/apply-patch+yaml",
  body,
});
const table = "application/json;as=Table;g=meta.k8s.io;v=v1";
const partial = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

const gadgetsPath = `/apis/likeness.example/v1/namespaces/${namespace}/gadgets`;
const condition = (type: string, status: string) => ({
  type,
  status,
  reason: "Because",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
});
const gadget = (name: string, spec?: object) => ({
  apiVersion: "likeness.example/v1",
  kind: "Gadget",
  metadata: meta(name),
  ...(spec && { spec }),
});

const gadgets = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.likeness.example" },
  spec: {
    group: "likeness.example",
    names: { plural: "gadgets", kind: "Gadget", shortNames: ["gd"], categories: ["likeness"] },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        selectableFields: [{ jsonPath: ".spec.size" }],
        additionalPrinterColumns: [
          { name: "Size", type: "integer", jsonPath: ".spec.size" },
          { name: "Phase", type: "string", jsonPath: ".status.phase", description: "Where it stands" },
          { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp", priority: 1 },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1, maximum: 100 },
                  colour: { type: "string", enum: ["red", "blue"], default: "blue" },
                  name: { type: "string", pattern: "^[a-z]+$", minLength: 2, maxLength: 4 },
                  tags: { type: "array", maxItems: 3, items: { type: "string" }, "x-kubernetes-list-type": "set" },
                  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["id"],
                    items: {
                      type: "object",
                      required: ["id"],
                      properties: { id: { type: "string" }, n: { type: "integer" } },
                    },
                  },
                },
              },
              status: {
                type: "object",
                properties: {
                  phase: { type: "string" },
                  conditions: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["type"],
                    items: {
                      type: "object",
                      required: ["type", "status"],
                      properties: Object.fromEntries(
                        ["type", "status", "reason", "message", "lastTransitionTime"].map((key) => [
                          key,
                          { type: "string" },
                        ]),
                      ),
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: meta("web"),
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "app",
            image: "app",
            ports: [{ containerPort: 80 }],
            livenessProbe: { httpGet: { path: "/", port: 80 } },
          },
        ],
      },
    },
  },
};

describe("the emulated API server answers like the real one", () => {
  scenario("namespaces", [
    create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }),
    create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }),
    create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "Not-Valid" } }),
    { path: `/api/v1/namespaces/${namespace}` },
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

  scenario("patches of built-in kinds", [
    create(`${core}/configmaps`, config("p", { a: "1", b: "2" }, { labels: { x: "y" } })),
    patch("merge-patch", `${core}/configmaps/p`, { data: { a: null, c: "3" }, metadata: { labels: { z: "1" } } }),
    patch("merge-patch", `${core}/configmaps/p`, { data: { c: "3" } }),
    patch("strategic-merge-patch", `${core}/configmaps/p`, { data: { b: null, d: "4" } }),
    patch("json-patch", `${core}/configmaps/p`, [
      { op: "test", path: "/data/d", value: "4" },
      { op: "add", path: "/data/e", value: "5" },
    ]),
    patch("json-patch", `${core}/configmaps/p`, [{ op: "test", path: "/data/d", value: "no" }]),
    patch("json-patch", `${core}/configmaps/p`, [{ op: "remove", path: "/data/missing" }]),
    patch("merge-patch", `${core}/configmaps/p`, { metadata: { resourceVersion: "1" } }),
    patch("merge-patch", `${core}/configmaps/missing`, {}),
    patch("merge-patch", `${core}/configmaps/p`, { metadata: { finalizers: ["example.com/hold"] } }),
    remove(`${core}/configmaps/p`),
    patch("merge-patch", `${core}/configmaps/p`, {
      metadata: { finalizers: ["example.com/hold", "example.com/more"] },
    }),
    patch("merge-patch", `${core}/configmaps/p`, { metadata: { finalizers: null } }),
    { path: `${core}/configmaps/p` },
    { method: "PATCH", path: `${core}/configmaps/p`, body: {} },
    create(`${core}/configmaps`, config("frozen", { a: "1" })),
    patch("merge-patch", `${core}/configmaps/frozen`, { immutable: true }),
    patch("merge-patch", `${core}/configmaps/frozen`, { data: { a: "2" } }),
  ]);

  scenario("server-side apply", [
    apply(`${core}/configmaps/s`, "one", config("s", { a: "1", b: "2" })),
    apply(`${core}/configmaps/s`, "one", config("s", { a: "1", b: "2" })),
    apply(`${core}/configmaps/s`, "two", config("s", { b: "3" })),
    apply(`${core}/configmaps/s`, "two", config("s", { b: "3" }), true),
    apply(`${core}/configmaps/s`, "two", config("s", { b: "3", c: "4" })),
    apply(`${core}/configmaps/s`, "one", config("s", { a: "1" })),
    apply(`${core}/configmaps/s`, "one", config("s")),
    apply(`${core}/configmaps/s`, "three", config("s", { a: "9", b: "9", c: "9" })),
    patch("merge-patch", `${core}/configmaps/s`, { data: { b: "updated" } }),
    apply(`${core}/configmaps/s`, "two", config("s", { b: "3", c: "4" })),
    apply(`${core}/configmaps/s`, "two", config("s", {})),
    { method: "PATCH", path: `${core}/configmaps/s`, type: "application/apply-patch+yaml", body: config("s") },
    apply(`${core}/configmaps/s`, "one", { ...config("s"), apiVersion: "v2" }),
    apply(`${core}/configmaps/other`, "one", config("s")),
    patch("merge-patch", `${core}/configmaps/s`, { metadata: { managedFields: [{}] } }),
    apply(`${core}/configmaps/s`, "late", config("s", { z: "1" })),
  ]);

  scenario("custom resources", [
    create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", gadgets),
    { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.likeness.example", afterMs: 3000 },
    { path: "/apis/likeness.example/v1" },
    create(`${gadgetsPath}`, gadget("a", { size: 3, colour: "red", unknown: true })),
    create(`${gadgetsPath}?fieldValidation=Strict`, gadget("b", { size: 3, unknown: true })),
    create(`${gadgetsPath}`, gadget("b", { size: 300, colour: "pink", name: "UPPER", tags: ["a", "a", "b", "c"] })),
    create(`${gadgetsPath}`, gadget("b", { size: "big" })),
    create(`${gadgetsPath}`, gadget("b", {})),
    create(`${gadgetsPath}`, gadget("b")),
    create(`${gadgetsPath}?fieldValidation=Ignore`, { ...gadget("b", { size: 1 }), apiVersion: "likeness.example/v2" }),
    create(`${gadgetsPath}`, {
      ...gadget("b", { size: 1, free: { a: { b: 1 } }, parts: [{ id: "x", n: 1 }] }),
      status: { phase: "New" },
    }),
    replace(`${gadgetsPath}/b`, gadget("b", { size: 2 })),
    patch("merge-patch", `${gadgetsPath}/b`, { spec: { size: 2 }, status: { phase: "Ignored" } }),
    patch("merge-patch", `${gadgetsPath}/b/status`, { status: { phase: "Ready" }, spec: { size: 9 } }),
    patch("merge-patch", `${gadgetsPath}/b/status`, { status: { phase: "Ready" } }),
    patch("merge-patch", `${gadgetsPath}/b/status`, { status: { phase: 7 } }),
    patch("merge-patch", `${gadgetsPath}/b`, { spec: { size: 300, name: "toolong" } }),
    patch("merge-patch", `${gadgetsPath}/b`, { spec: { parts: [{ n: 1 }], colour: 3 } }),
    { path: `${gadgetsPath}/b/status` },
    patch("merge-patch", `${gadgetsPath}/b?fieldValidation=Strict`, { spec: { unknown: 1 } }),
    patch("merge-patch", `${gadgetsPath}/b`, { spec: { unknown: 1 }, metadata: { labels: {} } }),
    patch("json-patch", `${gadgetsPath}/b`, [{ op: "test", path: "/metadata/resourceVersion", value: "1" }]),
    apply(`${gadgetsPath}/b`, "strict", { ...gadget("b"), spec: { unknown: 1 } }),
    patch("strategic-merge-patch", `${gadgetsPath}/b`, {}),
    apply(
      `${gadgetsPath}/c`,
      "one",
      gadget("c", {
        size: 1,
        parts: [
          { id: "x", n: 1 },
          { id: "y", n: 2 },
        ],
        tags: ["b", "a"],
      }),
    ),
    apply(
      `${gadgetsPath}/c`,
      "two",
      gadget("c", {
        parts: [
          { id: "z", n: 3 },
          { id: "y", n: 2 },
        ],
        tags: ["c"],
      }),
    ),
    apply(`${gadgetsPath}/c`, "two", gadget("c", { parts: [{ id: "x", n: 9 }] })),
    apply(`${gadgetsPath}/c`, "one", gadget("c", { size: 1, parts: [{ id: "x", n: 1 }] })),
    apply(`${gadgetsPath}/c/status`, "controller", {
      ...gadget("c"),
      status: { phase: "Ready", conditions: [condition("Ready", "True")] },
    }),
    apply(`${gadgetsPath}/c/status`, "other", {
      ...gadget("c"),
      status: { conditions: [condition("Ready", "False")] },
    }),
    apply(
      `${gadgetsPath}/c/status`,
      "other",
      { ...gadget("c"), status: { conditions: [condition("Ready", "False")] } },
      true,
    ),
    { path: gadgetsPath },
    { path: gadgetsPath, accept: table },
    { path: `${gadgetsPath}/c`, accept: table },
    { path: `${gadgetsPath}?fieldSelector=spec.size=1` },
    { path: `${gadgetsPath}?fieldSelector=metadata.name=c`, accept: partial },
    remove(`${gadgetsPath}/c?propagationPolicy=Background`),
    { path: `${gadgetsPath}/c` },
    remove(gadgetsPath),
  ]);

  scenario("lists: selectors, pages, forms and revisions", [
    ...["a", "b", "c", "d"].map((name) =>
      create(`${core}/configmaps`, config(`list-${name}`, { a: "1" }, { labels: { list: name } })),
    ),
    { path: `${core}/configmaps?labelSelector=list` },
    { path: `${core}/configmaps?labelSelector=${encodeURIComponent("list in (a,b),list!=b")}` },
    { path: `${core}/configmaps?labelSelector=${encodeURIComponent("list notin (a),list")}`, accept: partial },
    { path: `${core}/configmaps?labelSelector=list&limit=3` },
    { path: `${core}/configmaps?labelSelector=list&limit=3`, accept: table },
    { path: `${core}/configmaps?limit=1` },
    { path: `${core}/configmaps?fieldSelector=metadata.name=list-c` },
    { path: `${core}/configmaps?fieldSelector=data.a=1` },
    { path: `${core}/configmaps?fieldSelector=${encodeURIComponent("metadata.name!=list-a")}&labelSelector=list` },
    { path: `${core}/configmaps?labelSelector=${encodeURIComponent("((")}` },
    { path: `${core}/configmaps?continue=broken` },
    { path: `${core}/configmaps?resourceVersion=0&limit=2&labelSelector=list` },
    { path: `${core}/configmaps?resourceVersion=abc` },
    { path: `${core}/configmaps?resourceVersion=999999999&resourceVersionMatch=NotOlderThan` },
    { path: `${core}/configmaps?resourceVersion=999999999&resourceVersionMatch=Exact` },
    { path: `${core}/configmaps?resourceVersion=0&resourceVersionMatch=Exact` },
    { path: `${core}/configmaps?resourceVersionMatch=Exact` },
    { path: `${core}/configmaps?resourceVersion=1&resourceVersionMatch=Exact` },
    { path: `${core}/configmaps?sendInitialEvents=true` },
    { path: `${core}/configmaps`, accept: "application/xml" },
    { method: "DELETE", path: `${core}/configmaps?labelSelector=list` },
    { path: `${core}/configmaps?labelSelector=list` },
  ]);

  scenario("watches", [
    create(`${core}/configmaps`, config("watched", { a: "1" }, { labels: { watch: "yes" } })),
    { path: `${core}/configmaps?watch=true&labelSelector=watch`, readMs: 1500 },
    { path: `${core}/configmaps?watch=true&labelSelector=watch&resourceVersion=0`, readMs: 1500, accept: table },
    {
      path: `${core}/configmaps?watch=1&labelSelector=watch&timeoutSeconds=1`,
      accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
      readMs: 4000,
    },
    {
      path: `${core}/configmaps?watch=true&labelSelector=watch&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      readMs: 2500,
    },
    { path: `${core}/configmaps?watch=true&sendInitialEvents=true` },
    { path: `${core}/configmaps?watch=true&resourceVersionMatch=NotOlderThan` },
    { path: `${core}/configmaps?watch=true&resourceVersion=abc` },
    { path: `${core}/configmaps/watched?watch=true`, readMs: 500 },
    { path: "/apis/likeness.example/v1/missing?watch=true" },
  ]);

  scenario("who may do what", [
    { path: `${core}/secrets`, as: "nobody" },
    { path: `${core}/secrets`, as: "wrong" },
    { path: `${core}/secrets`, as: user.token },
    { path: `${core}/secrets/a`, as: user.token },
    { path: "/apis/likeness.example/v1/gadgets", as: user.token },
    { path: `${gadgetsPath}/a/status`, as: user.token },
    create(`${core}/secrets`, secret("a"), { as: user.token }),
    { path: "/metrics", as: user.token },
    { path: `${core}/secrets`, headers: { "impersonate-user": "somebody" } },
    { path: `${core}/secrets`, as: user.token, headers: { "impersonate-user": "somebody" } },
    create("/apis/rbac.authorization.k8s.io/v1/namespaces/likeness/roles", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: meta("reader"),
      rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["only"], verbs: ["get", "list"] }],
    }),
    create("/apis/rbac.authorization.k8s.io/v1/namespaces/likeness/rolebindings", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: meta("reader"),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
      subjects: [{ kind: "User", name: user.name }],
    }),
    create(`${core}/secrets`, secret("only")),
    { path: `${core}/secrets/only`, as: user.token },
    { path: `${core}/secrets?fieldSelector=metadata.name=only`, as: user.token },
    { path: `${core}/secrets/other`, as: user.token },
    { path: "/apis/rbac.authorization.k8s.io/v1/namespaces/likeness/rolebindings", accept: table },
    ...["get", "delete"].map((verb) =>
      create(
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectAccessReview",
          spec: { resourceAttributes: { verb, resource: "secrets", namespace, name: "only" } },
        },
        { as: user.token },
      ),
    ),
    create("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: "u", resourceAttributes: { verb: "get", resource: "pods" } },
    }),
  ]);

  scenario("discovery and health", [
    { path: "/readyz" },
    { path: "/livez" },
    { path: "/api/v1/unknown" },
    { path: "/apis/coordination.k8s.io" },
    { path: "/apis/coordination.k8s.io/v1" },
    { path: "/apis/none.example" },
  ]);

  scenario("built-in kinds with defaults", [
    create(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment),
    apply(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, "one", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta("web"),
      spec: { template: { spec: { containers: [{ name: "app", env: [{ name: "A", value: "1" }] }] } } },
    }),
    patch("strategic-merge-patch", `/apis/apps/v1/namespaces/${namespace}/deployments/web`, {
      spec: {
        template: {
          spec: {
            containers: [
              { name: "app", image: "other" },
              { name: "side", image: "side" },
            ],
          },
        },
      },
    }),
    patch("merge-patch", `/apis/apps/v1/namespaces/${namespace}/deployments/web/status`, { status: { replicas: 1 } }),
    { path: `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale` },
    { path: `/apis/apps/v1/namespaces/${namespace}/deployments`, accept: table },
    create(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: meta("np"),
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] },
    }),
    { path: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, accept: table },
    create(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: meta("hpa"),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        maxReplicas: 3,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
      },
    }),
    { path: `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, accept: table },
    create(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: meta("pdb"),
      spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
    }),
    { path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, accept: table },
    create(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: meta("lease"),
      spec: { holderIdentity: "me", renewTime: "2026-01-01T00:00:00.123456Z", leaseDurationSeconds: 15 },
    }),
    patch("merge-patch", `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/lease`, {
      spec: { holderIdentity: "you" },
    }),
    { path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, accept: table },
    create(`${core}/services`, {
      apiVersion: "v1",
      kind: "Service",
      metadata: meta("svc"),
      spec: { selector: { a: "b" }, ports: [{ port: 80 }] },
    }),
    create(`${core}/serviceaccounts`, { apiVersion: "v1", kind: "ServiceAccount", metadata: meta("sa") }),
    { path: `${core}/serviceaccounts`, accept: table },
    create(`${core}/events`, {
      apiVersion: "v1",
      kind: "Event",
      metadata: meta("ev", { namespace }),
      involvedObject: { kind: "Secret", name: "a", namespace },
      reason: "Because",
      message: "so",
      type: "Normal",
    }),
    create("/apis/scheduling.k8s.io/v1/priorityclasses?dryRun=All", {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: meta("pc"),
      value: 7,
    }),
    { path: "/api/v1/namespaces/likeness/secrets?fieldSelector=type=Opaque", accept: table },
  ]);

  scenario("odd but allowed", [
    replace(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/by-put`, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: meta("by-put"),
      spec: { holderIdentity: "me" },
    }),
    replace(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/by-put`, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: meta("by-put"),
      spec: { holderIdentity: "you" },
    }),
    create(`${core}/configmaps`, config("empty")),
    patch("merge-patch", `${core}/configmaps/empty`, { metadata: { labels: {}, annotations: { a: "" } } }),
    patch("merge-patch", `${core}/configmaps/empty`, { metadata: { labels: { "not valid": "x" } } }),
    patch("merge-patch", `${core}/configmaps/empty`, { metadata: { labels: { ok: "not valid!" } } }),
    patch("merge-patch", `${core}/configmaps/empty`, { metadata: { name: "renamed" } }),
    patch("merge-patch", `${core}/configmaps/empty`, { colour: "red" }),
    { ...patch("merge-patch", `${core}/configmaps/empty?fieldValidation=Strict`, { colour: "red" }) },
    patch("merge-patch", `${core}/configmaps/empty?dryRun=All`, { data: { dry: "1" } }),
    { path: `${core}/configmaps/empty`, accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" },
    create(`${core}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", resourceVersion: "5" },
    }),
    create(`${core}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "owned", ownerReferences: [{ apiVersion: "v1", kind: "Secret", name: "s" }] },
    }),
    create(`${core}/configmaps`, { kind: "ConfigMap", metadata: { name: "no-version" } }),
    create(`${core}/configmaps`, []),
    { path: `${core}/configmaps?watch=true&resourceVersion=999999999`, readMs: 1000 },
    { path: `${core}/configmaps?watch=true&resourceVersion=1`, readMs: 1000 },
    { path: `${core}/configmaps/empty/status` },
    { path: `${core}/configmaps/empty/nothing` },
    { path: "/apis/apps/v1/deployments/no-namespace" },
    { method: "DELETE", path: "/api/v1/namespaces" },
    remove(`${core}/configmaps/empty?dryRun=All`),
    remove(`${core}/configmaps/empty?propagationPolicy=Sideways`),
    apply(`${core}/secrets/applied`, "one", secret("applied", { stringData: { a: "b" } })),
    apply(`${core}/secrets/applied`, "one", secret("applied", { stringData: { a: "b" } })),
    apply(`${core}/secrets/applied`, "one", secret("applied", { data: { c: "ZA==" } })),
    apply(`${core}/secrets/applied`, "two", {
      ...secret("applied"),
      metadata: { name: "applied", labels: { l: "1" }, finalizers: ["example.com/f"] },
    }),
    apply(`${core}/secrets/applied`, "two", { ...secret("applied"), metadata: { name: "applied" } }),
    { path: "/version", as: user.token, method: "POST", body: {} },
  ]);

  scenario("discovery of everything at once", [
    {
      path: "/apis/coordination.k8s.io/v1",
      accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json",
    },
    { path: "/apis/likeness.example/v1" },
    { path: "/apis/likeness.example" },
  ]);
});
