import { describe } from "vitest";
import { describeLoad } from "./describe-load.ts";

describe("under heavy load", () => {
  describeLoad({ connections: 10_000, storm: 5_000, stormMs: 60_000, largeBodies: 200 });
});
