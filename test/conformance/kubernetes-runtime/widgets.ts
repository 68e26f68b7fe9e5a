import { customResourceDefinitionsResource, type KubeObject, type Resource } from "@application-connector/kube";
import { onTestFinished } from "vitest";
import type { World } from "./world.ts";

/** A custom resource of which the server checks nothing. */
export interface Widget extends KubeObject {
  spec?: unknown;
}

/** A kind of its own for a test, because definitions belong to the whole cluster. */
export function widgetsOf<T extends Widget = Widget>(world: World): Resource<T> {
  const group = `${world.namespace}.example.com`;
  return { group, version: "v1", plural: "widgets", kind: "Widget", namespaced: true };
}

export interface WidgetSchema {
  spec?: object;
  /** With it, the kind has the subresource. */
  status?: object;
  /** A status that is written like any other field. */
  plainStatus?: object;
}

export function widgetDefinition({ group, plural, kind }: Resource<Widget>, schema: WidgetSchema = {}) {
  const { spec = preserved, status, plainStatus } = schema;
  const fields = { spec, ...((status ?? plainStatus) && { status: status ?? plainStatus }) };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced" as const,
      names: { plural, singular: "widget", kind, listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: fields } },
          ...(status && { subresources: { status: {} } }),
        },
      ],
    },
  };
}

const preserved = { "x-kubernetes-preserve-unknown-fields": true };

export async function installWidgets(
  world: World,
  resource: Resource<Widget>,
  schema: WidgetSchema = {},
): Promise<void> {
  const definition = widgetDefinition(resource, schema);
  await world.admin.create(customResourceDefinitionsResource, definition);
  onTestFinished(async () => {
    await world.admin.delete(customResourceDefinitionsResource, { name: definition.metadata.name });
  });
}

export const widget = (world: World, name: string, spec: unknown): Widget => {
  const { group, version, kind } = widgetsOf(world);
  return { apiVersion: `${group}/${version}`, kind, metadata: { name, namespace: world.namespace }, spec };
};
