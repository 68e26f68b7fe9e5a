import { createHash } from "node:crypto";
import { escapeHtml } from "./escape-html.ts";
import type { EventFilter, StoredEvent } from "./event-store.ts";
import { script, style } from "./page-assets.ts";

const sha256 = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing but the page's own style and script runs or loads, even if some text escaped its escaping. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${sha256(style)}`,
  `script-src ${sha256(script)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export interface PageContent {
  filter: EventFilter;
  stored: number;
  /** Newest first. */
  events: readonly StoredEvent[];
}

/** The whole page, complete without script; the script only adds rows as events come in. */
export function renderPage({ filter, stored, events }: PageContent): string {
  const field = (name: "type" | "source", placeholder: string): string =>
    `<label>${name} <input name="${name}" value="${escapeHtml(filter[name] ?? "")}" placeholder="${placeholder}"></label>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Received events</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Received events</h1>
<p><strong id="stored">${stored}</strong> acknowledged <span id="live" hidden>· live</span></p>
<form>${field("type", "order.created.v1 or order.*")}${field("source", "any")}<button>Show</button></form>
</header>
<main>
<table>
<thead><tr><th scope="col">#</th><th scope="col">Time</th><th scope="col">Type</th><th scope="col">Source</th><th scope="col">Event</th></tr></thead>
<tbody id="events">
${events.map(renderEvent).join("\n")}
</tbody>
</table>
<p id="empty"${events.length > 0 ? " hidden" : ""}>No event yet. The first accepted one shows up here.</p>
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** One event as a row of the table. Everything in it comes from senders, so everything is escaped. */
export function renderEvent(stored: StoredEvent): string {
  const time = stored.receivedAt.toISOString();
  const attributes = escapeHtml(JSON.stringify({ ...stored.event }, null, 2));
  return [
    `<tr><td>${stored.sequence}</td>`,
    `<td><time datetime="${time}">${time.slice(11, 19)}</time></td>`,
    `<td><b>${escapeHtml(stored.originalType)}</b><br><small>${escapeHtml(stored.subject)}</small></td>`,
    `<td>${escapeHtml(stored.source)}<br><small>${stored.mode}</small></td>`,
    `<td><details><summary>${escapeHtml(stored.id)}</summary><pre>${attributes}</pre></details></td></tr>`,
  ].join("");
}
