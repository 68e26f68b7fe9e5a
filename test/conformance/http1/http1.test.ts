import { describeListeners } from "./describe-listeners.ts";

describeListeners("at once", () => true);
