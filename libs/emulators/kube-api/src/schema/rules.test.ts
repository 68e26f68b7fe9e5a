import { expect, onTestFinished, test } from "vitest";
import { testServers } from "../test-client.ts";

const start = testServers(onTestFinished);
const path = "/apis/example.com/v1/namespaces/default/timers";

const definition = (strict: boolean) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "timers.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "timers", kind: "Timer" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  period: {
                    type: "string",
                    ...(strict && {
                      maxLength: 10,
                      "x-kubernetes-validations": [
                        {
                          rule: "self.matches('^[0-9]+s$') && duration(self) > duration('0s')",
                          message: "must be a period",
                        },
                      ],
                    }),
                  },
                  range: {
                    type: "object",
                    properties: { min: { type: "integer" }, max: { type: "integer" } },
                    ...(strict && {
                      "x-kubernetes-validations": [
                        { rule: "!has(self.max) || self.min <= self.max", message: "min before max" },
                      ],
                    }),
                  },
                },
              },
              status: { type: "object", properties: { seen: { type: "boolean" } } },
            },
          },
        },
      },
    ],
  },
});

const timer = (name: string, spec: object) => ({
  apiVersion: "example.com/v1",
  kind: "Timer",
  metadata: { name },
  spec,
});

test("rules in CEL are judged, with what they say", async () => {
  const { send } = await start({ crds: [definition(true)] });
  expect(
    (await send(path, { method: "POST", body: timer("good", { period: "10s", range: { min: 1, max: 2 } }) })).status,
  ).toBe(201);
  const bad = await send(path, { method: "POST", body: timer("bad", { period: "0s", range: { min: 3, max: 2 } }) });
  expect(bad.status).toBe(422);
  expect(bad.body.details.causes).toEqual([
    { reason: "FieldValueInvalid", field: "spec.period", message: 'Invalid value: "0s": must be a period' },
    { reason: "FieldValueInvalid", field: "spec.range", message: expect.stringContaining("min before max") },
  ]);
});

test("rules are not judged while something more basic is wrong", async () => {
  const { send } = await start({ crds: [definition(true)] });
  const { body } = await send(path, { method: "POST", body: timer("long", { period: "no period at all" }) });
  expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual(["spec.period", "<nil>"]);
});

test("what was stored before a rule came stays as it is, and the rest of the object can change", async () => {
  const { api, send } = await start({ crds: [definition(false)] });
  await send(path, { method: "POST", body: timer("old", { period: "a long time", range: { min: 2, max: 1 } }) });
  api.apply(definition(true));
  const patch = (body: object, part = "") =>
    send(`${path}/old${part}`, { method: "PATCH", body, type: "application/merge-patch+json" });
  expect((await patch({ status: { seen: true } }, "/status")).status).toBe(200);
  expect((await patch({ metadata: { labels: { a: "b" } } })).status).toBe(200);
  expect((await patch({ spec: { range: { max: 3 } } })).status).toBe(200);
  expect((await patch({ spec: { period: "another time" } })).status).toBe(422);
});
