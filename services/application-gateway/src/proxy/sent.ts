import type { OutgoingCall } from "@application-connector/credentials";
import type { Exchange } from "@application-connector/forward";
import type { Api } from "../entries/api.ts";

/** What is sent to a target, once; a second try is another. */
export class Sent implements OutgoingCall {
  readonly api: Api;
  path: string;
  readonly headers: string[];
  readonly body: Buffer | undefined;
  readonly #exchange: Exchange;
  /** As it was before its seal, which no two have alike. */
  #plain: { readonly path: string; readonly headers: readonly string[] } | undefined = undefined;

  constructor(api: Api, path: string, headers: string[], exchange: Exchange, body: Buffer | undefined) {
    this.api = api;
    this.path = path;
    this.headers = headers;
    this.body = body;
    this.#exchange = exchange;
  }

  get method(): string {
    return this.#exchange.method;
  }

  get origin(): string {
    return this.api.url.origin;
  }

  get clientHeaders(): readonly string[] {
    return this.#exchange.headers;
  }

  /** Path and headers without the seal. */
  get plain(): { readonly path: string; readonly headers: readonly string[] } {
    return this.#plain ?? this;
  }

  get isSealed(): boolean {
    return this.#plain !== undefined;
  }

  /** The last touch, after which nothing changes any more. */
  seal(): void {
    const { seal } = this.api.credential;
    if (seal === undefined) return;
    this.#plain = { path: this.path, headers: [...this.headers] };
    seal(this);
  }
}
