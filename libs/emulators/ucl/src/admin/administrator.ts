import { graphql } from "graphql";
import type { Call } from "../director/call.ts";
import { directorSchema } from "../director/director.ts";
import { administratorScopes } from "../identity/bearers.ts";
import type { Tenant } from "../model/records.ts";
import type { World } from "../world.ts";

/** Runs a document against the Director with every right, in this process. */
export type Administrator = (document: string, variables?: Record<string, unknown>) => Promise<Record<string, unknown>>;

export function administratorOf(world: World, tenant: Tenant): Administrator {
  const schema = directorSchema();
  return async (source, variableValues = {}) => {
    const contextValue: Call = {
      world,
      caller: { type: "USER", id: "administrator", tenantId: tenant.id, scopes: new Set(administratorScopes) },
      nestedPages: new Map(),
    };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    if (errors?.[0] !== undefined) throw errors[0].originalError ?? errors[0];
    return data as Record<string, unknown>;
  };
}
