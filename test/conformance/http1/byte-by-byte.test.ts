import { describeListeners } from "./describe-listeners.ts";

// The engine whose connections are our own; the long run plays this on every listener.
describeListeners("byte by byte", ({ program }, name) => program === "application-gateway" && name === "services");
