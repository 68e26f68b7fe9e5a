import { test } from "vitest";
import { faults, wholeLife } from "./whole-life.ts";
import { createWorld } from "./world.ts";

test.each(Object.keys(faults))(
  "a whole life comes to a good end whatever goes wrong once in each part of it: %s",
  async (title) => {
    await wholeLife(await createWorld(), title);
  },
  300_000,
);
