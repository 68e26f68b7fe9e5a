import { test } from "vitest";
import { testedEngine } from "../tested-engine.ts";
import { servesManyApplications } from "./describe-many-applications.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test("300 Applications that change fifty times a second while traffic runs", async () => {
  await servesManyApplications(world, { applications: 300, forMs: 3_000, engine: testedEngine });
}, 90_000);
