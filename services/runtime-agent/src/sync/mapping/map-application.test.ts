import type { DirectorApplication, DirectorAuth, DirectorBundle } from "@application-connector/ucl";
import { expect, test } from "vitest";
import { type MappingSettings, mapApplication } from "./map-application.ts";

const settings: MappingSettings = { gatewayUrl: "http://gateway:8082", pathConflicts: "report", propagateLabels: [] };

const bundle = (change: Partial<DirectorBundle> = {}): DirectorBundle => ({
  id: "b1",
  name: "Bundle One",
  description: "",
  inputSchema: undefined,
  auth: undefined,
  apis: [],
  events: [],
  ...change,
});
const auth = (change: Partial<DirectorAuth> = {}): DirectorAuth => ({
  credential: undefined,
  headers: undefined,
  query: undefined,
  csrfTokenUrl: undefined,
  ...change,
});
const application = (change: Partial<DirectorApplication> = {}): DirectorApplication => ({
  id: "1",
  name: "Orders",
  description: "",
  labels: {},
  clientIds: [],
  bundles: [],
  ...change,
});
const map = (change: Partial<DirectorApplication> = {}, more: Partial<MappingSettings> = {}) =>
  mapApplication(application(change), "mp-orders", { ...settings, ...more });
const api = { id: "a1", name: "Orders API", targetUrl: "https://crm/orders" };
const basic = { kind: "basic", username: "u", password: "p" } as const;
const oauth = { kind: "oauth", clientId: "c", clientSecret: "s", url: "https://tokens" } as const;

test("RA-17 an application without bundles", () => {
  expect(map({ clientIds: ["c1", "c2"], labels: { scenarios: ["b", "a"], other: "x" } })).toEqual({
    id: "1",
    name: "mp-orders",
    labels: { "applicationconnector.kyma-project.io/managed-by": "compass-runtime-agent" },
    annotations: { "applicationconnector.kyma-project.io/formations": '["a","b"]' },
    spec: {
      description: "Description not provided",
      labels: { "connected-app": "mp-orders" },
      compassMetadata: { applicationId: "1", authentication: { clientIds: ["c1", "c2"] } },
      services: [],
    },
    secrets: [],
    keptSecrets: [],
    problems: [],
  });
});

test("RA-18 RA-19 a bundle becomes a service, with its APIs before its events", () => {
  const { spec, secrets } = map({
    description: " ",
    bundles: [
      bundle({
        description: "What it is",
        inputSchema: '{"type":"object"}',
        auth: auth({ credential: oauth, csrfTokenUrl: "https://csrf" }),
        apis: [api, { ...api, id: "a2", name: "Prices" }],
        events: [{ id: "e1", name: "Order Created" }],
      }),
    ],
  });
  const credentials = {
    type: "OAuth",
    secretName: "mp-orders-b1",
    authenticationUrl: "https://tokens",
    csrfInfo: { tokenEndpointURL: "https://csrf" },
  };
  const base = "http://gateway:8082/mp-orders/bundle-one";
  const common = { type: "API", targetUrl: api.targetUrl, gatewayUrl: "", credentials };
  expect(spec.description).toBe(" ");
  expect(spec.services).toEqual([
    {
      id: "b1",
      identifier: "",
      name: "bundle-one-7e83c",
      displayName: "Bundle One",
      description: "What it is",
      providerDisplayName: "",
      authCreateParameterSchema: '{"type":"object"}',
      entries: [
        { ...common, id: "a1", name: "Orders API", centralGatewayUrl: `${base}/orders-api` },
        { ...common, id: "a2", name: "Prices", centralGatewayUrl: `${base}/prices` },
        {
          type: "Events",
          id: "e1",
          name: "Order Created",
          targetUrl: "",
          centralGatewayUrl: "",
          gatewayUrl: "",
          credentials: { type: "", secretName: "" },
        },
      ],
    },
  ]);
  expect(secrets).toEqual([{ name: "mp-orders-b1", bundleId: "b1", data: { clientId: "c", clientSecret: "s" } }]);
});

