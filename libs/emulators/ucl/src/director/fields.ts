import { timestamp } from "../model/clock.ts";
import { normaliseName } from "../model/normalise-name.ts";
import type { Auth, Formation, InstanceAuth, Runtime, SystemAuth } from "../model/records.ts";
import { type Call, nestedPage } from "./call.ts";
import { notFound } from "./director-error.ts";
import type { PageArguments } from "./paging.ts";
import { type ApplicationView, type BundleView, eventingUrl, formationsOf, tokenView } from "./views.ts";

type Id = { id: string };
type Field = { key?: string | null };

const scenarios = (call: Call, id: string): object => {
  const names = formationsOf(call.world, id).map(({ name }) => name);
  return names.length === 0 ? {} : { scenarios: names };
};

const picked = (labels: Record<string, unknown>, { key }: Field): object | null => {
  if (!key) return Object.keys(labels).length === 0 ? null : labels;
  return Object.hasOwn(labels, key) ? { [key]: labels[key] } : null;
};

const sees = ({ caller }: Call, definition: { visibility: string }): boolean =>
  definition.visibility === "public" || caller.scopes.has("internal_visibility:read");

/** The fields of an application that its record does not simply hold. */
export const applicationFields = {
  ...fromRecord(
    ["id", "providerName", "description", "systemNumber", "localTenantID", "baseUrl", "applicationNamespace"],
    ({ application }: ApplicationView) => application,
  ),
  ...fromRecord(
    ["integrationSystemID", "applicationTemplateID", "healthCheckURL", "createdAt", "updatedAt"],
    ({ application }: ApplicationView) => application,
  ),
  name: ({ name }: ApplicationView) => name,
  labels: ({ application }: ApplicationView, args: Field, call: Call) =>
    picked({ ...application.labels, name: normaliseName(application.name), ...scenarios(call, application.id) }, args),
  status: ({ application }: ApplicationView) => ({
    condition: application.condition,
    timestamp: application.conditionAt,
  }),
  auths: ({ application }: ApplicationView, _: unknown, { world }: Call) =>
    world.model.systemAuths.of(application.id).filter(({ type }) => type === "APPLICATION"),
  bundles: ({ application }: ApplicationView, args: PageArguments, call: Call) => {
    const page = nestedPage(call, "bundles", call.world.model.bundles.of(application.id), args);
    return { ...page, data: page.data.map((bundle): BundleView => ({ bundle, listed: true })) };
  },
  bundle: ({ application }: ApplicationView, { id }: Id, { world }: Call): BundleView => {
    const bundle = world.model.bundles.get(id);
    if (bundle?.applicationId !== application.id) throw notFound("bundle", id);
    return { bundle: bundle as BundleView["bundle"], listed: false };
  },
  apiDefinition: ({ application }: ApplicationView, { id }: Id, call: Call) => {
    const api = call.world.model.apis.get(id);
    return api !== undefined && api.applicationId === application.id && sees(call, api) ? api : null;
  },
  eventDefinition: ({ application }: ApplicationView, { id }: Id, call: Call) => {
    const event = call.world.model.events.get(id);
    return event !== undefined && event.applicationId === application.id && sees(call, event) ? event : null;
  },
  eventingConfiguration: ({ application }: ApplicationView, _: unknown, { world }: Call) => ({
    defaultURL: eventingUrl(world, application),
  }),
};

/** What one caller may see of the instance auths of a bundle: a runtime only its own. */
const instanceAuths = ({ bundle }: BundleView, { world, caller }: Call): readonly InstanceAuth[] =>
  world.model.instanceAuths
    .of(bundle.id)
    .filter(({ runtimeID }) => caller.type !== "RUNTIME" || runtimeID === caller.id);

export const bundleFields = {
  ...fromRecord(
    ["id", "name", "description", "instanceAuthRequestInputSchema", "correlationIDs", "createdAt", "updatedAt"],
    ({ bundle }: BundleView) => bundle,
  ),
  defaultInstanceAuth: (view: BundleView, _: unknown, call: Call): Auth | null => {
    // In lists a runtime gets the credentials made for it, if there are any; while they are pending, none.
    const own = view.listed && call.caller.type === "RUNTIME" ? instanceAuths(view, call)[0] : undefined;
    return own === undefined ? view.bundle.defaultInstanceAuth : own.auth;
  },
  instanceAuths: (view: BundleView, _: unknown, call: Call) =>
    call.caller.scopes.has("bundle.instance_auths:read") ? instanceAuths(view, call) : null,
  instanceAuth: (view: BundleView, { id }: Id, call: Call) =>
    call.caller.scopes.has("bundle.instance_auths:read")
      ? (instanceAuths(view, call).find((auth) => auth.id === id) ?? null)
      : null,
  apiDefinitions: ({ bundle }: BundleView, args: PageArguments & { group?: string | null }, call: Call) =>
    nestedPage(
      call,
      "apiDefinitions",
      call.world.model.apis.of(bundle.id).filter((api) => sees(call, api) && (!args.group || api.group === args.group)),
      args,
    ),
  eventDefinitions: ({ bundle }: BundleView, args: PageArguments & { group?: string | null }, call: Call) =>
    nestedPage(
      call,
      "eventDefinitions",
      call.world.model.events
        .of(bundle.id)
        .filter((event) => sees(call, event) && (!args.group || event.group === args.group)),
      args,
    ),
  apiDefinition: ({ bundle }: BundleView, { id }: Id, call: Call) =>
    call.world.model.apis.of(bundle.id).find((api) => api.id === id && sees(call, api)) ?? null,
  eventDefinition: ({ bundle }: BundleView, { id }: Id, call: Call) =>
    call.world.model.events.of(bundle.id).find((event) => event.id === id && sees(call, event)) ?? null,
};

