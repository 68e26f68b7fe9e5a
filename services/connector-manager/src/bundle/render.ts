import { type CustomResourceDefinition, customResourceDefinitions } from "@application-connector/crds";
import { fill, isAbsent, valueAt } from "./fill.ts";
import { bundle } from "./generated/bundle.ts";
import { type BundleSettings, type KubernetesObject, type Scaling, type Shape, shapeOf } from "./settings.ts";

/** One object of the chart, as it is in some of the shapes that an installation can have. */
export interface BundleEntry {
  /** The shapes that have it: for each name one of the values. What is not named does not matter. */
  readonly when: Readonly<Record<string, readonly (string | boolean)[]>>;
  /** Settings without which it is left out. */
  readonly needs: readonly string[];
  readonly object: object;
}

/** The ApplicationConnector's own definition comes with the manager. */
const installed = customResourceDefinitions.filter(({ spec }) => spec.group !== "operator.kyma-project.io");

/**
 * All objects of an installation, in the order of the chart: what `helm template` with `mode: standalone` and the values of
 * the same meaning prints, and nothing else. Pure; every call returns new objects.
 */
export function render(settings: BundleSettings): KubernetesObject[] {
  const shape = shapeOf(settings);
  const values = withBudgets(settings);
  const present = bundle.filter(
    ({ when, needs }) => isIn(shape, when) && !needs.some((path) => isAbsent(valueAt(values, path))),
  );
  const filled = present.map(({ object }) => fill(object, values) as KubernetesObject);
  return [...installed.map(asInstalled), ...filled];
}

function isIn(shape: Shape, when: BundleEntry["when"]): boolean {
  return Object.entries(shape).every(([name, value]) => when[name]?.includes(value) ?? true);
}

/** A budget needs two replicas: with one it would keep its node from ever being drained. */
function withBudgets(settings: BundleSettings): object {
  const { gateway, validator } = settings;
  const minAvailable = ({ minReplicas }: Scaling) => (minReplicas >= 2 ? 1 : undefined);
  return {
    ...settings,
    gateway: { ...gateway, minAvailable: minAvailable(gateway.scaling) },
    validator: { ...validator, minAvailable: minAvailable(validator.scaling) },
  };
}

/** With the labels by which the manager finds what it must repair. */
function asInstalled(definition: CustomResourceDefinition): KubernetesObject {
  const { metadata, ...rest } = structuredClone(definition);
  const part = { "app.kubernetes.io/part-of": "application-connector-manager" };
  return { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, ...part } } };
}
