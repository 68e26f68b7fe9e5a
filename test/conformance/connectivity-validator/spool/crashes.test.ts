import { describeCrashes, describeReplicas } from "./describe-crashes.ts";

describeCrashes(10, 1, 120_000);
describeReplicas(1, 120_000);
