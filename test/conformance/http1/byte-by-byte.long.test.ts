import { describeListeners } from "./describe-listeners.ts";

describeListeners("byte by byte", () => true);
