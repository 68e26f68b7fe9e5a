import { expect, test } from "vitest";
import { credentialsSecretName, labelValueFor, parametersSecretName } from "./secret-name.ts";

const uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

test.each([
  ["mp-orders", uuid, "mp-orders-", "params-mp-orders-"],
  ["mp-12345678901234567890123", uuid, "mp-12345678901234567890123-", "params-mp-1234567890123456-"],
  ["mp-123456789012345678901234", uuid, "mp-12345678901234567890123-", "params-mp-1234567890123456-"],
  ["mp-successfactors-employee-central", uuid, "mp-successfactors-employee-", "params-mp-successfactors-e-"],
  ["mp-aaaaaaaaaaaaaaaaaaaaaa-b-c", uuid, "mp-aaaaaaaaaaaaaaaaaaaaaa--", "params-mp-aaaaaaaaaaaaaaaa-"],
  ["mp-orders", "b1", "mp-orders-", "params-mp-orders-"],
])("RA-22 the Secrets of %s, bundle %s", (application, bundle, credentials, parameters) => {
  expect(credentialsSecretName(application, bundle)).toBe(`${credentials}${bundle}`);
  expect(parametersSecretName(application, bundle)).toBe(`${parameters}${bundle}`);
});

test.each([
  ["mp-orders", "mp-orders"],
  ["a".repeat(63), "a".repeat(63)],
  ["a".repeat(64), `${"a".repeat(54)}-ffe054fe`],
  [`${"a".repeat(52)}.-${"b".repeat(20)}`, `${"a".repeat(52)}-2f2c092f`],
])("the label of %s is %s", (name, label) => {
  expect(labelValueFor(name)).toBe(label);
  expect(label.length).toBeLessThanOrEqual(63);
});
