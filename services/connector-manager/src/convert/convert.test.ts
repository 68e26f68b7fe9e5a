import { describe, expect, test } from "vitest";
import { convert, keptAnnotation } from "./convert.ts";
import { answerReview, readReview } from "./review.ts";
import type { Fields } from "./versions.ts";

const alpha = "operator.kyma-project.io/v1alpha1";
const beta = "operator.kyma-project.io/v1beta1";
const object = (apiVersion: string, spec?: unknown, annotations?: object): Fields => ({
  apiVersion,
  kind: "ApplicationConnector",
  metadata: { name: "default", uid: "1", ...(annotations && { annotations }) },
  ...(spec === undefined ? {} : { spec }),
  status: { state: "Ready", served: "True" },
});
const specOf = (of: Fields): Fields => of["spec"] as Fields;
const noteOf = ({ metadata }: Fields): string | undefined =>
  (metadata as { annotations?: Record<string, string> }).annotations?.[keptAnnotation];

const specs: Record<string, Fields> = {
  "defaults of the server": {
    networkPoliciesEnabled: false,
    appGateway: { proxyTimeout: "10s", requestTimeout: "10s", logLevel: "info" },
    appConnValidator: { logLevel: "info", logFormat: "json" },
  },
  everything: {
    domainName: "example.com",
    networkPoliciesEnabled: false,
    networkPolicies: { mode: "DefaultDeny", externalCIDRs: ["10.0.0.0/8"], apiServerPorts: [443] },
    appGateway: { allowedNamespaces: { matchLabels: { a: "b" } }, scaling: { minReplicas: 2, maxReplicas: 5 } },
    appConnValidator: { securityProfile: "compat", resources: { limits: { cpu: 1 } } },
    runtimeAgent: { enabled: "Never", certValidityRenewalThreshold: 0.5 },
    ingress: {
      mode: "GatewayAPI",
      hostPrefix: "in",
      credentialName: "c",
      selector: { istio: "x" },
      gatewayClassName: "g",
      serviceType: "NodePort",
    },
    deletionPolicy: "Retain",
  },
};

describe("B25 from v1alpha1 to v1beta1 and back", () => {
  test.each(Object.keys(specs))("nothing is lost, and nothing needs to be kept: %s", (title) => {
    const before = object(alpha, specs[title]);
    const there = convert(before, beta);
    expect(there["apiVersion"]).toBe(beta);
    expect(noteOf(there)).toBeUndefined();
    expect(convert(there, alpha)).toEqual(before);
  });

  test("sections are called what they are", () => {
    expect(specOf(convert(object(alpha, specs["everything"]), beta))).toEqual({
      domainName: "example.com",
      networkPolicies: specs["everything"]?.["networkPolicies"],
      gateway: specs["everything"]?.["appGateway"],
      validator: specs["everything"]?.["appConnValidator"],
      runtimeAgent: specs["everything"]?.["runtimeAgent"],
      ingress: {
        mode: "GatewayAPI",
        hostPrefix: "in",
        credentialName: "c",
        istio: { selector: { istio: "x" } },
        gatewayAPI: { className: "g" },
        builtIn: { serviceType: "NodePort" },
      },
      deletionPolicy: "Retain",
    });
  });

  test.each<Fields>([
    { networkPoliciesEnabled: true },
    { networkPoliciesEnabled: true, networkPolicies: { externalCIDRs: ["10.0.0.0/8"] } },
    { networkPoliciesEnabled: true, networkPolicies: { mode: "Disabled" } },
    { networkPoliciesEnabled: false, networkPolicies: { mode: "Allow" } },
    { ingress: { selector: {} } },
    {},
  ])("what v1beta1 has no field for comes back: %j", (spec) => {
    const before = object(alpha, spec, { a: "b" });
    expect(convert(convert(before, beta), alpha)).toEqual(before);
  });

  test("an old switch means what it meant, until somebody says something else in v1beta1", () => {
    const there = convert(object(alpha, { networkPoliciesEnabled: true }), beta);
    expect(specOf(there)).toEqual({ networkPolicies: { mode: "Allow" } });
    const back = (spec: Fields) => specOf(convert({ ...there, spec }, alpha));
    expect(back({ ...specOf(there), domainName: "x" })).toEqual({ networkPoliciesEnabled: true, domainName: "x" });
    expect(back({ networkPolicies: { mode: "Disabled" } })).toEqual({
      networkPoliciesEnabled: false,
      networkPolicies: { mode: "Disabled" },
    });
    expect(back({})).toEqual({ networkPoliciesEnabled: false });
  });

  test("an object without a spec stays one, and its status is untouched", () => {
    const before = object(alpha);
    expect(convert(before, beta)).toEqual({ ...before, apiVersion: beta });
  });
});

