import { digestBody } from "../body.ts";
import { type Exchange, sendJson } from "../exchange.ts";

export interface Once {
  guard(exchange: Exchange, argument: string): Promise<boolean>;
  reset(): void;
}

const pathLimit = 10_000;

/** `/once/401/…` refuses the first request on a path, `/once/503x3/…` the first three; then the path is served. */
export function createOnce(): Once {
  const seen = new Map<string, number>();
  return {
    async guard(exchange, argument) {
      const [status, times = "1"] = argument.split("x");
      const path = exchange.received.url.split("?", 1)[0] ?? "";
      const count = (seen.get(path) ?? 0) + 1;
      if (seen.size < pathLimit) seen.set(path, count);
      if (count > Number(times)) return false;
      await digestBody(exchange);
      sendJson(exchange.response, Math.max(200, Number(status)), { refused: count });
      return true;
    },
    reset: () => seen.clear(),
  };
}
