import { test } from "vitest";
import { engines } from "../tested-engine.ts";
import { servesManyApplications } from "./describe-many-applications.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test.each(engines)(
  "10,000 Applications with three services each change fifty times a second while traffic runs: engine %s",
  async (engine) => {
    console.log(await servesManyApplications(world, { applications: 10_000, forMs: 30_000, engine }));
  },
);
