import { describeIdle } from "./describe-idle.ts";

describeIdle(120_000);
