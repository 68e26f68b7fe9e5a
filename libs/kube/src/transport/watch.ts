import { KubeError } from "./kube-error.ts";
import { createLineSplitter } from "./lines.ts";
import { errorFromNetwork } from "./network-error.ts";
import { describe } from "./path.ts";
import { errorFromEvent } from "./status.ts";
import type { Call, Transport } from "./transport.ts";

/** A change as the server tells it. A bookmark carries nothing but a resourceVersion. */
export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

/** Looks into a running watch. */
export interface WatchObserver {
  /** The server accepted the watch. */
  onOpen?: (() => void) | undefined;
  /** Bytes arrived, whatever they are. */
  onBytes?: (() => void) | undefined;
}

/**
 * Reads a watch until the server ends it. Throws a `KubeError` for a refused watch, a broken connection, an ERROR event
 * (with the status inside it) and a line that is no JSON.
 */
export async function* readWatch<T>(
  transport: Transport,
  call: Call,
  observer: WatchObserver,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const what = describe("watch", call.resource, call.target);
  const scope = transport.enter([call.signal]);
  try {
    const { body } = await transport.open(call, "watch", scope.signal);
    // Breaking off destroys the body, which reports that to nobody who listens.
    body.on("error", () => {});
    observer.onOpen?.();
    const lines = createLineSplitter();
    for await (const chunk of body) {
      observer.onBytes?.();
      for (const line of lines.push(chunk as Buffer)) {
        if (line.length > 0) yield readEvent<T>(what, line);
      }
    }
    if (lines.isBroken) throw undecodable(what, "the stream ended inside a line");
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    throw error instanceof RangeError ? undecodable(what, error.message) : errorFromNetwork(what, error);
  } finally {
    scope.leave();
  }
}

function readEvent<T>(what: string, line: Buffer): WatchEvent<T> {
  let event: { type?: unknown; object?: unknown } | null;
  try {
    event = JSON.parse(line.toString("utf8"));
  } catch {
    // The parser's message quotes the line, which may be a Secret.
    throw undecodable(what, "a line of the watch is not JSON");
  }
  switch (event?.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
    case "BOOKMARK":
      return event as WatchEvent<T>;
    case "ERROR":
      throw errorFromEvent(what, event.object);
    default:
      throw undecodable(what, "a line of the watch is no event");
  }
}

const undecodable = (what: string, why: string): KubeError =>
  new KubeError(`${what}: ${why}`, { status: 0, reason: "Undecodable" });