const orNull = <T extends object>(map: T | null): T | null =>
  map !== null && Object.keys(map).length > 0 ? map : null;
const serialized = (map: object | null): string | null => (orNull(map) === null ? null : JSON.stringify(map));

export const authFields = {
  additionalHeaders: ({ additionalHeaders }: Auth) => orNull(additionalHeaders),
  additionalHeadersSerialized: ({ additionalHeaders }: Auth) => serialized(additionalHeaders),
  additionalQueryParams: ({ additionalQueryParams }: Auth) => orNull(additionalQueryParams),
  additionalQueryParamsSerialized: ({ additionalQueryParams }: Auth) => serialized(additionalQueryParams),
  requestAuth: ({ csrf }: Auth) => (csrf === null ? null : { csrf }),
};

export const csrfFields = {
  additionalHeaders: ({ additionalHeaders }: Auth) => orNull(additionalHeaders),
  additionalQueryParams: ({ additionalQueryParams }: Auth) => orNull(additionalQueryParams),
};

export const instanceAuthFields = {
  status: ({ condition, conditionAt }: InstanceAuth) => ({
    condition,
    timestamp: conditionAt,
    message: condition === "SUCCEEDED" ? "Credentials were provided." : "Credentials were requested.",
    reason: condition === "SUCCEEDED" ? "CredentialsProvided" : "CredentialsRequested",
  }),
};

export const runtimeFields = {
  labels: ({ labels, id }: Runtime, args: Field, call: Call) => picked({ ...labels, ...scenarios(call, id) }, args),
  status: ({ condition, conditionAt }: Runtime) => ({ condition, timestamp: conditionAt }),
  metadata: ({ createdAt }: Runtime) => ({ creationTimestamp: createdAt }),
  auths: ({ id }: Runtime, _: unknown, { world }: Call) => world.model.systemAuths.of(id),
  eventingConfiguration: ({ labels }: Runtime) => ({ defaultURL: String(labels["runtime_eventServiceUrl"] ?? "") }),
};

/** Who lacks the scope sees no error, but nothing either. */
const systemAuthFields = (scope: string) => ({
  auth: (auth: SystemAuth, _: unknown, { world, caller }: Call) =>
    caller.scopes.has(scope) && (auth.oneTimeToken !== null || auth.commonName !== null)
      ? {
          ...nothing,
          certCommonName: auth.commonName,
          oneTimeToken: auth.oneTimeToken && tokenView(world, auth, auth.oneTimeToken),
        }
      : null,
  tenantId: ({ tenantId }: SystemAuth) => tenantId,
  referenceObjectId: ({ objectId }: SystemAuth) => objectId,
});
const nothing: Auth = {
  credential: null,
  accessStrategy: null,
  additionalHeaders: null,
  additionalQueryParams: null,
  csrf: null,
  certCommonName: null,
};
export const applicationAuthFields = systemAuthFields("application.auths:read");
export const runtimeAuthFields = systemAuthFields("runtime.auths:read");

export const formationFields = {
  formationTemplateId: ({ templateId }: Formation) => templateId,
  tenantID: ({ tenantId }: Formation) => tenantId,
  status: () => ({ condition: "READY", errors: null }),
  lastStateChangeTimestamp: ({ createdAt }: Formation) => createdAt,
};

/** Times are kept as numbers and shown as text. */
export const showTimestamp = (value: unknown): unknown => (typeof value === "number" ? timestamp(value) : value);

/** Resolvers for fields that stand under the same name in a record. */
function fromRecord<V, R extends object, K extends keyof R & string>(
  names: readonly K[],
  recordOf: (view: V) => R,
): Record<K, (view: V) => R[K]> {
  return Object.fromEntries(names.map((name) => [name, (view: V) => recordOf(view)[name]])) as Record<
    K,
    (view: V) => R[K]
  >;
}
