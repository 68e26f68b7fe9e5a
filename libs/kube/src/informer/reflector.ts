import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { KubeMetrics } from "../metrics.ts";
import type { Resource } from "../resources/resource.ts";
import type { Client, Selection } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import type { WatchEvent } from "../transport/watch.ts";
import { backoffDelay, degradedDelay, probeDelay, rewatchDelay } from "./backoff.ts";
import type { ListBatch } from "./cache.ts";
import { confirmVersion, mayHaveBeenRestored } from "./confirm-version.ts";
import { endsInitialEvents, versionOf } from "./initial-events.ts";
import { createListingChoice, type Listing } from "./listing.ts";
import { listPages } from "./pages.ts";
import { type Outcome, type Reaction, react } from "./reaction.ts";
import { createWatchdog } from "./watchdog.ts";

export type InformerState = "Init" | "Listing" | "Watching" | "Backoff" | "Relisting" | "Degraded" | "Stopped";

/** Where the reflector puts what it reads. */
export interface Sink {
  startList(): ListBatch;
  upsert(raw: unknown): void;
  remove(raw: unknown): void;
}

export interface ReflectorOptions extends Selection {
  client: Client;
  resource: Resource<unknown>;
  metadataOnly?: boolean | undefined;
  listing: Listing;
  pageSize: number;
  sink: Sink;
  /** A list is complete and delivered. */
  onSync: () => void;
  clock: Clock;
  random: () => number;
  log: Log;
  metrics: KubeMetrics;
}

const silenceMs = 90_000;
/** A server that does not know streaming lists may take the request for a plain watch: the end mark never comes. */
const silentStartMs = 15_000;
const healthyMs = 120_000;
const hastyRelistMs = 2_000;

/** Keeps a sink equal to what the server has: list, watch, and whatever it takes to get back to that. */
export class Reflector {
  state: InformerState = "Init";
  detail: string | undefined;
  /** When the server last showed that it is there. */
  lifeAt: number;

