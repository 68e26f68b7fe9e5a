import { systemClock } from "../clock.ts";
import type { Resource } from "../resources/resource.ts";
import type { Client, List, ListOptions } from "../transport/client.ts";

/** A client whose server holds objects that never change: lists come as text in pages, watches stay silent. */
export function clientOfPages(count: number, objectOf: (index: number) => object): Client {
  const page = (first: number, limit: number): string => {
    const next = first + limit;
    return JSON.stringify({
      metadata: { resourceVersion: "1", ...(next < count ? { continue: String(next) } : {}) },
      items: Array.from({ length: Math.min(limit, count - first) }, (_, offset) => objectOf(first + offset)),
    });
  };
  const client: Partial<Client> = {
    clock: systemClock,
    async list<T>(_: Resource<T>, { continue: token = "0", limit = count }: ListOptions = {}): Promise<List<T>> {
      return JSON.parse(page(Number(token), limit));
    },
    async *watch(_, { signal, onOpen } = {}) {
      onOpen?.();
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
      yield* [];
    },
  };
  return client as Client;
}
