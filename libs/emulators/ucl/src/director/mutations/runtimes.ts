import { issueToken } from "../../connector/tokens.ts";
import type { Application, Runtime, SystemAuth } from "../../model/records.ts";
import { type Call, requireScopes } from "../call.ts";
import { checkRuntime, checkRuntimeLabel } from "../check-input.ts";
import { DirectorError, notFound } from "../director-error.ts";
import type { RuntimeInput } from "../inputs.ts";
import { existingApplication, existingRuntime, tokenView } from "../views.ts";
import { addRuntime, addSystemAuth, removeRuntime } from "../write.ts";

type Input<T> = { in: T };
type Id = { id: string };
type Token = Id & { systemAuthID?: string | null };

/** Runtimes, their labels, and the one-time tokens of everybody. */
export const runtimeMutations = {
  registerRuntime(_: unknown, { in: input }: Input<RuntimeInput>, call: Call): Runtime {
    requireScopes(call, "runtime:write");
    checkRuntime(input);
    const { model } = call.world;
    if (model.runtimes.of(call.caller.tenantId).some(({ name }) => name === input.name)) {
      throw new DirectorError("NotUniqueName", "Object name is not unique [object=runtime]");
    }
    return addRuntime(call.world, call.caller.tenantId, fieldsFrom(input));
  },
  updateRuntime(_: unknown, { id, in: input }: Id & Input<RuntimeInput>, call: Call): Runtime {
    requireScopes(call, "runtime:write");
    checkRuntime(input);
    const runtime = existingRuntime(call, id);
    return Object.assign(runtime, fieldsFrom(input), {
      labels: { isNormalized: "true", ...(input.labels ?? runtime.labels) },
      updatedAt: call.world.clock.now(),
    });
  },
  unregisterRuntime(_: unknown, { id }: Id, call: Call): Runtime {
    requireScopes(call, "runtime:write");
    const runtime = existingRuntime(call, id);
    removeRuntime(call.world, runtime);
    return runtime;
  },
  setRuntimeLabel(_: unknown, args: { runtimeID: string; key: string; value: unknown }, call: Call) {
    requireScopes(call, "runtime:write");
    const runtime = existingRuntime(call, args.runtimeID);
    checkRuntimeLabel(args.key, args.value);
    runtime.labels = { ...runtime.labels, [args.key]: args.value };
    return { key: args.key, value: args.value };
  },
  deleteRuntimeLabel(_: unknown, { runtimeID, key }: { runtimeID: string; key: string }, call: Call) {
    requireScopes(call, "runtime:write");
    const runtime = existingRuntime(call, runtimeID);
    if (!Object.hasOwn(runtime.labels, key)) throw notFound("label", key);
    const { [key]: value, ...labels } = runtime.labels;
    runtime.labels = labels;
    return { key, value };
  },

  requestOneTimeTokenForRuntime(_: unknown, { id, systemAuthID }: Token, call: Call) {
    requireScopes(call, "runtime:write");
    return newToken(call, existingRuntime(call, id), "RUNTIME", systemAuthID);
  },
  requestOneTimeTokenForApplication(_: unknown, { id, systemAuthID }: Token, call: Call) {
    requireScopes(call, "application:write");
    return newToken(call, existingApplication(call, id), "APPLICATION", systemAuthID);
  },
  deleteSystemAuthForRuntime(_: unknown, { authID }: { authID: string }, call: Call): SystemAuth {
    requireScopes(call, "runtime:write");
    return removedAuth(call, authID, "RUNTIME");
  },
  deleteSystemAuthForApplication(_: unknown, { authID }: { authID: string }, call: Call): SystemAuth {
    requireScopes(call, "application:write");
    return removedAuth(call, authID, "APPLICATION");
  },
};

function fieldsFrom({ name, description, labels, statusCondition, applicationNamespace }: RuntimeInput) {
  return {
    name,
    description: description ?? null,
    applicationNamespace: applicationNamespace ?? null,
    ...(labels ? { labels } : {}),
    ...(statusCondition ? { condition: statusCondition } : {}),
  };
}

/** With the id of a system auth its token is made anew; without, there is one system auth more. */
function newToken(call: Call, object: Runtime | Application, type: SystemAuth["type"], authId?: string | null): object {
  const { world } = call;
  const auth = authId ? world.model.systemAuths.get(authId) : addSystemAuth(world, object, type);
  if (auth?.objectId !== object.id) throw notFound("system auth", authId ?? "");
  return tokenView(world, auth, issueToken(world, auth));
}

function removedAuth({ world, caller }: Call, id: string, type: SystemAuth["type"]): SystemAuth {
  const auth = world.model.systemAuths.get(id);
  if (auth?.type !== type || auth.tenantId !== caller.tenantId) throw notFound("system auth", id);
  world.model.systemAuths.delete(id);
  return auth;
}