test.each([
  { title: "no authentication", auth: undefined, type: "", secrets: [] },
  { title: "CSRF without credentials", auth: auth({ csrfTokenUrl: "https://csrf" }), type: "", secrets: [] },
  {
    title: "Basic with CSRF",
    auth: auth({ credential: basic, csrfTokenUrl: "https://csrf" }),
    type: "Basic",
    secrets: [["mp-orders-b1", { username: "u", password: "p" }]],
  },
  {
    title: "headers and query parameters",
    auth: auth({ headers: { "X-A": ["1"] }, query: {} }),
    type: "",
    secrets: [["params-mp-orders-b1", { headers: '{"X-A":["1"]}', queryParameters: "{}" }]],
  },
  {
    title: "query parameters only",
    auth: auth({ credential: oauth, query: { q: ["1"] } }),
    type: "OAuth",
    secrets: [
      ["mp-orders-b1", { clientId: "c", clientSecret: "s" }],
      ["params-mp-orders-b1", { queryParameters: '{"q":["1"]}' }],
    ],
  },
  { title: "parameters that are empty", auth: auth({ headers: {}, query: {} }), type: "", secrets: [] },
  {
    title: "an empty password",
    auth: auth({ credential: { ...basic, password: "" } }),
    type: "Basic",
    secrets: [],
    kept: ["mp-orders-b1"],
    reason: "CredentialsIncomplete",
  },
  {
    title: "OAuth with a certificate",
    auth: auth({ credential: { kind: "certificate", clientId: "c", certificate: "PEM", url: "https://tokens" } }),
    type: "",
    secrets: [["mp-orders-b1", { clientId: "c", crt: "PEM" }]],
    reason: "UnsupportedCredential",
  },
])("credentials: $title", ({ auth, type, secrets, kept = [], reason }) => {
  const mapped = map({ bundles: [bundle({ auth, apis: [api] })] });
  const [entry] = mapped.spec.services[0]?.entries ?? [];
  expect(entry?.credentials?.type).toBe(type);
  expect(entry?.credentials?.csrfInfo !== undefined).toBe(type !== "" && auth?.csrfTokenUrl !== undefined);
  expect(entry?.requestParametersSecretName).toBe(
    secrets.some(([name]) => name === "params-mp-orders-b1") ? "params-mp-orders-b1" : undefined,
  );
  expect(mapped.secrets.map(({ name, data }) => [name, data])).toEqual(secrets);
  expect(mapped.keptSecrets).toEqual(kept);
  expect(mapped.problems.map((problem) => problem.reason)).toEqual(reason === undefined ? [] : [reason]);
});

const clash = {
  bundles: [
    bundle({ apis: [api, { ...api, id: "a2", name: "orders-api" }] }),
    bundle({ id: "b2", name: "bundle_one", apis: [{ ...api, id: "a3" }] }),
    bundle({ id: "b3", name: "日本", apis: [{ ...api, id: "a4" }] }),
    bundle({ id: "b4", name: "no APIs and no letter: 日本" }),
  ],
};

test("APIs without a path of their own are reported", () => {
  const { problems, spec } = map(clash);
  expect(problems).toEqual([
    {
      reason: "GatewayPathConflict",
      message: "these APIs have no path of their own in the gateway: a1, a2, a3, a4",
    },
  ]);
  expect(spec.services[0]?.entries.map(({ name }) => name)).toEqual(["Orders API", "orders-api"]);
});

test("or get one, by policy", () => {
  const { problems, spec } = map(clash, { pathConflicts: "suffix" });
  expect(problems).toEqual([]);
  const urls = spec.services.flatMap(({ entries }) => entries.map(({ centralGatewayUrl }) => centralGatewayUrl));
  expect(new Set(urls).size).toBe(4);
  expect(urls).toEqual([
    "http://gateway:8082/mp-orders/bundle-one/orders-api",
    expect.stringMatching(/\/bundle-one\/orders-api-[0-9a-f]{5}$/),
    expect.stringMatching(/\/bundle-one\/orders-api-[0-9a-f]{5}$/),
    expect.stringMatching(/\/mp-orders\/[0-9a-f]{5}\/orders-api$/),
  ]);
});

test("a suffix is not cut off with the end of a long name", () => {
  const name = "x".repeat(90);
  const { spec } = map(
    {
      bundles: [
        bundle({
          apis: [
            { ...api, name },
            { ...api, id: "a2", name },
          ],
        }),
      ],
    },
    { pathConflicts: "suffix" },
  );
  const [one, other] = spec.services[0]?.entries ?? [];
  expect(one?.centralGatewayUrl).not.toBe(other?.centralGatewayUrl);
});

test("labels that are allowed, and that Kubernetes takes, are handed on", () => {
  const labels = { region: "eu", "bad value": "x", blank: "has blanks", list: ["a"], tier: 1, secret: "no" };
  const allowed = [
    "region",
    "bad value",
    "blank",
    "list",
    "tier",
    "absent",
    "applicationconnector.kyma-project.io/managed-by",
  ];
  expect(map({ labels }, { propagateLabels: allowed }).labels).toEqual({
    region: "eu",
    tier: "1",
    "applicationconnector.kyma-project.io/managed-by": "compass-runtime-agent",
  });
});
