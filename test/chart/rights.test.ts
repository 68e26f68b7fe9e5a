import { readFileSync } from "node:fs";
import path from "node:path";
import type { KubernetesObject } from "@application-connector/connector-manager/bundle";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { installations, installed } from "./rendered.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What an account may do: `namespace: verb group/resource[/name]`, `*` for everywhere. */
function rightsOf(objects: readonly KubernetesObject[], account: string): Set<string> {
  const bindings = objects.filter(({ kind, subjects }) => {
    const list = (subjects ?? []) as { kind: string; name: string }[];
    return kind.endsWith("RoleBinding") && list.some((one) => one.kind === "ServiceAccount" && one.name === account);
  });
  const rights = bindings.flatMap(({ kind, metadata, roleRef }) => {
    const { name, kind: roleKind } = roleRef as { name: string; kind: string };
    const place = kind === "ClusterRoleBinding" ? "*" : (metadata.namespace ?? "");
    const role = objects.find(
      (one) =>
        one.kind === roleKind &&
        one.metadata.name === name &&
        (roleKind === "ClusterRole" || one.metadata.namespace === place),
    );
    return ((role?.rules ?? []) as Rule[]).flatMap((rule) => spelled(rule).map((right) => `${place}: ${right}`));
  });
  return new Set(rights);
}

function spelled({ apiGroups, resources, resourceNames = [""], verbs }: Rule): string[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${group}/${resource}${name && `/${name}`}`)),
    ),
  );
}

function example(file: string): KubernetesObject[] {
  const text = readFileSync(path.resolve(import.meta.dirname, "../../docs/examples", file), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
}

/** Rights that another of the same account's rights contains. */
function withoutContained(rights: ReadonlySet<string>): string[] {
  return [...rights]
    .filter((right) => {
      const parts = right.split("/");
      return parts.length < 3 || right.includes("/status") || !rights.has(parts.slice(0, 2).join("/"));
    })
    .sort();
}

// The examples are what the programs' own tests run with: too little fails there, and too much is found there.
test("the gateway may do what it does, and nothing else", async () => {
  const account = "central-application-gateway";
  const shown = rightsOf(example("application-gateway-rbac.yaml"), account);
  expect(withoutContained(rightsOf(await installed("Istio"), account))).toEqual(withoutContained(shown));
});

test("the agent may do what it does, and nothing else", async () => {
  const account = "compass-runtime-agent";
  const shown = rightsOf(example("runtime-agent-rbac.yaml"), account);
  expect(withoutContained(rightsOf(await installed("Istio"), account))).toEqual(withoutContained(shown));
});

test("the validator may do what it does, and more only for what was turned on", async () => {
  const account = "central-application-connectivity-validator";
  const least = [
    "*: get applicationconnector.kyma-project.io/applications",
    "*: list applicationconnector.kyma-project.io/applications",
    "*: watch applicationconnector.kyma-project.io/applications",
    "default: create events.k8s.io/events",
    "default: patch events.k8s.io/events",
  ];
  expect([...rightsOf(await installed("Istio"), account)].sort()).toEqual(least);
  const more = [...rightsOf(await installed("events on disk and into the stream"), account)];
  expect(more.filter((right) => !least.includes(right)).sort()).toEqual([
    "*: list eventing.kyma-project.io/subscriptions",
    "*: patch applicationconnector.kyma-project.io/applications/status",
    "*: watch eventing.kyma-project.io/subscriptions",
  ]);
  const hint = [...rightsOf(await installed("events on a disk of the Pod"), account)];
  expect(hint).toContain("*: list eventing.kyma-project.io/subscriptions");
});

test.for(Object.keys(installations))("CM-54 nobody may read the Secrets of the whole cluster: %s", async (name) => {
  for (const { kind, metadata, rules } of await installed(name)) {
    if (kind !== "ClusterRole") continue;
    for (const { apiGroups, resources, verbs } of (rules ?? []) as Rule[]) {
      const all = [...apiGroups, ...resources, ...verbs];
      expect(all, metadata.name).not.toContain("*");
      expect(resources, metadata.name).not.toContain("secrets");
      expect(verbs, metadata.name).not.toContain("escalate");
      expect(verbs, metadata.name).not.toContain("bind");
    }
  }
});
