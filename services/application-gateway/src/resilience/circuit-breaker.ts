export interface CircuitSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one call may try, in ms. */
  readonly openMs: number;
}

export type CircuitState = "closed" | "open" | "half-open";

/** Let through; given back with what became of the call. */
export type Ticket = number & { readonly brand: "ticket" };

/** However long a target asks for, a call tries it again after this. */
const longestOpenMs = 5 * 60_000;
/** How long the call that tries will take, nobody knows. */
const whileTryingMs = 1_000;

/**
 * Keeps calls from a target that fails: after so many failures in a row it opens, for a while, and then lets a single
 * call through, whose outcome closes it or opens it again. Knows no clock: every method is told the time.
 */
export class CircuitBreaker {
  readonly #settings: CircuitSettings;
  #state: CircuitState = "closed";
  #failuresInRow = 0;
  #openUntil = 0;
  /** Of the last change: what calls that began before it find out is old news. */
  #ticket = 0 as Ticket;

  constructor(settings: CircuitSettings) {
    this.#settings = settings;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** A ticket for a call, or the time in ms after which to ask again. */
  enter(nowMs: number): { readonly ticket: Ticket } | { readonly ticket?: undefined; readonly waitMs: number } {
    if (this.#state === "closed") return { ticket: this.#ticket };
    if (this.#state === "half-open") return { waitMs: whileTryingMs };
    if (nowMs < this.#openUntil) return { waitMs: this.#openUntil - nowMs };
    this.#become("half-open");
    return { ticket: this.#ticket };
  }

  succeeded(ticket: Ticket): void {
    if (ticket !== this.#ticket) return;
    this.#failuresInRow = 0;
    if (this.#state !== "closed") this.#become("closed");
  }

  /** `askedMs` is how long the target wants to be left alone, if it said so. */
  failed(ticket: Ticket, nowMs: number, askedMs = 0): void {
    if (ticket !== this.#ticket) return;
    this.#failuresInRow++;
    if (this.#state === "closed" && this.#failuresInRow < this.#settings.failures) return;
    this.#openUntil = nowMs + Math.max(this.#settings.openMs, Math.min(askedMs, longestOpenMs));
    this.#become("open");
  }

  /** The call ended before it could tell anything about the target: the next one may try. */
  abandoned(ticket: Ticket, nowMs: number): void {
    if (ticket !== this.#ticket || this.#state !== "half-open") return;
    this.#openUntil = nowMs;
    this.#become("open");
  }

  #become(state: CircuitState): void {
    this.#state = state;
    this.#ticket++;
  }
}
