import { normaliseName } from "../model/normalise-name.ts";
import type { Application, Bundle, Formation, OneTimeToken, Runtime, SystemAuth } from "../model/records.ts";
import type { World } from "../world.ts";
import type { Call } from "./call.ts";
import { invalid, notFound, refused } from "./director-error.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An application as one caller sees it: its name may be another one. */
export interface ApplicationView {
  application: Application;
  name: string;
}

/** A bundle, and whether its credentials are those of the caller. */
export interface BundleView {
  bundle: Bundle;
  listed: boolean;
}

export const formationsOf = ({ model }: World, objectId: string): readonly Formation[] => model.formations.of(objectId);

/** The runtime, for callers of its tenant. */
export function runtimeFor({ world, caller }: Call, id: string): Runtime | undefined {
  // The real one hands the text to its database.
  if (!uuid.test(id)) throw new Error("invalid input syntax for type uuid");
  const runtime = world.model.runtimes.get(id);
  return runtime?.tenantId === caller.tenantId ? runtime : undefined;
}

export function existingRuntime(call: Call, id: string): Runtime {
  const runtime = runtimeFor(call, id);
  if (runtime === undefined) throw notFound("runtime", id);
  return runtime;
}

/** Tables make a new list after each change, so that what was made of two lists counts as long as both are the same. */
const known = new WeakMap<readonly Formation[], { all: readonly Application[]; ofRuntime: readonly Application[] }>();

/** The applications that share a formation with a runtime, in the order of their ids. */
export function applicationsOf(world: World, runtime: Runtime): readonly Application[] {
  const formations = formationsOf(world, runtime.id);
  const all = world.model.applications.of(runtime.tenantId);
  const found = known.get(formations);
  // Looking through ten thousand for each of their pages takes longer than answering it.
  if (found?.all === all) return found.ofRuntime;
  const members = new Set(formations.flatMap((formation) => formation.members));
  // These are in order already.
  const ofRuntime = all.filter(({ id }) => members.has(id));
  known.set(formations, { all, ofRuntime });
  return ofRuntime;
}

export function applicationsForRuntime(
  call: Call,
  id: string,
): { runtime: Runtime; applications: readonly Application[] } {
  const runtime = runtimeFor(call, id);
  if (runtime === undefined) throw invalid("runtime does not exist");
  return { runtime, applications: applicationsOf(call.world, runtime) };
}

/** The name under which a runtime is told of an application; the number is appended as it is. */
export function nameFor(runtime: Runtime, { name, systemNumber }: Application): string {
  const { isNormalized } = runtime.labels;
  const wants = isNormalized === undefined || isNormalized === null || isNormalized === "true";
  const shown = wants ? normaliseName(name) : name;
  return systemNumber === null || systemNumber === "" ? shown : `${shown}-${systemNumber}`;
}

/** The application for callers who may see it: a runtime only those of its own formations. */
export function applicationFor(call: Call, id: string): Application | undefined {
  const { world, caller } = call;
  const application = world.model.applications.get(id);
  if (application === undefined || application.tenantId !== caller.tenantId) return undefined;
  if (caller.type === "RUNTIME") {
    const shared = formationsOf(world, id).some(({ members }) => members.includes(caller.id));
    if (!shared) {
      throw refused("requesting runtime should be in same scenario as the requested application resource");
    }
  }
  return application;
}

export function existingApplication(call: Call, id: string): Application {
  const application = applicationFor(call, id);
  if (application === undefined) throw notFound("application", id);
  return application;
}

export function existingBundle(call: Call, id: string): Bundle {
  const bundle = call.world.model.bundles.get(id);
  if (bundle === undefined || applicationFor(call, bundle.applicationId) === undefined) throw notFound("bundle", id);
  return bundle;
}

/** A one-time token with what a person or an agent is to be told about it. */
export function tokenView({ urls }: World, { type }: SystemAuth, token: OneTimeToken): object {
  const runtime = type === "RUNTIME";
  const plain = {
    token: token.token,
    connectorURL: urls.connectorURL,
    ...(runtime ? {} : { legacyConnectorURL: `${urls.legacyConnectorURL}?token=${token.token}` }),
  };
  const raw = JSON.stringify({ ...plain, used: token.usedAt !== null });
  return {
    __typename: runtime ? "OneTimeTokenForRuntime" : "OneTimeTokenForApplication",
    ...plain,
    used: token.usedAt !== null,
    expiresAt: token.expiresAt,
    createdAt: token.createdAt,
    usedAt: token.usedAt,
    raw,
    rawEncoded: Buffer.from(raw).toString("base64"),
    type: runtime ? "Runtime" : "Application",
    scenarioGroups: [],
  };
}

/** Where an application's events go, by what its runtime has reported. */
export function eventingUrl(world: World, application: Application): string {
  const runtime = formationsOf(world, application.id)
    .flatMap(({ members }) => members)
    .map((id) => world.model.runtimes.get(id))
    .find((found) => found !== undefined);
  const base = runtime?.labels["runtime_eventServiceUrl"];
  return runtime === undefined || typeof base !== "string" ? "" : `${base}/${nameFor(runtime, application)}/v1/events`;
}
