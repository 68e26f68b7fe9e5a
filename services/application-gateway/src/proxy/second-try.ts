import { addHeaders } from "@application-connector/credentials";
import type { Api } from "../entries/api.ts";
import type { Sent } from "./sent.ts";

/** How a call is made anew from what the cluster says now. */
export interface Remake {
  /** The API as it is now; undefined when it can't be called any more. */
  readonly api: Api | undefined;
  path(api: Api): string | undefined;
  /** Without the credential. */
  make(api: Api, path: string): Sent;
  /** Adds the credential; a promise only when it must be fetched. */
  authorize(sent: Sent): Promise<void> | undefined;
}

/**
 * The refused call as it would be sent now, when that differs: with another token or CSRF session, or what a changed
 * Secret holds. The same again would be refused again. A promise only where something has to be fetched; the API of what
 * it resolves with is held.
 */
export function secondTry(first: Sent, remake: Remake): Promise<Sent | undefined> | Sent | undefined {
  const { api } = remake;
  const path = api && remake.path(api);
  if (api === undefined || api.isReplaced || path === undefined) return undefined;
  const second = remake.make(api, path);
  // A change of the configuration while a token is fetched must not close the target.
  api.hold();
  const decide = (): Sent | undefined => {
    addHeaders(second.headers, api.parameters.headers);
    if (!isSame(first, second)) return second;
    api.letGo();
    return undefined;
  };
  const pending = remake.authorize(second);
  if (pending === undefined) return decide();
  return pending.then(decide, (error: unknown) => {
    api.letGo();
    throw error;
  });
}

function isSame(first: Sent, second: Sent): boolean {
  const [before, now] = [first, second].map(({ plain }) => plain.headers.filter(isLasting));
  return (
    first.api.target === second.api.target &&
    first.plain.path === second.plain.path &&
    before?.length === now?.length &&
    before?.every((text, index) => text === now?.[index]) === true
  );
}

/** Each try has its own place in the trace. */
function isLasting(_: string, index: number, headers: readonly string[]): boolean {
  return !/^trace(parent|state)$/i.test(headers[index - (index % 2)] as string);
}
