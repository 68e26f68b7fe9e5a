import { Problem } from "@application-connector/problem";
import type { ApiEntry, Route } from "./api-entry.ts";

/** The routes of one service segment. */
export interface ServiceRoutes {
  /** `/{application}/{service}`: for services with a single API. */
  readonly whole: Route;
  /** `/{application}/{service}/{entry}`, by entry segment. */
  readonly byEntry: ReadonlyMap<string, Route>;
}

/** Every API that clashes is told about all the others: without a limit that grows with the square. */
const mostListed = 10;

/** All paths of one Application, by service segment. Names that normalise to nothing are not addressable. */
export function routesOf(entries: readonly ApiEntry[]): Map<string, ServiceRoutes> {
  const routes = new Map<string, ServiceRoutes>();
  for (const [service, ofService] of groupBy(entries, ({ candidate }) => candidate.serviceSegment)) {
    const byEntry = new Map<string, Route>();
    for (const [entry, ofEntry] of groupBy(ofService, ({ candidate }) => candidate.entrySegment)) {
      byEntry.set(entry, routeTo(ofEntry, service, `/${service}/${entry}`));
    }
    routes.set(service, { whole: routeTo(ofService, service, `/${service}`), byEntry });
  }
  return routes;
}

function routeTo(entries: readonly ApiEntry[], service: string, path: string): Route {
  const [entry] = entries;
  if (entry !== undefined && entries.length === 1) return { entry, prefix: `/${entry.candidate.application}${path}` };
  const clashes = entries
    .slice(0, mostListed)
    .map(
      ({ candidate }) =>
        `service.ID: '${candidate.serviceId}', service.DisplayName: '${candidate.displayName}', ` +
        `entry.Name: '${candidate.entryName}'`,
    );
  if (entries.length > mostListed) clashes.push(`and ${entries.length - mostListed} more`);
  return {
    problem: new Problem(
      "ENTRY_AMBIGUOUS",
      `failed to get service with name '${service}': multiple services found: ${clashes.join(" | ")}`,
    ),
  };
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = Map.groupBy(all, keyOf);
  groups.delete("");
  return groups;
}
