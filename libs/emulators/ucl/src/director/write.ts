import type {
  ApiDefinition,
  Application,
  Bundle,
  EventDefinition,
  Formation,
  Runtime,
  SystemAuth,
} from "../model/records.ts";
import type { World } from "../world.ts";
import { authFrom, type BundleInput, type DefinitionInput, versionFrom } from "./inputs.ts";

/** Writes that keep related records together. They trust their arguments: whoever calls has checked them. */

const common = (world: World, tenantId: string) => ({
  id: world.random.uuid(),
  tenantId,
  description: null,
  applicationNamespace: null,
  condition: "INITIAL",
  conditionAt: world.clock.now(),
  createdAt: world.clock.now(),
  updatedAt: world.clock.now(),
});

export function addRuntime(world: World, tenantId: string, runtime: Partial<Runtime> & { name: string }): Runtime {
  // Runtimes get their names normalised unless they say otherwise.
  const labels = { isNormalized: "true", ...runtime.labels };
  return world.model.runtimes.add({ ...common(world, tenantId), ...runtime, labels });
}

export function addApplication(
  world: World,
  tenantId: string,
  application: Partial<Application> & { name: string },
): Application {
  return world.model.applications.add({
    ...common(world, tenantId),
    labels: {},
    providerName: null,
    systemNumber: null,
    localTenantID: null,
    baseUrl: null,
    healthCheckURL: null,
    integrationSystemID: null,
    applicationTemplateID: null,
    ...application,
  });
}

export function addBundle(world: World, applicationId: string, input: BundleInput, id?: string): Bundle {
  const { model, random, clock } = world;
  const bundle = model.bundles.add({
    id: id ?? random.uuid(),
    applicationId,
    name: input.name,
    description: input.description ?? null,
    instanceAuthRequestInputSchema: input.instanceAuthRequestInputSchema ?? null,
    defaultInstanceAuth: authFrom(input.defaultInstanceAuth),
    correlationIDs: input.correlationIDs ?? null,
    createdAt: clock.now(),
    updatedAt: clock.now(),
  });
  for (const api of input.apiDefinitions ?? []) addApi(world, bundle, api);
  for (const event of input.eventDefinitions ?? []) addEvent(world, bundle, event);
  return bundle;
}

/** What an API and an event definition have in common, as an input says it. */
export const definitionFrom = (input: DefinitionInput) => ({
  name: input.name,
  description: input.description ?? null,
  group: input.group ?? null,
  version: versionFrom(input.version),
});

export function addApi(world: World, bundle: Bundle, input: DefinitionInput & { id?: string }): ApiDefinition {
  return world.model.apis.add({
    id: input.id ?? world.random.uuid(),
    applicationId: bundle.applicationId,
    bundleIds: [bundle.id],
    visibility: "public",
    targetURL: input.targetURL ?? "",
    ...definitionFrom(input),
  });
}

export function addEvent(world: World, bundle: Bundle, input: DefinitionInput & { id?: string }): EventDefinition {
  return world.model.events.add({
    id: input.id ?? world.random.uuid(),
    applicationId: bundle.applicationId,
    bundleIds: [bundle.id],
    visibility: "public",
    ...definitionFrom(input),
  });
}

export function addFormation(world: World, tenantId: string, name: string): Formation {
  const { model, random, clock } = world;
  return model.formations.add({
    id: random.uuid(),
    tenantId,
    name,
    templateId: sideBySideTemplate,
    state: "READY",
    createdAt: clock.now(),
    members: [],
  });
}

/** Id of the template "Side-by-Side Extensibility with Kyma", the only one there is. */
const sideBySideTemplate = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

export function join({ model }: World, formation: Formation, objectIds: readonly string[]): void {
  // The index follows records as they are added, so the record leaves and comes back changed.
  model.formations.delete(formation.id);
  formation.members = [...new Set([...formation.members, ...objectIds])];
  model.formations.add(formation);
}

export function leave({ model }: World, formation: Formation, objectId: string): void {
  model.formations.delete(formation.id);
  formation.members = formation.members.filter((id) => id !== objectId);
  model.formations.add(formation);
}

export function addSystemAuth(world: World, object: Runtime | Application, type: SystemAuth["type"]): SystemAuth {
  return world.model.systemAuths.add({
    id: world.random.uuid(),
    tenantId: object.tenantId,
    type,
    objectId: object.id,
    oneTimeToken: null,
    commonName: null,
  });
}

export function removeDefinitions({ model }: World, bundle: Bundle): void {
  for (const table of [model.apis, model.events]) {
    for (const definition of table.of(bundle.id)) {
      table.delete(definition.id);
      const bundleIds = definition.bundleIds.filter((id) => id !== bundle.id);
      if (bundleIds.length > 0) (table as typeof model.events).add({ ...definition, bundleIds });
    }
  }
}

export function removeBundle(world: World, bundle: Bundle): void {
  removeDefinitions(world, bundle);
  for (const { id } of world.model.instanceAuths.of(bundle.id)) world.model.instanceAuths.delete(id);
  world.model.bundles.delete(bundle.id);
}

export function removeApplication(world: World, { id }: Application): void {
  for (const bundle of world.model.bundles.of(id)) removeBundle(world, bundle);
  for (const auth of world.model.systemAuths.of(id)) world.model.systemAuths.delete(auth.id);
  for (const formation of world.model.formations.of(id)) leave(world, formation, id);
  world.model.applications.delete(id);
}

export function removeRuntime(world: World, { id }: Runtime): void {
  for (const auth of world.model.systemAuths.of(id)) world.model.systemAuths.delete(auth.id);
  for (const formation of world.model.formations.of(id)) leave(world, formation, id);
  world.model.runtimes.delete(id);
}
