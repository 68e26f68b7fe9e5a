import type { ServerResponse } from "node:http";
import type { RequestInfo } from "../http/api-path.ts";
import { resetConnection } from "../http/reset.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { Selection } from "../selectors/selection.ts";
import type { ApiError } from "../status.ts";
import type { Entry } from "../store/entry.ts";
import type { StoreEvent } from "../store/history.ts";
import type { Projection } from "../table/projection.ts";
import { jsonIn } from "../verbs/reply.ts";
import { Outbox } from "./outbox.ts";
import { type Change, changeFor } from "./watch-event.ts";

/** About. */
const bookmarkLength = 200;

export interface StreamOptions {
  kind: Kind;
  info: RequestInfo;
  userName: string;
  chosen: Selection | undefined;
  projection: Projection | undefined;
  bookmarks: boolean;
  /** Changes up to this revision are known to the client, even when they are yet to come. */
  after: number;
}

/** One open watch: turns changes into lines. */
export class WatchStream {
  readonly kind: Kind;
  readonly info: RequestInfo;
  readonly userName: string;
  readonly bookmarks: boolean;
  readonly #chosen: Selection | undefined;
  readonly #projection: Projection | undefined;
  readonly #response: ServerResponse;
  readonly #outbox: Outbox;
  readonly #after: number;

  constructor(response: ServerResponse, options: StreamOptions) {
    this.#response = response;
    this.#outbox = new Outbox(response);
    this.kind = options.kind;
    this.info = options.info;
    this.userName = options.userName;
    this.bookmarks = options.bookmarks;
    this.#after = options.after;
    this.#chosen = options.chosen;
    this.#projection = options.projection;
  }

  /** The present state comes first, whole, and with it the mark of its end if that was asked for. */
  beginWithState(entries: readonly Entry[], endsAt: number | undefined): void {
    this.#outbox.begin(this.#stateLines(entries, endsAt));
  }

  /** What the client missed comes first. */
  beginWithMissed(events: readonly StoreEvent[]): void {
    this.#outbox.begin(this.#missedLines(events));
  }

  onChange(event: StoreEvent): void {
    const change = this.#changeFor(event);
    if (change) this.#outbox.add({ length: change.entry.json.length, text: () => this.#line(change) });
  }

  *#stateLines(entries: readonly Entry[], endsAt: number | undefined): Generator<string> {
    for (const entry of entries) {
      if (!this.#chosen || this.#chosen(entry.object)) yield this.#line({ type: "ADDED", entry });
    }
    if (endsAt !== undefined) yield this.#bookmarkLine(endsAt, true);
  }

  *#missedLines(events: readonly StoreEvent[]): Generator<string> {
    for (const event of events) {
      const change = this.#changeFor(event);
      if (change) yield this.#line(change);
    }
  }

  #changeFor(event: StoreEvent): Change | undefined {
    if (event.collection !== this.kind.collection || event.revision <= this.#after) return undefined;
    const { namespace } = this.info;
    if (this.kind.namespaced && namespace && event.entry.object.metadata.namespace !== namespace) return undefined;
    return changeFor(event, this.#chosen);
  }

  #line({ type, entry }: Change): string {
    const object = this.#projection ? this.#projection.event(entry.object) : jsonIn(this.kind, entry);
    return `{"type":"${type}","object":${object}}\n`;
  }

  bookmark(revision: number): void {
    this.#outbox.add({ length: bookmarkLength, text: () => this.#bookmarkLine(revision) });
  }

  #bookmarkLine(revision: number, isEndOfInitialEvents = false): string {
    const metadata = {
      resourceVersion: String(revision),
      ...(isEndOfInitialEvents && { annotations: { "k8s.io/initial-events-end": "true" } }),
    };
    const object = { kind: this.kind.kind, apiVersion: apiVersionOf(this.kind), metadata };
    const shown = this.#projection ? this.#projection.event(object as never) : JSON.stringify(object);
    return `{"type":"BOOKMARK","object":${shown}}\n`;
  }

  error(error: ApiError): void {
    this.write(`{"type":"ERROR","object":${JSON.stringify(error.toStatus())}}\n`);
  }

  write(text: string): void {
    this.#outbox.add({ length: text.length, text: () => text });
  }

  /** From now on nothing is sent any more, but the connection stays: a peer that is gone without saying so. */
  mute(): void {
    this.#outbox.mute();
  }

  /** Ends the watch behind what is on its way. */
  end(): void {
    this.#outbox.end();
  }

  /** Ends the watch even if the client has not fetched everything. */
  cutOff(): void {
    this.#outbox.cutOff();
  }

  reset(): void {
    resetConnection(this.#response.socket);
  }
}
