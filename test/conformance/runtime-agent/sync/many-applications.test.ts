import { test } from "vitest";
import { mirrorsMany } from "./many-applications.ts";

test("RA-51 of many applications a round writes what has changed, and a change can be called through the gateway", async () => {
  await mirrorsMany(250);
}, 60_000);
