import type { Formation } from "../../model/records.ts";
import { type Call, requireScopes } from "../call.ts";
import { DirectorError, notFound, refused } from "../director-error.ts";
import { existingApplication, existingRuntime } from "../views.ts";
import { addFormation, join, leave } from "../write.ts";

type Named = { formation: { name: string; state?: string | null } };
type Assignment = Named & { objectID: string; objectType: "APPLICATION" | "RUNTIME" | "TENANT" | "RUNTIME_CONTEXT" };

/** Formations: which runtimes see which applications. */
export const formationMutations = {
  createFormation(_: unknown, { formation: { name } }: Named, call: Call): Formation {
    requireScopes(call, "formation:write");
    if (name === "") throw new DirectorError("InvalidData", "Invalid data FormationInput [name=cannot be blank]");
    if (find(call, name) !== undefined) {
      throw new DirectorError("NotUnique", "Object is not unique [object=formations]");
    }
    return addFormation(call.world, call.caller.tenantId, name);
  },
  deleteFormation(_: unknown, { formation: { name } }: Named, call: Call): Formation {
    requireScopes(call, "formation:write");
    const formation = existing(call, name);
    if (formation.members.length > 0) {
      throw refused(`cannot delete formation with ID "${formation.id}", because it is not empty`);
    }
    call.world.model.formations.delete(formation.id);
    return formation;
  },
  assignFormation(_: unknown, args: Assignment, call: Call): Formation {
    requireScopes(call, "formation:write");
    const formation = existing(call, args.formation.name);
    if (isMember(call, args)) join(call.world, formation, [args.objectID]);
    return formation;
  },
  unassignFormation(_: unknown, args: Assignment, call: Call): Formation {
    requireScopes(call, "formation:write");
    const formation = existing(call, args.formation.name);
    if (isMember(call, args)) leave(call.world, formation, args.objectID);
    return formation;
  },
};

const find = ({ world, caller }: Call, name: string): Formation | undefined =>
  world.model.formations.of(caller.tenantId).find((formation) => formation.name === name);

function existing(call: Call, name: string): Formation {
  const formation = find(call, name);
  if (formation === undefined) throw notFound("formations", name);
  return formation;
}

/** Tenants and runtime contexts are taken, and show nothing to anybody. */
function isMember(call: Call, { objectID, objectType }: Assignment): boolean {
  if (objectType === "APPLICATION") existingApplication(call, objectID);
  else if (objectType === "RUNTIME") existingRuntime(call, objectID);
  return objectType === "APPLICATION" || objectType === "RUNTIME";
}
