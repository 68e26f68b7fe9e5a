/** What carries HTTP/1.1 in gateway and validator (`--engine`). */
export type Engine = "sockets" | "node";

export const engines: readonly Engine[] = ["sockets", "node"];

/**
 * The engine that the suites of this run are for, where a test does not choose one itself. With `FORWARD_ENGINE=sockets`
 * they show that the one that is not the default behaves the same.
 */
export const testedEngine: Engine = process.env["FORWARD_ENGINE"] === "sockets" ? "sockets" : "node";
