import { expect, test } from "vitest";
import { policyPrefix, upstreamPolicies } from "./upstream-policies.ts";
import { readyWorld, until } from "./world.ts";

test("CM-32 CM-33 CM-34 policies come, are repaired and go with the object's word, and those of others stay", async () => {
  const world = await readyWorld({ domainName: "test.example", networkPoliciesEnabled: true });
  const names = async () => (await world.list("networkPolicy")).map(({ metadata }) => metadata.name);
  const specs = (await world.list("networkPolicy")).map(({ metadata, ...rest }) => [metadata.name, rest["spec"]]);
  const wanted = Object.entries(upstreamPolicies).map(([suffix, spec]) => [`${policyPrefix}${suffix}`, spec]);
  expect(Object.fromEntries(specs)).toEqual(Object.fromEntries(wanted));
  const labels = {
    "app.kubernetes.io/managed-by": "application-connector-manager",
    "kyma-project.io/module": "application-connector",
  };
  await world.create("networkPolicy", {
    metadata: { name: "theirs", namespace: "default", labels },
    spec: { podSelector: {} },
  });

  await world.remove("networkPolicy", "kyma-project.io--acm-module-to-dns");
  await until(async () => (await names()).length === 13, 5_000);
  expect(await world.condition("NetworkPoliciesApplied")).toMatchObject({ status: "True" });

  await world.patch("connector", "default", { spec: { networkPoliciesEnabled: false } });
  await until(async () => (await names()).length === 0, 10_000);
  expect(await world.get("networkPolicy", "theirs", "default")).toBeDefined();
  await until(async () => (await world.condition("NetworkPoliciesApplied"))?.["status"] === "False");
});
