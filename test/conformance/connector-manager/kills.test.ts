import { inject } from "vitest";
import { describeKills } from "./describe-kills.ts";

describeKills(inject("controlPlane") ? 5 : 1, 20_261_128);
