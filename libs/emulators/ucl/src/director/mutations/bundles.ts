import type { ApiDefinition, EventDefinition, InstanceAuth } from "../../model/records.ts";
import { type Call, requireScopes } from "../call.ts";
import { checkBundle, checkDefinition } from "../check-input.ts";
import { invalid, notFound } from "../director-error.ts";
import { type AuthInput, authFrom, type BundleInput, type DefinitionInput } from "../inputs.ts";
import { applicationFor, type BundleView, existingApplication, existingBundle } from "../views.ts";
import { addApi, addBundle, addEvent, definitionFrom, removeBundle } from "../write.ts";

type Input<T> = { in: T };
type Id = { id: string };
interface InstanceAuthInput {
  context?: string | null;
  inputParams?: string | null;
  auth?: AuthInput | null;
  runtimeID?: string | null;
  runtimeContextID?: string | null;
}

/** Bundles, what is in them, and the credentials of single runtimes. */
export const bundleMutations = {
  addBundle(_: unknown, args: { applicationID: string } & Input<BundleInput>, call: Call): BundleView {
    requireScopes(call, "application:write");
    checkBundle(args.in);
    const application = existingApplication(call, args.applicationID);
    return { bundle: addBundle(call.world, application.id, args.in), listed: false };
  },
  updateBundle(_: unknown, { id, in: input }: Id & Input<BundleInput>, call: Call): BundleView {
    requireScopes(call, "application:write");
    checkBundle(input);
    const bundle = existingBundle(call, id);
    Object.assign(bundle, {
      name: input.name,
      description: input.description ?? null,
      instanceAuthRequestInputSchema: input.instanceAuthRequestInputSchema ?? null,
      defaultInstanceAuth: authFrom(input.defaultInstanceAuth),
      updatedAt: call.world.clock.now(),
    });
    return { bundle, listed: false };
  },
  deleteBundle(_: unknown, { id }: Id, call: Call): BundleView {
    requireScopes(call, "application:write");
    const bundle = existingBundle(call, id);
    removeBundle(call.world, bundle);
    return { bundle, listed: false };
  },

  addAPIDefinitionToBundle(_: unknown, args: { bundleID: string } & Input<DefinitionInput>, call: Call) {
    requireScopes(call, "application:write");
    checkDefinition(args.in);
    return addApi(call.world, existingBundle(call, args.bundleID), args.in);
  },
  updateAPIDefinition(_: unknown, { id, in: input }: Id & Input<DefinitionInput>, call: Call): ApiDefinition {
    requireScopes(call, "application:write");
    checkDefinition(input);
    const api = owned(call, "api", id);
    return Object.assign(api, { targetURL: input.targetURL ?? "", ...definitionFrom(input) });
  },
  deleteAPIDefinition(_: unknown, { id }: Id, call: Call): ApiDefinition {
    requireScopes(call, "application:write");
    const api = owned(call, "api", id);
    call.world.model.apis.delete(id);
    return api;
  },
  addEventDefinitionToBundle(_: unknown, args: { bundleID: string } & Input<DefinitionInput>, call: Call) {
    requireScopes(call, "application:write");
    checkDefinition(args.in);
    return addEvent(call.world, existingBundle(call, args.bundleID), args.in);
  },
  updateEventDefinition(_: unknown, { id, in: input }: Id & Input<DefinitionInput>, call: Call): EventDefinition {
    requireScopes(call, "application:write");
    checkDefinition(input);
    return Object.assign(owned(call, "event", id), definitionFrom(input));
  },
  deleteEventDefinition(_: unknown, { id }: Id, call: Call): EventDefinition {
    requireScopes(call, "application:write");
    const event = owned(call, "event", id);
    call.world.model.events.delete(id);
    return event;
  },

  createBundleInstanceAuth(
    _: unknown,
    args: { bundleID: string } & Input<InstanceAuthInput>,
    call: Call,
  ): InstanceAuth {
    requireScopes(call, "application:write");
    const { in: input } = args;
    const bundle = existingBundle(call, args.bundleID);
    if (Boolean(input.runtimeID) === Boolean(input.runtimeContextID)) {
      throw invalid("exactly one of runtimeID and runtimeContextID must be given");
    }
    if (input.runtimeID && call.world.model.runtimes.get(input.runtimeID) === undefined) {
      throw notFound("runtime", input.runtimeID);
    }
    const auth = authFrom(input.auth);
    return call.world.model.instanceAuths.add({
      id: call.world.random.uuid(),
      bundleId: bundle.id,
      context: input.context ?? null,
      inputParams: input.inputParams ?? null,
      auth,
      condition: "SUCCEEDED",
      conditionAt: call.world.clock.now(),
      runtimeID: input.runtimeID ?? null,
      runtimeContextID: input.runtimeContextID ?? null,
    });
  },
  updateBundleInstanceAuth(
    _: unknown,
    args: Id & { bundleID: string } & Input<InstanceAuthInput>,
    call: Call,
  ): InstanceAuth {
    requireScopes(call, "application:write");
    const instance = ownedInstanceAuth(call, args.id);
    if (instance.bundleId !== args.bundleID) throw notFound("bundleInstanceAuth", args.id);
    const { context, inputParams, auth } = args.in;
    return Object.assign(instance, {
      ...(context === undefined ? {} : { context }),
      ...(inputParams === undefined ? {} : { inputParams }),
      ...(auth === undefined ? {} : { auth: authFrom(auth), condition: auth === null ? "PENDING" : "SUCCEEDED" }),
      conditionAt: call.world.clock.now(),
    });
  },
  deleteBundleInstanceAuth(_: unknown, { authID }: { authID: string }, call: Call): InstanceAuth {
    requireScopes(call, "application:write");
    const instance = ownedInstanceAuth(call, authID);
    call.world.model.instanceAuths.delete(authID);
    return instance;
  },
};

function owned(call: Call, kind: "api", id: string): ApiDefinition;
function owned(call: Call, kind: "event", id: string): EventDefinition;
function owned(call: Call, kind: "api" | "event", id: string): EventDefinition {
  const { model } = call.world;
  const found = kind === "api" ? model.apis.get(id) : model.events.get(id);
  if (found === undefined || applicationFor(call, found.applicationId) === undefined) throw notFound(kind, id);
  return found;
}

function ownedInstanceAuth(call: Call, id: string): InstanceAuth {
  const found = call.world.model.instanceAuths.get(id);
  if (found === undefined) throw notFound("bundleInstanceAuth", id);
  existingBundle(call, found.bundleId);
  return found;
}