describe("B25 from v1beta1 to v1alpha1 and back", () => {
  test.each<Fields>([
    {},
    { gateway: {}, validator: { logLevel: "warn" } },
    { ingress: { mode: "BuiltIn", builtIn: { serviceType: "ClusterIP" } }, networkPolicies: { mode: "Allow" } },
    { ingress: { istio: {}, gatewayAPI: {}, builtIn: {} } },
    { ingress: { istio: { selector: { a: "b" } } }, networkPolicies: {} },
  ])("nothing is lost: %j", (spec) => {
    const before = object(beta, spec);
    expect(convert(convert(before, alpha), beta)).toEqual(before);
  });

  test("what v1alpha1 has no field for is kept in one annotation, and survives a change of something else", () => {
    const there = convert(object(beta, { ingress: { mode: "Istio", istio: {} } }), alpha);
    expect(noteOf(there)).toContain("istio");
    const changed = { ...there, spec: { ...specOf(there), domainName: "new.example" } };
    expect(specOf(convert(changed, beta))).toEqual({
      domainName: "new.example",
      ingress: { mode: "Istio", istio: {} },
    });
    const replaced = { ...there, spec: { ingress: { mode: "Istio", selector: { istio: "other" } } } };
    expect(specOf(convert(replaced, beta))).toEqual({
      ingress: { mode: "Istio", istio: { selector: { istio: "other" } } },
    });
  });
});

test.each([
  "not json",
  "[]",
  "null",
  '{"v1beta1":1}',
  '{"v1beta1":[{"path":[]}]}',
  '{"v1beta1":[{"path":["gateway"],"is":"a text"}]}',
  '{"v1beta1":[{"path":["__proto__","polluted"],"is":true}]}',
])("B25 an annotation that somebody made up changes nothing: %s", (note) => {
  const there = convert(object(alpha, { domainName: "a.example" }, { [keptAnnotation]: note }), beta);
  expect(there["spec"]).toEqual({ domainName: "a.example" });
  expect({}).not.toHaveProperty("polluted");
});

test("B25 random objects are the same there and back, in both directions", () => {
  let seed = 20_300_131;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const some = (fields: Record<string, readonly unknown[]>): Fields =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, values]) => {
        const value = values[random(values.length + 1)];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const selector = { selector: [{}, { istio: "a" }] };
  const shared = () => ({
    domainName: ["a.example", ""],
    deletionPolicy: ["Block"],
    runtimeAgent: [{}, { enabled: "Auto" }],
  });
  const policies = { mode: ["Allow", "Disabled", "DefaultDeny"], externalCIDRs: [[], ["10.0.0.0/8"]] };
  for (let round = 0; round < 500; round++) {
    const before = object(
      alpha,
      some({
        ...shared(),
        networkPoliciesEnabled: [true, false],
        networkPolicies: [some(policies), {}],
        appGateway: [{}, { proxyTimeout: "1s" }],
        ingress: [some({ mode: ["Istio"], ...selector, gatewayClassName: ["x"], serviceType: ["NodePort"] })],
      }),
    );
    expect(convert(convert(before, beta), alpha)).toEqual(before);
    const after = object(
      beta,
      some({
        ...shared(),
        networkPolicies: [some(policies), {}],
        gateway: [{}, { proxyTimeout: "1s" }],
        ingress: [
          some({
            istio: [{}, some(selector)],
            gatewayAPI: [{}, { className: "x" }],
            builtIn: [{}, { serviceType: "NodePort" }],
          }),
        ],
      }),
    );
    expect(convert(convert(after, alpha), beta)).toEqual(after);
  }
});

test("B25 a review is answered as a whole, and says what it cannot do", () => {
  const review = (objects: unknown, desiredAPIVersion: unknown = beta) =>
    readReview({ kind: "ConversionReview", request: { uid: "7", desiredAPIVersion, objects } });
  const good = review([object(alpha, {}), object(beta, {})]);
  expect(good && answerReview(good)).toMatchObject({
    isConverted: true,
    review: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "ConversionReview",
      response: {
        uid: "7",
        result: { status: "Success" },
        convertedObjects: [{ apiVersion: beta }, { apiVersion: beta }],
      },
    },
  });
  const unknown = review([object(alpha, {}), { apiVersion: "v1", kind: "Pod" }]);
  expect(unknown && answerReview(unknown)).toMatchObject({
    isConverted: false,
    review: {
      response: {
        convertedObjects: [],
        result: { status: "Failure", message: "v1 Pod cannot be converted to operator.kyma-project.io/v1beta1" },
      },
    },
  });
  for (const bad of [undefined, null, [], { kind: "ConversionReview" }, { kind: "ConversionReview", request: {} }]) {
    expect(readReview(bad)).toBeUndefined();
  }
  expect(review(["text"])).toBeUndefined();
});
