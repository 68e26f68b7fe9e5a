import type { ServerResponse } from "node:http";
import { type EventFilter, type EventStore, matches } from "./event-store.ts";
import { renderEvent } from "./page.ts";

const keepAliveMs = 15_000;
const maxUnsentBytes = 1_048_576;

/** Server-sent events: each stored event as the row the page shows, so that there is one place that escapes. */
export function eventStream(response: ServerResponse, store: EventStore, filter: EventFilter): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": connected\n\n");
  const unsubscribe = store.subscribe((event) => {
    if (!matches(event, filter)) return;
    // A reader that does not read must not hold the events in our memory; it comes back by itself and sees the page.
    if (response.writableLength > maxUnsentBytes) response.destroy();
    else
      response.write(
        `id: ${event.sequence}\nevent: stored\ndata: ${JSON.stringify({ stored: store.stored, html: renderEvent(event) })}\n\n`,
      );
  });
  const keepAlive = setInterval(() => response.write(": still here\n\n"), keepAliveMs);
  response.once("close", () => {
    unsubscribe();
    clearInterval(keepAlive);
  });
}
