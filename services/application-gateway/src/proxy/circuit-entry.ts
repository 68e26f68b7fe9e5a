import type { FailureKind } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { CircuitBreaker, Ticket } from "../resilience/circuit-breaker.ts";
import { retryAfterMs } from "../resilience/retry-after.ts";

/** Failures that say nothing about the target. */
const others: ReadonlySet<FailureKind> = new Set([
  "client_gone",
  "queue_full",
  "request_body_timeout",
  "request_body_too_large",
  "response_body_too_large",
  "resend_failed",
  "forbidden",
]);

/** A call that its target's circuit breaker has let through, and will hear of once. */
export class CircuitEntry {
  readonly #circuit: CircuitBreaker;
  readonly #ticket: Ticket;

  private constructor(circuit: CircuitBreaker, ticket: Ticket) {
    this.#circuit = circuit;
    this.#ticket = ticket;
  }

  /** The entry, or why there is none. */
  static into(circuit: CircuitBreaker, origin: string): CircuitEntry | Problem {
    const entered = circuit.enter(performance.now());
    if (entered.ticket !== undefined) return new CircuitEntry(circuit, entered.ticket);
    const text = `target '${origin}' has failed again and again; it is left alone for a while`;
    return new Problem("CIRCUIT_OPEN", text, { retryAfterMs: entered.waitMs });
  }

  responded(status: number, headers: readonly string[]): void {
    if (status < 500) this.#circuit.succeeded(this.#ticket);
    else this.#circuit.failed(this.#ticket, performance.now(), retryAfterMs(headers, Date.now()));
  }

  failed(kind: FailureKind): void {
    if (!others.has(kind)) this.#circuit.failed(this.#ticket, performance.now());
  }

  /** Nothing more is heard of the call; a verdict that was given stays. */
  ended(): void {
    this.#circuit.abandoned(this.#ticket, performance.now());
  }
}
