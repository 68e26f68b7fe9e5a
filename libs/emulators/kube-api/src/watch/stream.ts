import type { ServerResponse } from "node:http";
import type { RequestInfo } from "../http/api-path.ts";
import { resetConnection } from "../http/reset.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { Selection } from "../selectors/selection.ts";
import type { ApiError } from "../status.ts";
import type { StoreEvent } from "../store/history.ts";
import type { Projection } from "../table/projection.ts";
import { type Change, changeFor } from "./watch-event.ts";

/** A client that lets this much pile up is cut off, so that it cannot take the server's memory. */
const maxBufferedBytes = 8 * 1024 * 1024;

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
  readonly #after: number;
  #muted = false;

  constructor(response: ServerResponse, options: StreamOptions) {
    this.#response = response;
    this.kind = options.kind;
    this.info = options.info;
    this.userName = options.userName;
    this.bookmarks = options.bookmarks;
    this.#after = options.after;
    this.#chosen = options.chosen;
    this.#projection = options.projection;
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  onChange(event: StoreEvent): void {
    if (event.revision <= this.#after) return;
    const { namespace } = this.info;
    if (this.kind.namespaced && namespace && event.entry.object.metadata.namespace !== namespace) return;
    const change = changeFor(event, this.#chosen);
    if (change) this.send(change);
  }

  send({ type, entry }: Change): void {
    const object = this.#projection ? this.#projection.event(entry.object) : this.#json(entry);
    this.write(`{"type":"${type}","object":${object}}\n`);
  }

  /** An object may have been written in another version of its kind. */
  #json({ object, json }: Change["entry"]): string {
    const apiVersion = apiVersionOf(this.kind);
    return object.apiVersion === apiVersion ? json : JSON.stringify({ ...object, apiVersion });
  }

  bookmark(revision: number, isEndOfInitialEvents = false): void {
    const metadata = {
      resourceVersion: String(revision),
      ...(isEndOfInitialEvents && { annotations: { "k8s.io/initial-events-end": "true" } }),
    };
    const object = { kind: this.kind.kind, apiVersion: apiVersionOf(this.kind), metadata };
    const shown = this.#projection ? this.#projection.event(object as never) : JSON.stringify(object);
    this.write(`{"type":"BOOKMARK","object":${shown}}\n`);
  }

  error(error: ApiError): void {
    this.write(`{"type":"ERROR","object":${JSON.stringify(error.toStatus())}}\n`);
  }

  write(text: string): void {
    if (this.#muted || !this.isOpen) return;
    this.#response.write(text);
    if (this.#response.writableLength > maxBufferedBytes) this.end();
  }

  /** From now on nothing is sent any more, but the connection stays: a peer that is gone without saying so. */
  mute(): void {
    this.#muted = true;
  }

  end(): void {
    if (!this.#muted) this.#response.end();
  }

  reset(): void {
    resetConnection(this.#response.socket);
  }
}
