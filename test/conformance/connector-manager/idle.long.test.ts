import { describeIdle } from "./describe-idle.ts";

describeIdle(1_800_000);
