import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EventStore } from "./event-store.ts";
import { placeEvent, type TypeRules } from "./event-type.ts";
import type { Faults } from "./faults.ts";
import { type LegacyError, readLegacyEvent, tooLarge } from "./legacy-event.ts";
import { mapLegacyEvent } from "./legacy-mapping.ts";
import { PublishError } from "./publish-error.ts";
import { readCloudEvent } from "./read-cloud-event.ts";
import { describeRequest, type ReceivedRequest, readBody } from "./received-request.ts";
import { type Subscription, subscribedTypes } from "./subscriptions.ts";
import { traceExtensions } from "./trace-extensions.ts";

export interface Publisher {
  store: EventStore;
  faults: Faults;
  rules: TypeRules;
  legacyNamespace: string;
  maxRequestBytes: number;
  subscriptions: readonly Subscription[];
  record(request: ReceivedRequest): void;
  stopped: AbortSignal;
}

type Path = { Params: { application: string } };

/** The contract of the Eventing Publisher Proxy: what it takes, what it refuses and in which words. */
export function publisherRoutes(app: FastifyInstance, publisher: Publisher): void {
  app.all("/publish", async (request, reply) => {
    const { received, body } = await receive(request, reply, publisher);
    if (received.method !== "POST") return reply.code(405).send();
    if (body === undefined) return reply.code(400).send("http: request body too large");
    try {
      const { mode, event } = readCloudEvent(received.headers, body);
      const placement = placeEvent(event.source, event.type, publisher.rules);
      const failed = await playFault(request, reply, publisher, (status) => reply.code(status).send());
      if (failed) return reply;
      const { originalType: originaltype } = placement;
      const stored = {
        ...event,
        type: placement.type,
        ...(originaltype === undefined ? {} : { originaltype }),
        ...traceExtensions(received.headers),
      };
      publisher.store.add({
        mode,
        subject: placement.subject,
        id: event.id,
        source: event.source,
        type: placement.type,
        originalType: event.type,
        event: stored,
        headers: received.headers,
        body,
      });
      return reply.code(204).send();
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      return reply.code(400).send(error.message);
    }
  });

  app.all<Path>("/:application/v1/events", async (request, reply) => {
    const { received, body } = await receive(request, reply, publisher);
    if (received.method !== "POST") return reply.code(405).send();
    const refuse = (error: LegacyError) => reply.code(error.status).send(error);
    if (body === undefined) return refuse(tooLarge);
    const result = readLegacyEvent(body);
    if ("error" in result) return refuse(result.error);
    const { application } = request.params;
    try {
      const mapped = mapLegacyEvent(application, result.event, publisher.rules, publisher.legacyNamespace);
      const failed = await playFault(request, reply, publisher, (status) =>
        refuse({ status, message: "the backend refused the event" }),
      );
      if (failed) return reply;
      for (const { placement, event } of mapped) {
        publisher.store.add({
          mode: "legacy",
          application,
          subject: placement.subject,
          id: event.id,
          source: event.source,
          type: placement.type,
          originalType: `${result.event.type}.${result.event.version}`,
          event: { ...event, ...traceExtensions(received.headers) },
          headers: received.headers,
          body,
        });
      }
      return reply.send({ "event-id": mapped[1].event.id, status: "", reason: "" });
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      return refuse({ status: 400, message: error.message });
    }
  });

  app.all<Path>("/:application/v1/events/subscribed", async (request, reply) => {
    const { received } = await receive(request, reply, publisher);
    if (received.method !== "GET") return reply.code(405).send();
    const eventsInfo = subscribedTypes(request.params.application, publisher.subscriptions, publisher.rules.prefix);
    return reply.send({ eventsInfo });
  });
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  publisher: Publisher,
): Promise<{ received: ReceivedRequest; body: Buffer | undefined }> {
  const received = describeRequest(request.raw);
  publisher.record(received);
  reply.raw.once("finish", () => {
    received.status = reply.raw.statusCode;
  });
  return { received, body: await readBody(request.raw, received, publisher.maxRequestBytes) };
}

/** Plays the next fault, if there is one. True when the event must not be stored, since the fault was the answer. */
async function playFault(
  request: FastifyRequest,
  reply: FastifyReply,
  { faults, stopped }: Publisher,
  answer: (status: number) => FastifyReply,
): Promise<boolean> {
  const fault = faults.next();
  if (fault === undefined) return false;
  // A stop during the wait ends the connection anyway.
  if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: stopped }).catch(() => undefined);
  if (fault.reset || fault.hang) {
    reply.hijack();
    if (fault.reset) request.raw.socket.resetAndDestroy();
    return true;
  }
  if (fault.status === undefined) return false;
  await answer(fault.status);
  return true;
}
