import { test } from "vitest";
import { wholeLife } from "./whole-life.ts";
import { createWorld } from "./world.ts";

// Two of them here; all in the long run.
test.each(["a reset after at applicationsForRuntime", "unavailability at patch secrets"])(
  "a whole life comes to a good end whatever goes wrong once in each part of it: %s",
  async (title) => {
    await wholeLife(await createWorld(), title);
  },
  180_000,
);
