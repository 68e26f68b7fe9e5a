/**
 * One comparison: what a client does on one connection, and what the target says to each request that arrives there. All
 * of it is data, so that it can be printed, cut down and played again. Bytes are latin1 text, one character each.
 */
export interface Exchange {
  /** The lane's kind of target: with TLS or without. */
  readonly tls: boolean;
  readonly steps: readonly Step[];
  /** Methods of the well-formed requests among the bytes, as far as they are known: to tell where responses end. */
  readonly methods: readonly string[];
  /** For the requests in the order in which they arrive at the target; after the last, the ordinary one. */
  readonly replies: readonly Reply[];
}

export type Step = Send | Await | { readonly kind: "end" } | Leave;

export interface Send {
  readonly kind: "send";
  readonly text: string;
  /** Places before which the bytes are cut, so that they leave in packets of their own. */
  readonly cuts: readonly number[];
}

/** Waits, but not for what does not come: silence ends each wait. */
export interface Await {
  readonly kind: "await";
  /** `answers`: as many final responses as `count`. `continue`: an interim response. `silence`: nobody says anything. */
  readonly event: "answers" | "continue" | "silence";
  readonly count: number;
}

/** The client goes without an end: by an orderly close of both sides, or by a reset. */
export interface Leave {
  readonly kind: "leave";
  readonly how: "close" | "reset";
}

/** What the target does for one request. */
export interface Reply {
  /** By the head alone, or when the request is whole. */
  readonly after: "head" | "request";
  /** Written one by one, with a moment between them. */
  readonly parts: readonly string[];
  readonly ending: "keep" | "end" | "reset";
}

/** Stands in all bytes for the name of the Application, which differs from lane to lane and has the same length. */
export const placeholder = "LANE##";

/** What could be seen of one play from outside. */
export interface Observation {
  /** What the client received, message by message. */
  readonly client: readonly string[];
  /** What became of its connection. */
  readonly after: "open" | "closed" | "reset" | "silent" | "left";
  /** The target's connections in the order in which they came. */
  readonly target: readonly TargetConnectionSeen[];
}

export interface TargetConnectionSeen {
  /** What arrived, message by message. */
  readonly received: readonly string[];
  /** What the gateway did with the connection, before the target closed what was left. */
  readonly after: "kept" | "ended";
}
