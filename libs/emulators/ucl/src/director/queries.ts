import type { Formation, Runtime } from "../model/records.ts";
import { type Call, requireScopes } from "./call.ts";
import { notFound } from "./director-error.ts";
import { type PageArguments, pageOf } from "./paging.ts";
import {
  type ApplicationView,
  applicationFor,
  applicationsForRuntime,
  applicationsOf,
  formationsOf,
  nameFor,
  runtimeFor,
} from "./views.ts";

type Filtered = PageArguments & { filter?: { key: string; query?: string | null }[] | null };

/** The roots of the Director's queries. */
export const queries = {
  applications(_: unknown, args: Filtered, call: Call) {
    requireScopes(call, "application:read");
    const { world, caller } = call;
    const runtime = caller.type === "RUNTIME" ? world.model.runtimes.get(caller.id) : undefined;
    // A runtime is handed the list of its formations; names stay as they are.
    const all = runtime ? applicationsOf(world, runtime) : world.model.applications.of(caller.tenantId);
    return shown(pageOf(filtered(all, args), args), ({ name }) => name);
  },
  application(_: unknown, { id }: { id: string }, call: Call): ApplicationView | null {
    requireScopes(call, "application:read");
    const application = applicationFor(call, id);
    return application === undefined ? null : { application, name: application.name };
  },
  applicationsForRuntime(_: unknown, args: PageArguments & { runtimeID: string }, call: Call) {
    requireScopes(call, "application:read");
    const { runtime, applications } = applicationsForRuntime(call, args.runtimeID);
    return shown(pageOf(applications, args, Number.POSITIVE_INFINITY), (application) => nameFor(runtime, application));
  },
  runtimes(_: unknown, args: Filtered, call: Call) {
    requireScopes(call, "runtime:read");
    return pageOf(filtered(call.world.model.runtimes.of(call.caller.tenantId), args), args);
  },
  runtime(_: unknown, { id }: { id: string }, call: Call): Runtime | null {
    requireScopes(call, "runtime:read");
    return runtimeFor(call, id) ?? null;
  },
  viewer: (_: unknown, __: unknown, { caller }: Call) => ({ id: caller.id, type: caller.type }),
  formation(_: unknown, { id }: { id: string }, call: Call): Formation {
    requireScopes(call, "formation:read");
    const formation = call.world.model.formations.get(id);
    if (formation?.tenantId !== call.caller.tenantId) throw notFound("formations", id);
    return formation as Formation;
  },
  formationByName(_: unknown, { name }: { name: string }, call: Call): Formation {
    requireScopes(call, "formation:read");
    const found = call.world.model.formations.of(call.caller.tenantId).find((formation) => formation.name === name);
    if (found === undefined) throw notFound("formations", name);
    return found;
  },
  formations(_: unknown, args: PageArguments, call: Call) {
    requireScopes(call, "formation:read");
    return pageOf(call.world.model.formations.of(call.caller.tenantId), args);
  },
  formationsForObject(_: unknown, { objectID }: { objectID: string }, call: Call) {
    requireScopes(call, "formation:read");
    return formationsOf(call.world, objectID).filter(({ tenantId }) => tenantId === call.caller.tenantId);
  },
};

function shown(
  page: ReturnType<typeof pageOf<ApplicationView["application"]>>,
  nameOf: (application: ApplicationView["application"]) => string,
) {
  return {
    ...page,
    data: page.data.map((application): ApplicationView => ({ application, name: nameOf(application) })),
  };
}

/** Filters ask for a label, and maybe for its value as JSON text. */
function filtered<T extends { labels: Record<string, unknown> }>(
  all: readonly T[],
  { filter }: Filtered,
): readonly T[] {
  if (!filter || filter.length === 0) return all;
  return all.filter(({ labels }) =>
    filter.every(({ key, query }) => {
      if (!Object.hasOwn(labels, key)) return false;
      return !query || JSON.stringify(labels[key]) === query;
    }),
  );
}
