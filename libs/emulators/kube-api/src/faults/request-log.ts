import type { RequestInfo } from "../http/api-path.ts";
import { isInScope, resourceOf, type Scope } from "./scope.ts";

/** A request the server has seen, whatever became of it. A watch is one request. */
export interface SeenRequest {
  at: number;
  method: string;
  url: string;
  verb: string;
  group: string;
  resource: string;
  namespace: string;
  name: string;
  user: string;
  userAgent: string;
  /** 0 until the answer's head was sent. */
  readonly status: number;
}

const maxKept = 50_000;

/** What was asked of the server, for tests that claim that something was not. */
export class RequestLog {
  #seen: { request: SeenRequest; info: RequestInfo }[] = [];

  add(request: SeenRequest, info: RequestInfo): void {
    if (this.#seen.length >= maxKept) this.#seen = this.#seen.slice(maxKept / 2);
    this.#seen.push({ request, info });
  }

  count(scope: Scope = {}): number {
    return this.list(scope).length;
  }

  list(scope: Scope = {}): SeenRequest[] {
    return this.#seen.filter(({ request, info }) => isInScope(scope, info, request.user)).map(({ request }) => request);
  }

  clear(): void {
    this.#seen = [];
  }
}

export function seen(
  method: string,
  url: string,
  info: RequestInfo,
  user: string,
  userAgent: string,
  status: () => number,
): SeenRequest {
  return {
    at: Date.now(),
    method,
    url,
    verb: info.verb,
    group: info.group,
    resource: resourceOf(info),
    namespace: info.namespace,
    name: info.name,
    user,
    userAgent,
    get status() {
      return status();
    },
  };
}
