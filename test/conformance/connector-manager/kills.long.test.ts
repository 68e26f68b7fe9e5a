import { describeKills } from "./describe-kills.ts";

describeKills(50, Number(process.env["SEED"] ?? Date.now() % 1_000_000));
