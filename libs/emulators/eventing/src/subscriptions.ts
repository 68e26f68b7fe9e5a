/** What somebody in the cluster subscribed to, as far as `GET /{application}/v1/events/subscribed` needs it. */
export interface Subscription {
  source: string;
  /** E.g. `order.created.v1`; with `exact` matching the full stored name. */
  types: readonly string[];
  typeMatching?: "standard" | "exact";
}

export interface EventName {
  name: string;
  version: string;
}

/** The event types of one application that have a subscriber, each once. */
export function subscribedTypes(
  application: string,
  subscriptions: readonly Subscription[],
  prefix: string,
): EventName[] {
  const names = subscriptions.flatMap(({ source, types, typeMatching = "standard" }) => {
    if (typeMatching === "standard") return source === application ? types : [];
    const begin = `${prefix}.${application}.`;
    return types.filter((type) => type.startsWith(begin)).map((type) => type.slice(begin.length));
  });
  return [...new Set(names)].map(splitVersion);
}

function splitVersion(type: string): EventName {
  const dot = type.lastIndexOf(".");
  return dot < 0 ? { name: type, version: "" } : { name: type.slice(0, dot), version: type.slice(dot + 1) };
}
