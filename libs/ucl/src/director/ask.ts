import { setTimeout as sleep } from "node:timers/promises";
import type { DirectorCall, DirectorRequest } from "./director-call.ts";
import { isRateLimited, isTooMuch, retryAfterMs } from "./failure.ts";
import type { PageSize } from "./page-size.ts";

const mostWaits = 3;
const longestWaitMs = 60_000;
const firstWaitMs = 1_000;

/** Waits as long as UCL asks for when it is asked too often, a few times. */
export async function askPatiently(call: DirectorCall, request: DirectorRequest): Promise<unknown> {
  for (let waits = 0; ; waits++) {
    try {
      return await call(request);
    } catch (error) {
      const waitMs = retryAfterMs(error) ?? firstWaitMs * 2 ** waits;
      if (!isRateLimited(error) || waits === mostWaits || waitMs > longestWaitMs) throw error;
      await sleep(waitMs, undefined, request.signal ? { signal: request.signal } : {});
    }
  }
}

/** Asks for smaller pages at the same place while UCL cannot answer large ones. */
export async function askForPage(
  call: DirectorCall,
  pageSize: PageSize,
  request: (first: number) => DirectorRequest,
): Promise<unknown> {
  for (;;) {
    try {
      const data = await askPatiently(call, request(pageSize.current));
      pageSize.succeeded();
      return data;
    } catch (error) {
      if (!isTooMuch(error) || !pageSize.shrink()) throw error;
    }
  }
}