  readonly #options: ReflectorOptions;
  readonly #stop = new AbortController();
  readonly #listing: ReturnType<typeof createListingChoice>;
  #resourceVersion: string | undefined;
  #needsList = true;
  /** Whether the server that answers now may know less than what was seen: it was away, or says nothing. */
  #isDoubtful = false;
  #hasListed = false;
  #consistent = false;
  #listedAt = Number.NEGATIVE_INFINITY;
  #relistCause = "";
  #openedAt: number | undefined;
  #healthySince: number | undefined;
  #failures = 0;
  /** Tries without a permission or the kind. Counted apart: what a person repairs says nothing about the server. */
  #refusals = 0;
  /** What was last complained about in the log; undefined when all is well. */
  #trouble: string | undefined;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#listing = createListingChoice(options.listing);
    this.lifeAt = options.clock.now();
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const outcome = await this.#listAndWatch();
      if (this.#stop.signal.aborted) break;
      await this.#pause(react(outcome), outcome.error);
    }
    this.#enter("Stopped");
  }

  stop(): void {
    this.#stop.abort(new Error("the informer was stopped"));
  }

  async #listAndWatch(): Promise<Outcome> {
    const { clock } = this.#options;
    this.#openedAt = undefined;
    try {
      if (this.#needsList && this.state !== "Degraded") this.#enter(this.#hasListed ? "Relisting" : "Listing");
      if (this.#needsList && this.#listing.current !== "stream") await this.#list();
      if (!this.#needsList && this.#isDoubtful) await this.#confirm();
      await this.#watch();
      return this.#outcome(clock.now());
    } catch (error) {
      if (this.#needsList && this.#learnFrom(error) === "refused") return await this.#listAndWatch();
      return this.#outcome(clock.now(), error);
    }
  }

  #learnFrom(error: unknown): "refused" | "broken" | undefined {
    const { log, resource } = this.#options;
    const lesson = this.#listing.failed(error, this.#openedAt !== undefined);
    if (lesson)
      log.info({ kind: resource.kind, lesson }, `lists are read by way of "${this.#listing.current}" from now on`);
    return lesson;
  }

  #outcome(now: number, error?: unknown): Outcome {
    const livedMs = this.#openedAt === undefined ? 0 : now - this.#openedAt;
    return { during: this.#needsList ? "list" : "watch", error, livedMs };
  }

  async #list(): Promise<void> {
    const { client, resource, sink, pageSize, namespace, labelSelector, fieldSelector, metadataOnly } = this.#options;
    let batch = sink.startList();
    const resourceVersion = await listPages(
      client,
      resource,
      {
        namespace,
        labelSelector,
        fieldSelector,
        metadataOnly,
        pageSize,
        resourceVersion: this.#consistent || this.#listing.current === "pages" ? undefined : "0",
        signal: this.#stop.signal,
        onPage: () => this.#sawLife(),
      },
      () => {
        batch = sink.startList();
      },
      (raw) => batch.put(raw),
    );
    this.#finishList(batch, resourceVersion);
  }

  #finishList(batch: ListBatch, resourceVersion: string): void {
    const { metrics, resource, onSync, clock } = this.#options;
    this.#resourceVersion = resourceVersion;
    this.#needsList = false;
    this.#isDoubtful = false;
    this.#listing.completed();
    // Another API server's cache may be behind what we know by now: no later list may take us back in time.
    this.#consistent = true;
    this.#listedAt = clock.now();
    const missed = batch.commit();
    if (this.#hasListed) {
      metrics.relist(resource.kind, this.#relistCause);
      metrics.relistMissed(resource.kind, missed);
    }
    this.#hasListed = true;
    onSync();
  }

  async #confirm(): Promise<void> {
    const { client, resource, namespace, labelSelector, fieldSelector } = this.#options;
    const known = { resourceVersion: this.#resourceVersion, listing: this.#listing.current };
    const { signal } = this.#stop;
    await confirmVersion(client, resource, { namespace, labelSelector, fieldSelector, ...known }, signal);
    this.#isDoubtful = false;
    this.#sawLife();
  }

  async #watch(): Promise<void> {
    const { client, resource, clock, random, sink, namespace, labelSelector, fieldSelector, metadataOnly } =
      this.#options;
    // Without a version we know, the watch begins with everything there is.
    let batch = this.#needsList ? sink.startList() : undefined;
    const watchdog = createWatchdog(clock, this.#stop.signal, batch ? silentStartMs : silenceMs);
    try {
      const events = client.watch<unknown>(resource, {
        namespace,
        labelSelector,
        fieldSelector,
        metadataOnly,
        ...(batch ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" } : {}),
        ...(batch ? {} : { resourceVersion: this.#resourceVersion }),
        timeoutSeconds: 290 + Math.floor(random() * 290),
        signal: watchdog.signal,
        onOpen: () => {
          this.#openedAt = clock.now();
          this.#healthySince ??= this.#openedAt;
          this.#refusals = 0;
          this.#sawLife();
          if (!batch) this.#enter("Watching");
        },
        onBytes: () => {
          watchdog.feed();
          this.#sawLife();
        },
      });
      for await (const event of events) {
        if (!batch) this.#apply(event);
        else if (event.type === "ADDED" || event.type === "MODIFIED") batch.put(event.object);
        else if (event.type === "DELETED") batch.remove(event.object);
        else if (endsInitialEvents(event)) {
          this.#finishList(batch, versionOf(event) as string);
          batch = undefined;
          watchdog.patienceMs = silenceMs;
          this.#enter("Watching");
        }
      }
    } finally {
      watchdog.end();
    }
    // The server may not end a list in the middle and call that a success.
    if (batch) throw new KubeError("the streaming list ended early", { status: 0, reason: "ConnectionLost" });
  }

  #apply(event: WatchEvent<unknown>): void {
    const { sink, metrics, resource } = this.#options;
    if (event.type === "DELETED") sink.remove(event.object);
    else if (event.type !== "BOOKMARK") sink.upsert(event.object);
    if (event.type !== "BOOKMARK") metrics.event(resource.kind);
    this.#resourceVersion = versionOf(event) ?? this.#resourceVersion;
  }

  async #pause(reaction: Reaction, error: unknown): Promise<void> {
    const { clock, random, metrics, resource, log } = this.#options;
    const now = clock.now();
    if (this.#healthySince !== undefined && now - this.#healthySince >= healthyMs) this.#failures = 0;
    if (error !== undefined) this.#healthySince = undefined;
    if (reaction.next === "list") {
      this.#needsList = true;
      this.#relistCause = reaction.cause;
      this.#consistent ||= reaction.consistent ?? false;
    }
    if (reaction.next === "watch") this.#isDoubtful ||= mayHaveBeenRestored(error, this.#openedAt !== undefined);
    if (error instanceof KubeError && error.reason === "Undecodable") metrics.undecodable(resource.kind);
    if (this.#openedAt !== undefined || this.#hasListed) metrics.watchRestart(resource.kind, reaction.cause);

    // A server that calls every version we list too old must not be listed in a loop.
    const isHasty = reaction.next === "list" && now - this.#listedAt < hastyRelistMs;
    const pace = reaction.pace === "at once" && isHasty ? "backoff" : reaction.pace;
    const delayMs = Math.max(this.#delay(pace), (reaction.atLeastMs ?? 0) * (1 + random() / 10));
    if (pace !== "at once") {
      const said = error instanceof Error ? error.message : "the server ended the watch early";
      this.#enter(pace === "degraded" ? "Degraded" : "Backoff", said);
      // An absent server is tried twice a second; one line tells that as well as a thousand. Silence is none at all where
      // bookmarks are rare.
      const tell = this.#trouble === reaction.cause || reaction.cause === "silent" ? log.debug : log.warn;
      this.#trouble = reaction.cause;
      tell.call(log, { kind: resource.kind, cause: reaction.cause, delayMs: Math.round(delayMs) }, said);
    }
    // Rejects when the informer stops, which the loop sees for itself.
    await sleep(clock, delayMs, this.#stop.signal).catch(() => {});
  }

  #delay(pace: Reaction["pace"]): number {
    const { random } = this.#options;
    if (pace === "at once") return rewatchDelay(random);
    if (pace === "probe") return probeDelay(random);
    return pace === "degraded" ? degradedDelay(this.#refusals++, random) : backoffDelay(this.#failures++, random);
  }

  #sawLife(): void {
    this.lifeAt = this.#options.clock.now();
  }

  #enter(state: InformerState, detail?: string): void {
    const { metrics, resource, log } = this.#options;
    const change = Number(state === "Degraded") - Number(this.state === "Degraded");
    if (change !== 0) metrics.degraded(resource.kind, change);
    this.state = state;
    this.detail = detail;
    if (state === "Watching" && this.#trouble !== undefined) {
      log.info({ kind: resource.kind }, "watching again");
      this.#trouble = undefined;
    }
  }
}
