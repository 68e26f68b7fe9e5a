import { describe } from "vitest";
import { otherValidator } from "../other/other-validator.ts";
import { describeLoad } from "./describe-load.ts";

describe.skipIf(otherValidator !== undefined)("under load", () => {
  describeLoad({ connections: 300, storm: 300, stormMs: 1_000, largeBodies: 20 });
});
