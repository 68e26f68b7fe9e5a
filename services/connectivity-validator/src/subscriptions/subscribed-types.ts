import type { Subscription } from "./subscription.ts";

/** As `GET /{application}/v1/events/subscribed` tells of it. */
export interface SubscribedType {
  readonly name: string;
  /** What follows the last dot of the type; empty when it has none. */
  readonly version: string;
}

/** What somebody waits for from an Application, each once, as Eventing's publisher proxy would list it. */
export function subscribedTypes(
  application: string,
  subscriptions: readonly Subscription[],
  typePrefix: string,
): SubscribedType[] {
  const types = subscriptions.flatMap((subscription) => typesFrom(application, subscription, typePrefix));
  return [...new Set(types)].map((type) => {
    const dot = type.lastIndexOf(".");
    return dot < 0 ? { name: type, version: "" } : { name: type.slice(0, dot), version: type.slice(dot + 1) };
  });
}

function typesFrom(application: string, { spec }: Subscription, typePrefix: string): string[] {
  const types = Array.isArray(spec?.types) ? spec.types.filter((type) => typeof type === "string") : [];
  if (spec?.typeMatching !== "exact") return spec?.source === application ? types : [];
  const begin = `${typePrefix}.${application}.`;
  return types.flatMap((type) => (type.startsWith(begin) ? type.slice(begin.length) : []));
}
