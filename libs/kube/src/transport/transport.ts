import type { Dispatcher } from "undici";
import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { KubeMetrics } from "../metrics.ts";
import type { Resource } from "../resources/resource.ts";
import type { Cluster } from "./cluster.ts";
import { createCredentialSource } from "./credentials.ts";
import { createDispatchers, type Purpose } from "./dispatchers.ts";
import type { Guard } from "./guard.ts";
import { KubeError } from "./kube-error.ts";
import { createLimiter } from "./limiter.ts";
import { errorFromNetwork } from "./network-error.ts";
import { describe, type Query, queryString, resourcePath, type Target } from "./path.ts";
import { retryDelay } from "./retry.ts";
import { createScopes } from "./scope.ts";
import { errorFromAnswer } from "./status.ts";
import { createUsage } from "./usage.ts";
import { readWarnings, warnOnce } from "./warnings.ts";

/** One call to the API, in its own words. */
export interface Call {
  verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "apply" | "delete";
  method: Dispatcher.HttpMethod;
  resource: Resource<unknown>;
  target: Target;
  query?: Query;
  body?: unknown;
  contentType?: string;
  accept?: string;
  timeoutMs?: number | undefined;
  maxTries?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Is not subject to the limit of calls. */
  urgent?: boolean | undefined;
  /** Must hold when the request leaves, and until its answer is there. */
  guard?: Guard | undefined;
}

/** What the server answered. */
export interface Reply<T> {
  status: number;
  body: T;
  resourceVersion: string | undefined;
  /** Texts of `Warning: 299` headers. */
  warnings: readonly string[];
  auditId: string | undefined;
}

export interface TransportOptions {
  clock: Clock;
  random: () => number;
  log: Log;
  metrics: KubeMetrics;
  userAgent: string;
  queriesPerSecond: number;
  burst: number;
}

const repeatable = new Set<Call["verb"]>(["get", "list", "apply"]);
const longestErrorBytes = 1024 * 1024;

/** Connections, credentials, limits and retries: everything between a call and its answer. */
export function createTransport(cluster: Cluster, options: TransportOptions) {
  const { clock, log, metrics, random } = options;
  const { origin, pathname } = new URL(cluster.server);
  const basePath = pathname.replace(/\/$/, "");
  const credentials = createCredentialSource(cluster, clock);
  const dispatchers = createDispatchers(cluster);
  const limiter = createLimiter(clock, options.queriesPerSecond, options.burst);
  const scopes = createScopes(clock);
  const usage = createUsage();
  const warn = warnOnce(log);

  async function tryOnce(call: Call, purpose: Purpose, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const what = describe(call.verb, call.resource, call.target);
    const started = clock.now();
    let code = "error";
    try {
      const { headers, tls } = await credentials.current().catch((cause) => {
        const message = `${what}: no credentials: ${(cause as Error).message}`;
        throw new KubeError(message, { status: 0, reason: "Credentials", unsent: true, cause });
      });
      // Nothing may come between this and the request.
      call.guard?.check();
      const response = await dispatchers.for(purpose, tls).request({
        origin,
        path: basePath + resourcePath(call.resource, call.target) + queryString(call.query ?? {}),
        method: call.method,
        headers: [...headers, ...callHeaders(call, options.userAgent)],
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal,
      });
      code = String(response.statusCode);
      if (response.statusCode < 400) return response;
      throw await readError(what, call, response);
    } catch (error) {
      throw signal.aborted ? signal.reason : errorFromNetwork(what, error);
    } finally {
      metrics.request(call.verb, call.resource.plural, code, (clock.now() - started) / 1000);
    }
  }

  /** Opens an exchange; what was read from disk or a plugin is read again once when the server or its TLS refuses it. */
  async function open(call: Call, purpose: Purpose, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    usage.add(call);
    if (!call.urgent) await limiter.take(signal);
    try {
      return await tryOnce(call, purpose, signal);
    } catch (error) {
      if (!(error instanceof KubeError) || !(error.isUnauthorized || error.reason === "Tls")) throw error;
      credentials.refresh();
      return await tryOnce(call, purpose, signal);
    }
  }

  async function exchange<T>(call: Call): Promise<Reply<T>> {
    const scope = scopes.enter([call.signal, call.guard?.signal], call.timeoutMs, () => timeoutError(call));
    try {
      const response = await open(call, "api", scope.signal);
      const reply = await readReply<T>(call, response);
      for (const text of reply.warnings) warn(text);
      return reply;
    } catch (error) {
      throw scope.signal.aborted ? scope.signal.reason : error;
    } finally {
      scope.leave();
    }
  }

  return {
    cluster,
    clock,
    usage,
    open,
    enter: scopes.enter,
    /** Makes the call, again where that is safe, and reads the whole answer. */
    async send<T>(call: Call): Promise<Reply<T>> {
      const maxTries = call.maxTries ?? 3;
      for (let tries = 1; ; tries++) {
        try {
          return await exchange<T>(call);
        } catch (error) {
          const delayMs = retryDelay(error, { repeatable: repeatable.has(call.verb), tries, maxTries }, random);
          if (delayMs === undefined) throw error;
          const pause = scopes.enter([call.signal, call.guard?.signal]);
          await sleep(clock, delayMs, pause.signal).finally(pause.leave);
        }
      }
    },
    async stop(): Promise<void> {
      scopes.close(new KubeError("the Kubernetes client was stopped", { status: 0, reason: "Stopped" }));
      await dispatchers.destroy();
    },
  };
}

export type Transport = ReturnType<typeof createTransport>;

function callHeaders(call: Call, userAgent: string): string[] {
  const headers = ["accept", call.accept ?? "application/json", "user-agent", userAgent];
  if (call.body !== undefined) headers.push("content-type", call.contentType ?? "application/json");
  return headers;
}

async function readReply<T>(call: Call, { statusCode, headers, body }: Dispatcher.ResponseData): Promise<Reply<T>> {
  const what = describe(call.verb, call.resource, call.target);
  const text = await body.text().catch((error) => {
    throw errorFromNetwork(what, error);
  });
  let parsed: T;
  try {
    parsed = JSON.parse(text) as T;
  } catch (cause) {
    throw new KubeError(`${what}: the answer is not JSON`, { status: 0, reason: "Undecodable", cause });
  }
  return {
    status: statusCode,
    body: parsed,
    resourceVersion: (parsed as { metadata?: { resourceVersion?: string } } | null)?.metadata?.resourceVersion,
    warnings: readWarnings(headers["warning"]),
    auditId: headers["audit-id"]?.toString(),
  };
}

async function readError(what: string, call: Call, { statusCode, headers, body }: Dispatcher.ResponseData) {
  const length = Number(headers["content-length"] ?? 0);
  let status: unknown;
  if (length > longestErrorBytes) await body.dump();
  else {
    try {
      status = JSON.parse(await body.text());
    } catch {
      // A proxy's error page, or the connection broke behind the head: the status alone has to do.
    }
  }
  const isSecret = call.resource.group === "" && call.resource.plural === "secrets";
  return errorFromAnswer(what, statusCode, status, headers["retry-after"]?.toString(), isSecret);
}

function timeoutError(call: Call): KubeError {
  const what = describe(call.verb, call.resource, call.target);
  return new KubeError(`${what}: no complete answer within ${call.timeoutMs} ms`, { status: 0, reason: "Timeout" });
}
