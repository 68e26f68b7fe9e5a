import { describe, expect, test } from "vitest";
import { AnnotationReader, annotationPrefix, noSettings, ownAnnotations } from "./read-settings.ts";

const orders = { serviceSegment: "orders", entrySegment: "v1" };

describe("the annotations of an Application", () => {
  test.each([
    { title: "speak of all its APIs", given: { "response-timeout": "1s" }, value: 1_000, from: "response-timeout" },
    {
      title: "speak of one service",
      given: { "response-timeout": "1s", "response-timeout.orders": "2s", "response-timeout.other": "9s" },
      value: 2_000,
      from: "response-timeout.orders",
    },
    {
      title: "speak of one entry",
      given: { "response-timeout.orders": "2s", "response-timeout.orders.v1": "3s", "response-timeout": "1s" },
      value: 3_000,
      from: "response-timeout.orders.v1",
    },
    { title: "speak of others", given: { "response-timeout.orders.v2": "2s" }, value: undefined, from: undefined },
  ])("$title", ({ given, value, from }) => {
    const { values, sources } = reader(given).read(orders);
    expect(values.responseTimeout).toBe(value);
    expect(sources.responseTimeout).toBe(from);
  });

  test("that are wrong are told, and what they would have replaced stays", () => {
    const { values, mistakes } = reader({
      "response-timeout": "1s",
      "response-timeout.orders": "soon",
      retries: "many",
    }).read(orders);
    expect(values).toEqual({ responseTimeout: 1_000 });
    expect(mistakes).toEqual([
      `annotation '${annotationPrefix}response-timeout.orders': "soon" ignored: it must be a duration such as 45s or 1m30s, from 100ms to 24h, or 0 for no limit`,
      `annotation '${annotationPrefix}retries': "many" ignored: it must be a whole number from 0 to 5`,
    ]);
  });

  test("that are none of the gateway's cost nothing", () => {
    const other = new AnnotationReader({
      "kubectl.kubernetes.io/x": "{}",
      "application-gateway.kyma-project.iox/a": "1",
    });
    expect(other.read(orders)).toBe(noSettings);
    expect(other.strays()).toEqual([]);
    expect(new AnnotationReader(undefined).read(orders)).toBe(noSettings);
  });

  test("that speak of nothing are told", () => {
    const all = reader({ "responce-timeout": "1s", "retries.order": "1", "retries.orders.v2": "1", retries: "1" });
    all.read(orders);
    expect(all.strays()).toEqual([
      `annotation '${annotationPrefix}responce-timeout' ignored: there is no such setting`,
      `annotation '${annotationPrefix}retries.order' ignored: the Application has no such API`,
      `annotation '${annotationPrefix}retries.orders.v2' ignored: the Application has no such API`,
    ]);
  });

  test.each(["__proto__", "constructor.orders", "toString"])("are not fooled by %s", (name) => {
    const all = reader({ [name]: "1" });
    expect(all.read(orders)).toBe(noSettings);
    expect(all.strays().length).toBe(1);
  });

  test("are as long as Kubernetes lets them be", () => {
    const place = { serviceSegment: "s".repeat(57), entrySegment: "e".repeat(57) };
    const cut = `preserve-trailing-slash.${"s".repeat(39)}`;
    expect(cut.length).toBe(63);
    expect(reader({ [cut]: "true" }).read(place).values.preserveTrailingSlash).toBe(true);
    const dashed = { serviceSegment: `${"s".repeat(38)}-${"t".repeat(10)}`, entrySegment: "" };
    expect(reader({ [cut.slice(0, -1)]: "true" }).read(dashed).values.preserveTrailingSlash).toBe(true);
  });
});

function reader(own: Record<string, string>): AnnotationReader {
  return new AnnotationReader(
    Object.fromEntries(Object.entries(own).map(([name, text]) => [annotationPrefix + name, text])),
  );
}

test.each([
  [undefined, undefined],
  [{}, undefined],
  [{ "kubectl.kubernetes.io/last-applied-configuration": "{}" }, undefined],
  [{ [`${annotationPrefix}retries`]: "1", "other/retries": "2" }, { [`${annotationPrefix}retries`]: "1" }],
])("of the annotations %j are kept %j", (annotations, kept) => {
  expect(ownAnnotations(annotations)).toEqual(kept);
});
