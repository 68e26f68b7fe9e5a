import { randomUUID } from "node:crypto";
import { skipSpace } from "../cloudevents/json-scanner.ts";
import type { LegacyEvent } from "./legacy-event.ts";

/** Gives a legacy event that has none an id; all other bytes stay. */
export function withLegacyId(body: Buffer, { emptyId }: LegacyEvent): { body: Buffer; id: string } {
  const id = randomUUID();
  // Go's decoder takes the last of two members of the same name: an empty one must go.
  if (emptyId !== undefined) return { id, body: replaced(body, emptyId.start, emptyId.end, `"${id}"`) };
  const at = skipSpace(body, 0) + 1;
  return { id, body: replaced(body, at, at, `"event-id":"${id}",`) };
}

function replaced(body: Buffer, start: number, end: number, text: string): Buffer {
  return Buffer.concat([body.subarray(0, start), Buffer.from(text), body.subarray(end)]);
}
