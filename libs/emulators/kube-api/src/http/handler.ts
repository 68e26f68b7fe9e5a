import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { authenticate, impersonated } from "../auth/authenticate.ts";
import { authorize } from "../auth/authorize.ts";
import { type Attributes, isAllowed } from "../auth/rbac.ts";
import type { Tokens } from "../auth/tokens.ts";
import { anonymous, type User } from "../auth/user.ts";
import type { Faults } from "../faults/faults.ts";
import { type RequestLog, seen } from "../faults/request-log.ts";
import type { Store } from "../store/store.ts";
import { type RequestInfo, readRequestInfo } from "./api-path.ts";
import type { Call } from "./call.ts";
import { resetConnection } from "./reset.ts";
import { sendError } from "./respond.ts";

export interface Handling {
  store: Store;
  tokens: Tokens;
  faults: Faults;
  log: RequestLog;
  /** Requests about resources, and the others. */
  resource: (call: Call) => Promise<void>;
  other: (call: Call) => Promise<void>;
}

/** One request from the first byte to the answer: who, may they, and then to its handler. */
export function requestHandler(handling: Handling): RequestListener {
  return (request, response) => {
    handle(handling, request, response).catch(() => response.destroy());
  };
}

async function handle(handling: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "https://kubernetes");
  const info = readRequestInfo(request.method ?? "GET", decodePath(url.pathname), url.searchParams);
  const call: Call = { info, query: url.searchParams, user: anonymous, request, response, warnings: [] };
  response.setHeader("audit-id", randomUUID());
  try {
    const failure = identify(handling, call);
    const userAgent = request.headers["user-agent"] ?? "";
    const status = () => (response.headersSent ? response.statusCode : 0);
    handling.log.add(seen(request.method ?? "GET", request.url ?? "/", info, call.user.name, userAgent, status), info);
    if (!(await suffer(handling.faults, call))) return;
    if (failure) throw failure;
    authorize(handling.store, call.user, attributesOf(info));
    await (info.isResource ? handling.resource(call) : handling.other(call));
  } catch (error) {
    sendError(call, error);
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Sets the call's user; faults may be about a user, so they are known before the refusal is sent. */
function identify({ tokens, store }: Handling, call: Call): unknown {
  try {
    call.user = authenticate(call.request, tokens);
    const other = impersonated(call.request);
    if (other) {
      requireImpersonation(store, call.user, other, attributesOf(call.info));
      call.user = other;
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The refusal speaks about the request itself, with the verb the real server would have needed last. */
function requireImpersonation(store: Store, user: User, other: User, wanted: Attributes): void {
  const target = { verb: "impersonate", group: "", subresource: "", namespace: "" };
  const [, namespace = "", name = ""] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(other.name) ?? [];
  const asked = name
    ? { ...target, resource: "serviceaccounts", namespace, name }
    : { ...target, resource: "users", name: other.name };
  if (!isAllowed(store, user, asked))
    authorize(store, user, { ...wanted, verb: `impersonate-on:user-info:${wanted.verb}` });
}

function attributesOf(info: RequestInfo): Attributes {
  const { verb, group, resource, subresource, namespace, name } = info;
  return { verb, group, resource, subresource, namespace, name, ...(!info.isResource && { path: info.path }) };
}

/** Lets the planned faults happen; false when there is nothing left to answer. */
async function suffer(faults: Faults, { info, user, request, response }: Call): Promise<boolean> {
  for (const fault of faults.takeFor(info, user.name)) {
    switch (fault.kind) {
      case "latency":
        await wait(fault.ms);
        break;
      case "reset":
        resetConnection(request.socket);
        return false;
      case "blackhole":
        return false;
      case "status":
        throw fault.error;
    }
    if (response.destroyed) return false;
  }
  return true;
}
