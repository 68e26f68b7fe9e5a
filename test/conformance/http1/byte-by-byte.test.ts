import { describeListeners } from "./describe-listeners.ts";

// One listener of each engine; the long run plays this on all of them.
describeListeners(
  "byte by byte",
  ({ program }, name) => program.startsWith("application-gateway") && name === "services",
);
