import type { LogLevel } from "../log/log-level.ts";
import type { Family } from "../metrics/families.ts";

/** A request to an API that all workers have. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: Uint8Array;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Uint8Array;
  /** In place of a body: metrics, which are joined with those of the other workers. */
  readonly families?: Family[];
  /** Of the worker, after a request that may have changed it. */
  readonly logLevel?: LogLevel;
}

/** What the first process tells a worker. */
export type ToWorker =
  | { kind: "opened"; api: number; port: number }
  | { kind: "refused"; api: number; code: string; message: string }
  | { kind: "request"; id: number; api: number; request: ApiRequest }
  | { kind: "log-level"; level: LogLevel }
  /** To be answered at once, in whatever state it is. */
  | { kind: "ping" }
  | { kind: "stop" };

/** What a worker tells the first process. */
export type FromWorker =
  /** It has an API, the n-th, for this port. */
  | { kind: "api"; api: number; port: number; host: string | undefined }
  | { kind: "answer"; id: number; answer: ApiAnswer }
  | { kind: "pong" }
  /** It is composed; whether it is ready is another question. */
  | { kind: "started" };
