import { KubeError } from "../transport/kube-error.ts";

/** How a list or a watch came to its end. */
export interface Outcome {
  during: "list" | "watch";
  /** Absent: the server ended the watch as planned. */
  error?: unknown;
  /** How long the watch was open, 0 when it was refused. */
  livedMs: number;
}

/** What the informer does next. */
export interface Reaction {
  next: "list" | "watch";
  pace: "at once" | "probe" | "backoff" | "degraded";
  /** Waits at least this long, because the server asked for it. */
  atLeastMs?: number;
  /** Label of the metrics. */
  cause: string;
  /** A relist must not be served from the server's cache, which is behind what we know. */
  consistent?: boolean;
}

const steadyMs = 1_000;

/** The table of the contract's section 5.3, without any waiting or doing. */
export function react({ during, error, livedMs }: Outcome): Reaction {
  if (error === undefined) {
    return livedMs >= steadyMs
      ? { next: "watch", pace: "at once", cause: "closed" }
      : { next: "watch", pace: "backoff", cause: "closed early" };
  }
  if (!(error instanceof KubeError)) return { next: during, pace: "backoff", cause: "internal" };
  if (error.isGone || (error.isResourceVersionTooLarge && during === "watch")) {
    // Relisting right away, unless even the list is answered like that.
    const pace = during === "watch" ? "at once" : "backoff";
    return { next: "list", pace, cause: error.isGone ? "gone" : "future version", consistent: true };
  }
  if (error.isNotFound) return { next: "list", pace: "degraded", cause: "not found" };
  if (error.isForbidden) return { next: during, pace: "degraded", cause: "forbidden" };
  if (error.status === 0) {
    const isAbsent = error.reason === "Unreachable";
    // Silence is no failure of the server: where bookmarks are rare, it is all that a kind without changes has to say.
    const broke = ["ConnectionLost", "Silent"].includes(error.reason) && livedMs >= steadyMs;
    const cause = error.reason.toLowerCase();
    return { next: during, pace: isAbsent || broke ? "probe" : "backoff", cause };
  }
  const atLeastMs = error.retryAfterMs === undefined ? {} : { atLeastMs: error.retryAfterMs };
  return { next: during, pace: "backoff", cause: String(error.status), ...atLeastMs };
}
