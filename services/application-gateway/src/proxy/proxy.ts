import { type Exchange, forward, withBody } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";
import type { Route } from "../entries/api-entry.ts";
import type { EntryTable } from "../entries/entry-table.ts";
import type { Observation } from "../observe/observation.ts";
import type { Observer } from "../observe/observer.ts";
import { type RequestTarget, readRequestTarget } from "../path/request-target.ts";
import { answerOf } from "./answers.ts";
import { Call, type CallRoute, type SecondTries } from "./call.ts";
import { type SignedBodies, signsBodyOf } from "./signed-bodies.ts";
import { targetPath } from "./target-path.ts";

export interface ProxyOptions {
  readonly table: EntryTable;
  /** False until the cluster's objects have been read once. */
  readonly isSynced: () => boolean;
  readonly again: SecondTries;
  readonly bodies: SignedBodies;
  readonly observer: Observer;
}

export interface ProxyPorts {
  /** `/{application}/{service}/…`, for services with a single API. */
  readonly forServices: (exchange: Exchange) => void;
  /** `/{application}/{service}/{entry}/…`. */
  readonly forBundles: (exchange: Exchange) => void;
}

/** A request on its way to its call; it may begin anew when the configuration changes under it. */
interface Way {
  readonly seen: Observation;
  readonly segments: 2 | 3;
  /** Once it was read. */
  readonly body: Buffer | undefined;
}

export function createProxy({ table, isSynced, again, bodies, observer }: ProxyOptions): ProxyPorts {
  function receive(exchange: Exchange, segments: 2 | 3): void {
    if (exchange.url === "*" && exchange.method === "OPTIONS") {
      exchange.answer({ status: 200, headers: [] });
      return;
    }
    serve({ seen: observer.begin(exchange), segments, body: undefined });
  }

  function serve(way: Way) {
    const { seen, segments } = way;
    if (!isSynced()) return refuse(seen, notSynced);
    const named = readRequestTarget(seen.exchange.url, segments);
    if (named === undefined) return refuse(seen, pathInvalid);
    const route =
      segments === 2
        ? table.findService(named.application, named.service)
        : table.findEntry(named.application, named.service, named.entry);
    if (route === undefined) return refuse(seen, notFound(named, segments));
    if (route.problem !== undefined) return refuse(seen, route.problem);
    call(way, route, named);
  }

  function call(way: Way, route: Route & { problem?: undefined }, named: RequestTarget) {
    const { seen } = way;
    seen.found(route.entry);
    const { api, problem } = route.entry.state;
    if (problem !== undefined) return refuse(seen, problem);
    const refusal = api.admission?.refuse(seen.exchange);
    const to = { entry: route.entry, api, named, prefix: named.authority + route.prefix };
    if (refusal === undefined) return collect(way, to);
    if (refusal instanceof Problem) return refuse(seen, refusal);
    refusal
      .then((later) => {
        if (later !== undefined) return refuse(seen, later);
        if (api.isReplaced) return serve(way);
        collect(way, to);
      })
      .catch((error: unknown) => refuse(seen, asProblem(error)));
  }

  /** Reads the body first, where it has to be signed. */
  function collect(way: Way, to: CallRoute) {
    const { seen } = way;
    if (way.body !== undefined || !signsBodyOf(seen.exchange, to.api)) return prepare(way, to);
    bodies.read(seen.exchange, to.api, (read) => {
      if (read.body === undefined) return read.problem === undefined ? seen.left() : refuse(seen, read.problem);
      seen.whenDone(read.release);
      const next = { ...way, body: read.body };
      try {
        if (to.api.isReplaced) serve(next);
        else prepare(next, to);
      } catch (error) {
        refuse(seen, asProblem(error));
      }
    });
  }

  function prepare(way: Way, to: CallRoute) {
    const { seen, body } = way;
    const path = targetPath(to.api, to.named);
    if (path === undefined) return refuse(seen, leavesBase);
    const made = new Call(seen, to, path, again, body);
    seen.configured();
    const pending = made.authorize();
    if (pending === undefined) return send(way, made, to.api);
    pending
      // The configuration may have changed while the token was fetched; its target would be closed.
      .then(() => (to.api.isReplaced ? serve(way) : send(way, made, to.api)))
      .catch((error: unknown) => refuse(seen, asProblem(error)));
  }

  function send({ seen, body }: Way, made: Call, { target }: Api) {
    const refusal = made.begin();
    if (refusal !== undefined) return refuse(seen, refusal);
    forward(body === undefined ? seen.exchange : withBody(seen.exchange, body), target, made);
  }

  function refuse(seen: Observation, problem: Problem): void {
    seen.exchange.answer(answerOf(problem, seen.requestId));
    seen.refused(problem);
  }

  return {
    forServices: (exchange) => receive(exchange, 2),
    forBundles: (exchange) => receive(exchange, 3),
  };
}

// Made once: their text is the same for every request.
const notSynced = new Problem("NOT_SYNCED", "Applications and Secrets have not been read yet");
const pathInvalid = new Problem("PATH_INVALID", "failed to extract API Identifier from path");
const leavesBase = new Problem(
  "PATH_LEAVES_BASE",
  "failed to extract API Identifier from path: its dot segments leave the base path of the API",
);

function notFound({ service, entry }: RequestTarget, segments: 2 | 3): Problem {
  const text =
    segments === 2
      ? `service with name ${service} not found`
      : `service with name ${service} and entry name ${entry} not found`;
  return new Problem("ENTRY_NOT_FOUND", text);
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("INTERNAL", "the call could not be prepared", { cause: error });
}
