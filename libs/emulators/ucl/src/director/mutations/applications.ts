import { normaliseName } from "../../model/normalise-name.ts";
import type { Application } from "../../model/records.ts";
import { type Call, requireScopes } from "../call.ts";
import { checkApplication, checkBundle, checkLabelKey } from "../check-input.ts";
import { DirectorError, invalid, notFound, refused } from "../director-error.ts";
import type { ApplicationInput, ApplicationUpdateInput } from "../inputs.ts";
import { type ApplicationView, existingApplication, formationsOf } from "../views.ts";
import { addApplication, addBundle, removeApplication } from "../write.ts";

type Input<T> = { in: T };
type Id = { id: string };
interface TemplateInput {
  id?: string | null;
  templateName: string;
  values?: ({ placeholder: string; value: string } | null)[] | null;
  labels?: Record<string, unknown> | null;
}

const view = (application: Application): ApplicationView => ({ application, name: application.name });

/** Applications and their labels. */
export const applicationMutations = {
  registerApplication(_: unknown, { in: input }: Input<ApplicationInput>, call: Call): ApplicationView {
    requireScopes(call, "application:write");
    checkApplication(input);
    for (const bundle of input.bundles ?? []) checkBundle(bundle);
    return view(register(call, input));
  },
  /** A template yields an application called like the value of its placeholder `name`. */
  registerApplicationFromTemplate(_: unknown, { in: input }: Input<TemplateInput>, call: Call): ApplicationView {
    requireScopes(call, "application:write");
    const name = input.values?.find((value) => value?.placeholder === "name")?.value;
    if (name === undefined)
      throw invalid("required placeholder not provided: value for placeholder name 'name' not found");
    const labels = { applicationType: input.templateName, ...input.labels };
    checkApplication({ name });
    return view(register(call, { name, labels, providerName: "SAP" }, input.id ?? undefined));
  },
  updateApplication(_: unknown, { id, in: input }: Id & Input<ApplicationUpdateInput>, call: Call): ApplicationView {
    requireScopes(call, "application:write");
    checkApplication(input);
    const application = existingApplication(call, id);
    Object.assign(application, fieldsFrom(input), { updatedAt: call.world.clock.now() });
    return view(application);
  },
  unregisterApplication(_: unknown, { id }: Id, call: Call): ApplicationView {
    requireScopes(call, "application:write");
    const application = existingApplication(call, id);
    const formations = formationsOf(call.world, id);
    if (formations.length > 0) {
      const names = formations.map(({ name }) => name).join(", ");
      const withRuntime = formations.some(({ members }) =>
        members.some((member) => call.world.model.runtimes.get(member)),
      );
      const more = withRuntime
        ? ", and there is a runtime in one of them. Remove the system from the formation first"
        : "";
      throw refused(`System ${application.name} is part of the following formations : ${names}${more}`);
    }
    removeApplication(call.world, application);
    return view(application);
  },
  setApplicationLabel(_: unknown, args: { applicationID: string; key: string; value: unknown }, call: Call) {
    requireScopes(call, "application:write");
    checkLabelKey(args.key);
    const application = existingApplication(call, args.applicationID);
    application.labels = { ...application.labels, [args.key]: args.value };
    return { key: args.key, value: args.value };
  },
  deleteApplicationLabel(_: unknown, { applicationID, key }: { applicationID: string; key: string }, call: Call) {
    requireScopes(call, "application:write");
    const application = existingApplication(call, applicationID);
    if (!Object.hasOwn(application.labels, key)) throw notFound("label", key);
    const { [key]: value, ...labels } = application.labels;
    application.labels = labels;
    return { key, value };
  },
};

function register(call: Call, input: ApplicationInput, id?: string): Application {
  const { world, caller } = call;
  const normalised = normaliseName(input.name);
  // Two systems with numbers may share a name; that is how duplicates come about.
  const taken = world.model.applications
    .of(caller.tenantId)
    .some(({ name, systemNumber }) => !systemNumber && normaliseName(name) === normalised);
  if (taken) throw new DirectorError("NotUniqueName", "Object name is not unique [object=application]");
  const { bundles, name, labels } = input;
  const application = addApplication(world, caller.tenantId, {
    name,
    labels: labels ?? {},
    ...fieldsFrom(input),
    ...(id === undefined ? {} : { id }),
  });
  for (const bundle of bundles ?? []) addBundle(world, application.id, bundle);
  return application;
}

const updatable = [
  "providerName",
  "description",
  "healthCheckURL",
  "baseUrl",
  "applicationNamespace",
  "integrationSystemID",
  "localTenantID",
] as const satisfies (keyof ApplicationUpdateInput)[];

/** Every field that the input names; those it leaves out are emptied, as UCL does. */
function fieldsFrom(input: ApplicationUpdateInput): Partial<Application> {
  const fields = Object.fromEntries(updatable.map((field) => [field, input[field] ?? null]));
  return { ...fields, ...(input.statusCondition ? { condition: input.statusCondition } : {}) };
}
