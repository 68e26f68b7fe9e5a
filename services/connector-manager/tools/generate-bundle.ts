/**
 * `node services/connector-manager/tools/generate-bundle.ts [--check]`: writes src/bundle/generated/bundle.ts, the objects
 * that the manager installs, from the templates of the chart. With --check it compares instead, without Helm: the file
 * names the content of the chart that it was made from.
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { helmValues } from "../src/bundle/helm-values.ts";
import type { BundleEntry } from "../src/bundle/render.ts";
import type { BundleSettings, KubernetesObject, Shape } from "../src/bundle/settings.ts";
import { condense, type Rendered } from "./condense.ts";
import { defaultSettings, type Values } from "./default-settings.ts";
import { chart, findHelm, helmObjects } from "./helm.ts";
import { placeholders } from "./placeholders.ts";
import { shapes } from "./shapes.ts";

const file = path.resolve(import.meta.dirname, "../src/bundle/generated/bundle.ts");
/** Settings that may be absent, and without which whole objects are left out. */
const optional = ["domainName", "istio.securityVersion", "gateway.minAvailable", "validator.minAvailable"];
/** Shapes that differ in what does not matter are rendered once. */
const known = new Map<string, Promise<KubernetesObject[]>>();
const madeFrom = `// Made from ${chartDigest()}.`;

if (process.argv.includes("--check")) {
  if (!readFileSync(file, "utf8").includes(madeFrom)) {
    console.error(
      "the manager's objects are not those of charts/application-connector; run `npm run generate` where Helm is installed",
    );
    process.exitCode = 1;
  }
} else {
  const helm = findHelm();
  if (helm === undefined) {
    console.error("the manager's objects were not generated: no helm in HELM, in KUBEBUILDER_ASSETS or on the path");
  } else writeFileSync(file, await generate(helm));
}

async function generate(helm: string): Promise<string> {
  const values = parse(readFileSync(path.join(chart, "values.yaml"), "utf8")) as Values;
  const { appVersion } = parse(readFileSync(path.join(chart, "Chart.yaml"), "utf8")) as { appVersion: string };
  const defaults = defaultSettings(values, appVersion);
  const rendered: Rendered[] = [];
  for (const shape of shapes) rendered.push({ shape, objects: await objectsOf(helm, shape, defaults) });
  const entries = await withNeeds(helm, defaults, condense(rendered));
  return `// Generated from charts/application-connector by services/connector-manager/tools/generate-bundle.ts. Do not edit.
${madeFrom}
import type { BundleEntry } from "../render.ts";
import type { BundleSettings } from "../settings.ts";

/** What the chart's values.yaml says. */
export const defaultSettings: BundleSettings = ${JSON.stringify(defaults, null, 1)};

export const bundle: readonly BundleEntry[] = ${JSON.stringify(entries, null, 1)};
`;
}

/** The objects of a shape, with placeholders. CustomResourceDefinitions are not among them: the manager has them anyway. */
function objectsOf(
  helm: string,
  shape: Shape,
  defaults: BundleSettings,
  without: readonly string[] = [],
): Promise<KubernetesObject[]> {
  const values = helmValues(placeholders(shape, defaults, without)) as { components: Record<string, object> };
  const budget = (component: string) => ({
    ...values.components[component],
    podDisruptionBudget: {
      minAvailable: without.includes(`${component}.minAvailable`) ? null : `@{${component}.minAvailable}`,
    },
  });
  const components = { ...values.components, gateway: budget("gateway"), validator: budget("validator") };
  const all = { ...values, components, crds: { install: false } };
  const key = JSON.stringify(all);
  // Placeholders are texts where the schema wants numbers and maps.
  const objects = known.get(key) ?? helmObjects(helm, all, "--skip-schema-validation");
  known.set(key, objects);
  return objects;
}

/** Says of each object which optional settings it needs: it is not there without them. */
async function withNeeds(
  helm: string,
  defaults: BundleSettings,
  entries: readonly Omit<BundleEntry, "needs">[],
): Promise<BundleEntry[]> {
  const needing = new Map<string, Set<string>>();
  for (const shape of shapes.filter(
    ({ networkPolicies, allowedNamespaces }) => networkPolicies === "Disabled" && allowedNamespaces,
  )) {
    const all = (await objectsOf(helm, shape, defaults)).map(nameOf);
    for (const setting of optional) {
      const left = new Set((await objectsOf(helm, shape, defaults, [setting])).map(nameOf));
      for (const name of all.filter((name) => !left.has(name))) {
        needing.set(name, (needing.get(name) ?? new Set()).add(setting));
      }
    }
  }
  return entries.map(({ when, object }) => ({
    when,
    needs: [...(needing.get(nameOf(object as KubernetesObject)) ?? [])],
    object,
  }));
}

function nameOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function chartDigest(): string {
  const hash = createHash("sha256");
  const files = globSync("{Chart.yaml,values.yaml,templates/**/*.{yaml,tpl}}", { cwd: chart }).sort();
  for (const name of files)
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(path.join(chart, name)))
      .update("\0");
  return `sha256:${hash.digest("hex")}`;
}
