import type { Application, Formation, Runtime } from "../model/records.ts";
import type { World } from "../world.ts";

/** What a person wants to see of an application. */
export interface ShownApplication {
  application: Application;
  bundles: { name: string; credential: string; apis: string[]; events: string[] }[];
}

export interface ShownFormation {
  formation: Formation;
  runtimes: Runtime[];
  applications: ShownApplication[];
}

/** At most so many applications of a formation are shown; a person reads no ten thousand. */
const limit = 200;

/** All formations with what is in them. */
export function shownFormations(world: World): ShownFormation[] {
  const { model } = world;
  return [...model.formations.values()]
    .sort((one, other) => one.name.localeCompare(other.name))
    .map((formation) => {
      const members = formation.members;
      return {
        formation,
        runtimes: members.map((id) => model.runtimes.get(id)).filter((found) => found !== undefined),
        applications: members
          .map((id) => model.applications.get(id))
          .filter((found) => found !== undefined)
          .slice(0, limit)
          .map((application) => shownApplication(world, application)),
      };
    });
}

function shownApplication({ model }: World, application: Application): ShownApplication {
  return {
    application,
    bundles: model.bundles.of(application.id).map((bundle) => ({
      name: bundle.name,
      credential: bundle.defaultInstanceAuth?.credential?.kind.replace("CredentialData", "") ?? "none",
      apis: model.apis.of(bundle.id).map(({ name }) => name),
      events: model.events.of(bundle.id).map(({ name }) => name),
    })),
  };
}
