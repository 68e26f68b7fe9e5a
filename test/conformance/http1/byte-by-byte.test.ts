import { describeListeners } from "./describe-listeners.ts";

// All listeners share one engine; the long run plays this on each of them.
describeListeners("byte by byte", ({ program }, name) => program === "application-gateway" && name === "services");
