import { isDeepStrictEqual } from "node:util";
import type { Application } from "@application-connector/crds";
import type { Secret } from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";
import { ownAnnotations } from "../settings/read-settings.ts";
import type { Api } from "./api.ts";
import type { ApiEntry, ApiState, Route } from "./api-entry.ts";
import { type Candidate, candidatesOf, secretsOf } from "./candidate.ts";
import { type Mistake, mistakeOf } from "./mistake.ts";
import { routesOf, type ServiceRoutes } from "./routes.ts";

export interface EntryTableOptions {
  /** Makes an entry ready with the Secrets of the moment; throws a `Problem` when it can't be. */
  readonly compile: (candidate: Candidate, entry: ApiEntry) => Api;
  /** Told what is wrong with an entry, when that has changed; with nothing, when all is well again. */
  readonly onMistakes: (candidate: Candidate, mistakes: readonly Mistake[]) => void;
  /** Likewise for what is wrong with an Application beside its entries. */
  readonly onApplicationMistakes: (application: string, mistakes: readonly Mistake[]) => void;
  /** Told that something of an Application is no longer as it was: its APIs, or a Secret of theirs. */
  readonly onChange?: (application: string) => void;
}

/** What the table knows of an Application as a whole. */
export interface ApplicationState {
  readonly mistakes: readonly Mistake[];
  readonly entries: readonly ApiEntry[];
}

interface ApplicationRoutes {
  readonly uid: string | undefined;
  readonly spec: Application["spec"];
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly mistakes: readonly Mistake[];
  readonly entries: readonly ApiEntry[];
  readonly services: ReadonlyMap<string, ServiceRoutes>;
}

/**
 * From path segments to API entries, by map lookups alone. A change recompiles what depends on it and nothing else: the
 * entries of one Application, or those that use one Secret.
 */
export class EntryTable {
  readonly #options: EntryTableOptions;
  readonly #applications = new Map<string, ApplicationRoutes>();
  readonly #usersOfSecret = new Map<string, Set<ApiEntry>>();

  constructor(options: EntryTableOptions) {
    this.#options = options;
  }

  /** Where `/{application}/{service}` leads. */
  findService(application: string, service: string): Route | undefined {
    return this.#applications.get(application)?.services.get(service)?.whole;
  }

  /** Where `/{application}/{service}/{entry}` leads. */
  findEntry(application: string, service: string, entry: string): Route | undefined {
    return this.#applications.get(application)?.services.get(service)?.byEntry.get(entry);
  }

  setApplication(application: Application): void {
    const { name, uid } = application.metadata;
    const { spec } = application;
    const annotations = ownAnnotations(application.metadata.annotations);
    const previous = this.#applications.get(name);
    // A new status or label changes no route.
    const isKnown = previous !== undefined && previous.uid === uid;
    if (isKnown && isDeepStrictEqual([previous.spec, previous.annotations], [spec, annotations])) return;
    const before = new Map(previous?.entries.map((entry) => [labelOf(entry.candidate), entry]));
    // The new entries first: a target that both use stays open.
    const { candidates, strays } = candidatesOf(application);
    const entries = candidates.map((candidate): ApiEntry => {
      const same = before.get(labelOf(candidate));
      const { labels, stats, mistakes = noMistakes } = same ?? {};
      const entry = { candidate, labels, stats, state: notCompiled, mistakes };
      entry.state = this.#compile(entry);
      return entry;
    });
    const services = routesOf(entries);
    const mistakes = strays.map((message): Mistake => ({ reason: "AnnotationInvalid", message }));
    this.#applications.set(name, { uid, spec, annotations, mistakes, entries, services });
    this.#forget(previous);
    if (!isDeepStrictEqual(mistakes, previous?.mistakes ?? [])) this.#options.onApplicationMistakes(name, mistakes);
    for (const entry of entries) {
      this.#remember(entry);
      this.#report(entry, services);
    }
    this.#options.onChange?.(name);
  }

  removeApplication(name: string): void {
    const previous = this.#applications.get(name);
    this.#applications.delete(name);
    this.#forget(previous);
  }

  /** A Secret came, changed or went. */
  secretChanged(name: Secret["name"]): void {
    const changed = new Set<string>();
    for (const entry of this.#usersOfSecret.get(name) ?? []) {
      changed.add(entry.candidate.application);
      const previous = entry.state;
      entry.state = this.#compile(entry);
      previous.api?.release();
      this.#report(entry, this.#applications.get(entry.candidate.application)?.services);
    }
    for (const application of changed) this.#options.onChange?.(application);
  }

  stateOf(application: string): ApplicationState | undefined {
    return this.#applications.get(application);
  }

  names(): Iterable<string> {
    return this.#applications.keys();
  }

  *entries(): Iterable<ApiEntry> {
    for (const { entries } of this.#applications.values()) yield* entries;
  }

  get applications(): number {
    return this.#applications.size;
  }

  get size(): number {
    let size = 0;
    for (const { entries } of this.#applications.values()) size += entries.length;
    return size;
  }

  #compile(entry: ApiEntry): ApiState {
    try {
      return { api: this.#options.compile(entry.candidate, entry) };
    } catch (cause) {
      if (cause instanceof Problem) return { problem: cause };
      return { problem: new Problem("INTERNAL", "the API can't be prepared", { cause }) };
    }
  }

  #report(entry: ApiEntry, services: ApplicationRoutes["services"] | undefined): void {
    const mistakes = mistakesOf(entry, services);
    if (isDeepStrictEqual(mistakes, entry.mistakes)) return;
    entry.mistakes = mistakes;
    this.#options.onMistakes(entry.candidate, mistakes);
  }

  #remember(entry: ApiEntry): void {
    for (const secret of secretsOf(entry.candidate)) {
      const users = this.#usersOfSecret.get(secret);
      if (users === undefined) this.#usersOfSecret.set(secret, new Set([entry]));
      else users.add(entry);
    }
  }

  #forget(routes: ApplicationRoutes | undefined): void {
    for (const entry of routes?.entries ?? []) {
      for (const secret of secretsOf(entry.candidate)) {
        const users = this.#usersOfSecret.get(secret);
        users?.delete(entry);
        if (users?.size === 0) this.#usersOfSecret.delete(secret);
      }
      entry.state.api?.release();
    }
  }
}

const noMistakes: readonly Mistake[] = [];

/** Until it is compiled, which is at once. */
const notCompiled: ApiState = { problem: new Problem("INTERNAL", "the API is not prepared yet") };

/** What an entry is counted under. Two that can't be told apart by it are counted together. */
function labelOf({ serviceSegment, entrySegment }: Candidate): string {
  return `${serviceSegment}/${entrySegment}`;
}

function mistakesOf({ candidate, state }: ApiEntry, services: ApplicationRoutes["services"] | undefined): Mistake[] {
  const { serviceSegment, entrySegment } = candidate;
  if (serviceSegment === "") {
    const message = `no path leads to a service with the name '${candidate.displayName}'`;
    return [{ reason: "NameUnaddressable", message }];
  }
  const routes = services?.get(serviceSegment);
  const clash = routes?.byEntry.get(entrySegment)?.problem ?? (entrySegment === "" ? routes?.whole.problem : undefined);
  const problems = [clash, state.problem].filter((problem) => problem !== undefined);
  const annotations = candidate.settings.mistakes.map((message): Mistake => ({ reason: "AnnotationInvalid", message }));
  return [...problems.map(mistakeOf), ...annotations, ...(state.api?.warnings ?? [])];
}
