import { describeIdle } from "./describe-idle.ts";

describeIdle(3_000);
