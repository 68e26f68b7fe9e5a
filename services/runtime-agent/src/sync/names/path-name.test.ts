import { expect, test } from "vitest";
import { pathName, serviceName } from "./path-name.ts";

const long = "VeryVeryVeryVeryVeryVeryVEryVeryVeryVeryVeryVeryVeryVeryLongDescription";
const uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const zero = "00000000-0000-0000-0000-000000000000";

test.each([
  ["bundleName1", "bundle1", "bundlename1", "bundlename1-43857"],
  ["bundleName2", "bundle2", "bundlename2", "bundlename2-4b91a"],
  ["bundleName3", "bundle3", "bundlename3", "bundlename3-16aa4"],
  ["bndl-app-1", "e4148ee9-79c0-4d81-863c-311f32aeed9b", "bndl-app-1", "bndl-app-1-0d79e"],
  ["DisplayName", "id", "displayname", "displayname-87ea5"],
  ["display_!@#$%^&*()name", "id", "display-name", "display-name-87ea5"],
  ["-----displayname", "id", "displayname", "displayname-87ea5"],
  [long, "id", long.toLowerCase().slice(0, 57), `${long.toLowerCase().slice(0, 57)}-87ea5`],
  ["Orders API", uuid, "orders-api", "orders-api-f2b42"],
  ["orders-api", uuid, "orders-api", "orders-api-f2b42"],
  ["  lead", "id", "lead", "lead-87ea5"],
  ["日本", "id", "", "87ea5"],
  ["", "id", "", "87ea5"],
  ["Ünder_Score", zero, "nder-score", "nder-score-b602d"],
  [`${"A".repeat(56)} tail`, "id", `${"a".repeat(56)}-`, `${"a".repeat(56)}--87ea5`],
  [`_${"b".repeat(60)}`, "id", "b".repeat(56), `${"b".repeat(56)}-87ea5`],
])("RA-22 %j with the id %s", (name, id, path, service) => {
  expect(pathName(name)).toBe(path);
  expect(serviceName(name, id)).toBe(service);
});
