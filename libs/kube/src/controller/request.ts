import { keyOf } from "../informer/object.ts";
import type { KubeObject } from "../resources/types.ts";

/** Which object to look at. */
export interface Request {
  name: string;
  namespace?: string | undefined;
}

/** What a reconcile wants to happen next. */
export interface Result {
  /** Look again after so long, even when nothing happens. */
  requeueAfterMs?: number | undefined;
}

/**
 * Makes one object what it should be. Level-based: it looks at what is, whatever the hint was, and may be called at any
 * time and any number of times. Whatever it throws is tried again later, unless it is a {@link TerminalError}.
 *
 * @param signal ends with the time a reconcile has, with the controller, and with the right to write
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a reconcile that wants nothing more need not say so
export type Reconcile = (request: Request, signal: AbortSignal) => Promise<Result | void>;

/** Trying again cannot help before something changes. */
export class TerminalError extends Error {
  override readonly name = "TerminalError";
}

export const requestKey = ({ name, namespace }: Request): string => keyOf(name, namespace);

/** Names hold no slash. */
export function requestOf(key: string): Request {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export const requestFor = ({ metadata: { name, namespace } }: KubeObject): Request => ({ name, namespace });
