import { randomBytes } from "node:crypto";
import type { ObjectReference } from "../resources/types.ts";
import { createBudget } from "./budget.ts";
import type { Occurrence, Statement } from "./event.ts";

const seriesMs = 6 * 60_000;
const similarMs = 10 * 60_000;
const mostSimilar = 10;
const rememberedSeries = 4_096;

/** Decides which statements are one event that happened again, and which are too many. Times are those of a clock. */
export function createCorrelator() {
  const budget = createBudget();
  const series = new Map<string, { occurrence: Occurrence; at: number }>();
  const similar = new Map<string, { messages: Set<string>; at: number }>();

  /** More than ten texts for one reason become one event that shows the latest. */
  const isCombined = (key: string, message: string, now: number): boolean => {
    const known = similar.get(key);
    const messages = known && now - known.at < similarMs ? known.messages : new Set<string>();
    if (messages.size <= mostSimilar) messages.add(message);
    put(similar, key, { messages, at: now });
    return messages.size > mostSimilar;
  };

  return {
    /** The event it belongs to, counted up when it is an old one; undefined when there are too many about the object. */
    record(about: ObjectReference, statement: Statement, now: number, unixMs: number): Occurrence | undefined {
      const object = [about.kind, about.namespace, about.name, about.uid].join("/");
      const kindOfStatement = [object, statement.type, statement.reason, statement.action].join("\n");
      const combined = isCombined(kindOfStatement, statement.message, now);
      const key = combined ? kindOfStatement : `${kindOfStatement}\n${statement.message}`;
      const known = series.get(key);
      if (known && now - known.at < seriesMs) {
        known.occurrence.count++;
        known.occurrence.lastMs = unixMs;
        put(series, key, { occurrence: known.occurrence, at: now });
        return known.occurrence;
      }
      if (!budget.take(object, now)) return undefined;
      const message = combined ? `(combined from similar events) ${statement.message}` : statement.message;
      const name = nameOf(about, unixMs);
      const occurrence = { ...statement, message, about, name, count: 1, firstMs: unixMs, lastMs: unixMs };
      put(series, key, { occurrence, at: now });
      return occurrence;
    },
  };
}

/** Unique among all processes. Names of some objects (`system:node`) are none that an event may have. */
export function nameOf({ name = "" }: ObjectReference, unixMs: number): string {
  const labels = name
    .toLowerCase()
    .slice(0, 200)
    .split(/[^a-z0-9-]+/);
  const allowed = labels.map((label) => label.replaceAll(/^-+|-+$/g, "")).filter((label) => label !== "");
  const unique = `${Math.floor(unixMs).toString(16)}${randomBytes(4).toString("hex")}`;
  return [...allowed, unique].join(".");
}

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > rememberedSeries) map.delete(map.keys().next().value as string);
}
