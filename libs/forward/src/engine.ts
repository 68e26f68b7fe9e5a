/**
 * What carries the bytes. "sockets": our own connections, with llhttp as the parser. "node": `node:http` and undici, the
 * reference that the other one is compared with.
 */
export type Engine = "sockets" | "node";

export const engines: readonly Engine[] = ["sockets", "node"];
export const defaultEngine: Engine = "node";
