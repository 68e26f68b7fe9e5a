import { setTimeout as sleep } from "node:timers/promises";
import type { OwnResponse } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import { type JetStreamClient, jetstream } from "@nats-io/jetstream";
import { type ConnectionOptions, headers, type NatsConnection } from "@nats-io/transport-node";
import type { DeliverableEvent, Delivery, DeliveryResult, Ended } from "../delivery/delivery.ts";
import type { SubjectRules } from "../subscriptions/event-subject.ts";
import { connectionFailure } from "./connection-failure.ts";
import { type NatsLogin, natsLogin } from "./nats-login.ts";
import { type NatsMessage, translate } from "./nats-message.ts";
import { natsServers } from "./nats-servers.ts";
import { type NatsTlsFiles, natsTls } from "./nats-tls.ts";
import { connectNats } from "./nats-transport.ts";
import { publishFailure } from "./publish-failure.ts";
import { PublishWindow } from "./publish-window.ts";

export interface NatsOptions {
  /** One or more, separated by commas. */
  readonly url: string;
  readonly stream: string;
  /** First segment of all subjects. */
  readonly subjectPrefix: string;
  readonly login: NatsLogin;
  readonly tls: NatsTlsFiles;
  readonly rules: SubjectRules;
  readonly log: Service["log"];
  /** How long the stream may take to say that it has a message. */
  readonly ackTimeoutMs?: number;
}

const firstDelayMs = 250;
const longestDelayMs = 3_000;
/** Of one server, before the connection counts as lost and it is told why; then all begins anew. */
const maxReconnectAttempts = 5;
const defaultAckTimeoutMs = 5_000;
/** A tenth of what a stream of NATS buffers, for other publishers want to be heard, too. */
const windowSize = 1_000;

/**
 * Publishes events to the stream that Eventing's publisher proxy would publish them to. An event is acknowledged when the
 * stream has it; a repeated one is known by its id as long as the stream's duplicate window says.
 */
export class NatsDelivery implements Delivery {
  private readonly options: NatsOptions;
  private readonly ended = new AbortController();
  private readonly window: PublishWindow;
  private readonly work: Promise<void>;
  private connection: NatsConnection | undefined;
  private stream: JetStreamClient | undefined;
  private neverConnected: string | undefined = "there is no connection to NATS yet";
  private refusal = "";

  constructor(options: NatsOptions) {
    this.options = options;
    const { ackTimeoutMs: waitMs = defaultAckTimeoutMs } = options;
    this.window = new PublishWindow({ size: windowSize, maxWaiting: 4 * windowSize, waitMs });
    this.work = this.stayConnected();
  }

  get isConnected(): boolean {
    return this.stream !== undefined;
  }

  /** Why there has been no connection since the start. One that is lost later comes back, and says nothing about this replica. */
  get problem(): string | undefined {
    return this.neverConnected;
  }

  async deliver(event: DeliverableEvent): Promise<DeliveryResult> {
    const translation = translate(event, this.options.rules);
    if ("status" in translation) return translation;
    for (const message of translation.messages) {
      const waiting = this.window.enter();
      const refused = waiting === undefined ? undefined : await waiting;
      if (refused !== undefined) return { kind: refused === "full" ? "queue_full" : "timeout" };
      const failure = await this.publish(message);
      this.window.leave();
      if (failure !== undefined) return failure;
    }
    return translation.answer;
  }

  /** All of them are on their way before the first is acknowledged: the stream takes what one connection brings in its order. */
  async deliverAll(events: readonly DeliverableEvent[], ended: Ended): Promise<DeliveryResult[]> {
    const stopped = ended();
    return await Promise.all(events.map((event) => stopped ?? this.deliver(event)));
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.ended.abort();
    const { connection } = this;
    const close = () => void connection?.close();
    deadline.addEventListener("abort", close, { once: true });
    if (deadline.aborted) close();
    await connection?.drain().catch(() => undefined);
    await this.work;
    deadline.removeEventListener("abort", close);
  }

  /** Undefined: the stream has it. Never rejects. */
  private async publish({ subject, headers: lines, body, id }: NatsMessage): Promise<OwnResponse | undefined> {
    const { stream: streamName, subjectPrefix, ackTimeoutMs: timeout = defaultAckTimeoutMs } = this.options;
    const { stream } = this;
    // The client would keep it until it is connected, and publish it when its sender has long been told otherwise.
    if (stream === undefined) return publishFailure(new Error("there is no connection to NATS"), false);
    try {
      const fields = headers();
      for (const [name, value] of lines) fields.append(name, value);
      const target = subjectPrefix + subject.slice("kyma".length);
      await stream.publish(target, body, { msgID: id, headers: fields, timeout, expect: { streamName } });
      this.refusal = "";
      return undefined;
    } catch (error) {
      this.tellRefusal(error);
      return publishFailure(error, this.stream !== undefined);
    }
  }

  /** The same reason is told once: each event may have it. */
  private tellRefusal(error: unknown): void {
    const why = connectionFailure(error);
    if (this.stream !== undefined && why !== this.refusal)
      this.options.log.warn({ why }, "NATS does not take an event.");
    this.refusal = why;
  }

  private async stayConnected(): Promise<void> {
    const { signal } = this.ended;
    let delayMs = firstDelayMs;
    let told = "";
    const tell = (error: unknown): void => {
      const why = connectionFailure(error);
      if (this.neverConnected !== undefined) this.neverConnected = `NATS cannot be reached: ${why}`;
      if (why !== told) this.options.log.error({ why }, "NATS cannot be reached.");
      told = why;
    };
    while (!signal.aborted) {
      try {
        this.connection = await connectNats(this.connectionOptions());
        this.neverConnected = undefined;
        told = "";
        delayMs = firstDelayMs;
        if (signal.aborted) await this.connection.close();
        else {
          const error = await this.follow(this.connection);
          if (error !== undefined && !signal.aborted) tell(error);
        }
      } catch (error) {
        tell(error);
      }
      this.stream = undefined;
      await sleep(delayMs * (0.8 + 0.4 * Math.random()), undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }
  }

  /** Until the connection is closed for good: meanwhile the client connects again by itself. */
  private async follow(connection: NatsConnection): Promise<Error | undefined> {
    const { log } = this.options;
    const client = jetstream(connection);
    this.stream = client;
    log.info({}, "NATS is connected.");
    for await (const { type } of connection.status()) {
      if (type === "disconnect") {
        this.stream = undefined;
        log.warn({}, "The connection to NATS is lost.");
      } else if (type === "reconnect") {
        this.stream = client;
        log.info({}, "NATS is connected again.");
      }
    }
    const error = await connection.closed();
    return error instanceof Error ? error : undefined;
  }

  /** Throws when what logs in cannot be read: asked by the client itself, that would only run out of time. */
  private connectionOptions(): ConnectionOptions {
    const { url, login, tls: files } = this.options;
    const { servers, ...named } = natsServers(url);
    const authenticator = natsLogin(login, named);
    authenticator?.("nonce");
    const tls = natsTls(files, servers);
    return {
      name: "connectivity-validator",
      servers,
      ...(authenticator && { authenticator }),
      ...(tls && { tls }),
      maxReconnectAttempts,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
      pingInterval: 10_000,
      timeout: 5_000,
      // Stacks of requests that may fail would be most of what a publish costs.
      noAsyncTraces: true,
    };
  }
}
