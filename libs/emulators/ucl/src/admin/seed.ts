import type { AuthInput, BundleInput } from "../director/inputs.ts";
import { addApplication, addBundle, addFormation, addRuntime, addSystemAuth, join } from "../director/write.ts";
import type { Application, Formation, Runtime, Tenant } from "../model/records.ts";
import type { World } from "../world.ts";

/** How the APIs of seeded applications are protected. */
export type SeedAuth = "none" | "basic" | "oauth" | "oauth+csrf" | "certificateOAuth" | "basic+parameters";

export interface SeedApplications {
  count: number;
  /** Names are `<name>-<number>`, or the name alone where one is wanted. */
  name?: string;
  systemNumber?: string;
  description?: string;
  bundles?: number;
  /** In each bundle. */
  apis?: number;
  events?: number;
  auth?: SeedAuth;
  targetURL?: string;
  /** Names of formations that the applications are put into. */
  formations?: string[];
  /** Whether each gets a system auth, so that certificates can be issued to it. */
  systemAuths?: boolean;
}

export interface SeedRuntime {
  name: string;
  labels?: Record<string, unknown>;
  formations?: string[];
}

export interface Seed {
  /** External id of the tenant of everything else; the first one unless given. */
  tenant?: string;
  tenants?: string[];
  formations?: string[];
  runtimes?: SeedRuntime[];
  applications?: SeedApplications | SeedApplications[];
}

export interface Seeded {
  tenants: Tenant[];
  formations: Formation[];
  runtimes: Runtime[];
  applications: Application[];
}

export function addTenant({ model, random }: World, externalId: string): Tenant {
  return model.tenants.of(externalId)[0] ?? model.tenants.add({ id: random.uuid(), externalId, name: externalId });
}

/** Creates many things at once. Formations that are named and not there are created. */
export function plant(world: World, seed: Seed): Seeded {
  const tenants = (seed.tenants ?? []).map((id) => addTenant(world, id));
  const wanted = seed.tenant === undefined ? undefined : addTenant(world, seed.tenant);
  const tenant = wanted ?? tenants[0] ?? ([...world.model.tenants.values()][0] as Tenant);
  const formation = (name: string): Formation =>
    world.model.formations.of(tenant.id).find((known) => known.name === name) ?? addFormation(world, tenant.id, name);
  const formations = (seed.formations ?? []).map(formation);

  const runtimes = (seed.runtimes ?? []).map(({ name, labels, formations: names = [] }) => {
    const runtime = addRuntime(world, tenant.id, { name, ...(labels ? { labels } : {}) });
    for (const each of names) join(world, formation(each), [runtime.id]);
    return runtime;
  });
  const applications = [seed.applications ?? []].flat().flatMap((wish) => {
    const planted = Array.from({ length: wish.count }, (_, index) => plantApplication(world, tenant, wish, index));
    for (const name of wish.formations ?? [])
      join(
        world,
        formation(name),
        planted.map(({ id }) => id),
      );
    return planted;
  });
  return { tenants, formations, runtimes, applications };
}

function plantApplication(world: World, tenant: Tenant, wish: SeedApplications, index: number): Application {
  const name = wish.count === 1 && wish.name !== undefined ? wish.name : `${wish.name ?? "app"}-${index}`;
  const application = addApplication(world, tenant.id, {
    name,
    description: wish.description ?? `Application ${index}`,
    providerName: "Demo Company",
    systemNumber: wish.systemNumber ?? null,
  });
  for (let bundle = 0; bundle < (wish.bundles ?? 1); bundle++) {
    addBundle(world, application.id, plantedBundle(wish, bundle));
  }
  if (wish.systemAuths) addSystemAuth(world, application, "APPLICATION");
  return application;
}

function plantedBundle(wish: SeedApplications, number: number): BundleInput {
  const target = wish.targetURL ?? "https://system.example.com";
  const auth = authFor(wish.auth ?? "none");
  return {
    name: `bundle-${number}`,
    description: `Bundle ${number}`,
    ...(auth ? { defaultInstanceAuth: auth } : {}),
    apiDefinitions: Array.from({ length: wish.apis ?? 1 }, (_, api) => ({
      name: `api-${api}`,
      description: `API ${api}`,
      targetURL: `${target}/${number}/${api}`,
    })),
    eventDefinitions: Array.from({ length: wish.events ?? 0 }, (_, event) => ({ name: `event-${event}` })),
  };
}

function authFor(kind: SeedAuth): AuthInput | undefined {
  const url = "https://tokens.example.com/oauth/token";
  const oauth = { clientId: "client", clientSecret: "seeded-client-secret", url };
  const basic = { username: "user", password: "seeded-password" };
  switch (kind) {
    case "none":
      return undefined;
    case "basic":
      return { credential: { basic } };
    case "basic+parameters":
      return {
        credential: { basic },
        additionalHeaders: { "X-Seeded": ["1"] },
        additionalQueryParams: { seeded: ["1", "2"] },
      };
    case "oauth":
      return { credential: { oauth } };
    case "oauth+csrf":
      return { credential: { oauth }, requestAuth: { csrf: { tokenEndpointURL: "https://tokens.example.com/csrf" } } };
    case "certificateOAuth":
      return { credential: { certificateOAuth: { clientId: "client", certificate: "PEM", url } } };
  }
}
