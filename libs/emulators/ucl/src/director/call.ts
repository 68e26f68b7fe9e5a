import type { Caller } from "../identity/identity.ts";
import type { World } from "../world.ts";
import { DirectorError } from "./director-error.ts";
import { type Page, type PageArguments, pageOf } from "./paging.ts";

/** One GraphQL request to the Director. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  /** The page arguments that count for a nested list in this request: those of the first that was asked for. */
  readonly nestedPages: Map<string, PageArguments>;
}

export function requireScopes({ caller }: Call, ...required: string[]): void {
  if (required.every((scope) => caller.scopes.has(scope))) return;
  const actual = [...caller.scopes].join(";");
  throw new DirectorError(
    "InsufficientScopes",
    `insufficient scopes provided [actual=${actual}; required=${required.join(";")}]`,
  );
}

/** A page of a nested list. UCL loads the lists of all parents at once, by the arguments of the first parent. */
export function nestedPage<T>(call: Call, list: string, all: readonly T[], wanted: PageArguments): Page<T> {
  if (!call.world.settings.batchesNestedLists) return pageOf(all, wanted);
  const first = call.nestedPages.get(list) ?? wanted;
  call.nestedPages.set(list, first);
  return pageOf(all, first);
}
