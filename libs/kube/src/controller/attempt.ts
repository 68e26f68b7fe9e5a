import type { Clock } from "../clock.ts";
import type { Reconcile, Request, Result } from "./request.ts";

/** How a reconcile ended, as a value: whatever it does, its worker goes on. */
export type Attempt = { result: Result } | { error: unknown; isLate: boolean };

export interface AttemptOptions {
  clock: Clock;
  timeoutMs: number;
  /** The end of everything. */
  ending: AbortSignal;
}

/** Calls the reconcile with a signal that ends with its time or with everything. */
export async function attempt(
  reconcile: Reconcile,
  request: Request,
  { clock, timeoutMs, ending }: AttemptOptions,
): Promise<Attempt> {
  const scope = new AbortController();
  const end = (): void => scope.abort(ending.reason);
  if (ending.aborted) end();
  ending.addEventListener("abort", end, { once: true });
  let isLate = false;
  const timer = clock.setTimeout(() => {
    isLate = true;
    scope.abort(new Error(`the reconcile took longer than ${timeoutMs} ms`));
  }, timeoutMs);
  try {
    return { result: (await reconcile(request, scope.signal)) ?? {} };
  } catch (error) {
    return { error, isLate };
  } finally {
    timer.cancel();
    ending.removeEventListener("abort", end);
  }
}
