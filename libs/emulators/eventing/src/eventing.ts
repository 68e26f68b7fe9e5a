import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { adminRoutes } from "./admin-routes.ts";
import { createEventStore, type StoredEvent } from "./event-store.ts";
import { createFaults, type Fault } from "./faults.ts";
import { publisherRoutes } from "./publisher-routes.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { Subscription } from "./subscriptions.ts";

export interface EventingOptions {
  /** 0 takes a free one. */
  port?: number;
  maxRequestBytes?: number;
  /** How many acknowledged events are kept. */
  maxEvents?: number;
  /** Begin of the old, prefixed event types. */
  eventTypePrefix?: string;
  /** `source` of the prefixed twin of a legacy event. */
  legacyNamespace?: string;
  /** `application-type` labels by Application name. */
  applicationTypes?: Readonly<Record<string, string>>;
  subscriptions?: readonly Subscription[];
}

export interface Eventing {
  readonly url: string;
  readonly port: number;
  /** Acknowledged events, oldest first; bounded. */
  readonly events: StoredEvent[];
  /** How many were acknowledged since the start, kept or not. */
  readonly stored: number;
  /** The last 10,000 requests on event paths, refused ones included, oldest first. */
  readonly requests: ReceivedRequest[];
  /** May be changed at any time. */
  readonly subscriptions: Subscription[];
  /** Calls back with every event as it is stored; ends with the returned function. */
  onEvent(listener: (event: StoredEvent) => void): () => void;
  /** Fails the next `times` events, or all until `heal()`. */
  fail(fault: Fault, times?: number): void;
  heal(): void;
  /** Forgets events, requests and faults. */
  reset(): void;
  stop(): Promise<void>;
}

const requestLimit = 10_000;

/** Stands in for the Eventing Publisher Proxy and the stream behind it, on the loopback interface. */
export async function startEventing(options: EventingOptions = {}): Promise<Eventing> {
  const store = createEventStore(options.maxEvents === undefined ? {} : { maxEvents: options.maxEvents });
  const faults = createFaults();
  const requests: ReceivedRequest[] = [];
  const subscriptions = [...(options.subscriptions ?? [])];
  const applicationTypes = new Map(Object.entries(options.applicationTypes ?? {}));
  const stopping = new AbortController();

  const app = createApp();
  publisherRoutes(app, {
    store,
    faults,
    subscriptions,
    stopped: stopping.signal,
    legacyNamespace: options.legacyNamespace ?? "kyma",
    maxRequestBytes: options.maxRequestBytes ?? 65_536,
    rules: {
      prefix: options.eventTypePrefix ?? "sap.kyma.custom",
      applicationType: (name) => applicationTypes.get(name),
    },
    record(request) {
      requests.push(request);
      if (requests.length > requestLimit) requests.shift();
    },
  });
  adminRoutes(app, { store, faults });
  await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get events() {
      return store.list();
    },
    get stored() {
      return store.stored;
    },
    requests,
    subscriptions,
    onEvent: store.subscribe,
    fail: faults.fail,
    heal: faults.heal,
    reset() {
      store.clear();
      faults.heal();
      requests.length = 0;
    },
    async stop() {
      stopping.abort();
      await app.close();
    },
  };
}

function createApp(): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    http: { maxHeaderSize: 1_048_576 },
    // Application names may have 253 characters, three times that when percent-encoded.
    routerOptions: { maxParamLength: 1024 },
    exposeHeadRoutes: false,
  });
  // Eventing looks at the body whatever the content type says; Fastify would answer 415 before anybody is asked.
  for (const method of ["POST", "PUT", "PATCH"]) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type("text/plain; charset=utf-8").send("404 page not found\n"),
  );
  return app;
}
