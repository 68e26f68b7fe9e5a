import type { IncomingMessage, ServerResponse } from "node:http";
import type { User } from "../auth/user.ts";
import type { RequestInfo } from "./api-path.ts";

/** One request, read as far as every handler needs it. */
export interface Call {
  info: RequestInfo;
  query: URLSearchParams;
  user: User;
  request: IncomingMessage;
  response: ServerResponse;
  /** Texts for Warning headers. */
  warnings: string[];
}

export const header = (call: Call, name: string): string => {
  const value = call.request.headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? "");
};

/** Who writes, for managedFields: what the client says, else the first word of its User-Agent. */
export function managerOf(call: Call): string {
  const given = call.query.get("fieldManager");
  if (given) return given;
  return (header(call, "user-agent").split("/")[0] ?? "").slice(0, 128) || "unknown";
}
