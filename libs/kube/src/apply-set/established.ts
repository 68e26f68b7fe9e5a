import { sleep } from "../clock.ts";
import { customResourceDefinitionsResource } from "../resources/builtin.ts";
import type { CustomResourceDefinitionObject } from "../resources/types.ts";
import { findCondition, isConditionTrue } from "../status/conditions.ts";
import type { Client } from "../transport/client.ts";

const withinMs = 30_000;
const pollMs = 200;

/**
 * Waits until the kind of a definition can be used.
 *
 * @throws {Error} when its names are taken, or when it takes too long
 */
export async function waitUntilEstablished(
  client: Client,
  definition: CustomResourceDefinitionObject,
  signal?: AbortSignal,
): Promise<CustomResourceDefinitionObject> {
  const { name } = definition.metadata;
  const deadline = client.clock.now() + withinMs;
  let current = definition;
  for (;;) {
    const conditions = current.status?.conditions;
    if (isConditionTrue(conditions, "Established")) return current;
    const names = findCondition(conditions, "NamesAccepted");
    if (names?.status === "False") throw new Error(`the names of ${name} are not accepted: ${names.message}`);
    if (client.clock.now() > deadline) throw new Error(`${name} is not established after ${withinMs} ms`);
    await sleep(client.clock, pollMs, signal);
    current = await client.get(customResourceDefinitionsResource, { name }, { signal });
  }
}
