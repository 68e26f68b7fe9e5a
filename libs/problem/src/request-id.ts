import { randomUUID } from "node:crypto";

const acceptable = /^[\x21-\x7e]{1,128}$/;

/** The caller's request id when it can be logged and sent on as it is, else a new one. */
export function requestIdOf(received: string | readonly string[] | undefined): string {
  return typeof received === "string" && acceptable.test(received) ? received : randomUUID();
}
