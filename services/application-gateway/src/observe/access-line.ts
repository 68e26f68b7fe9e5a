import type { Outcome } from "@application-connector/forward";
import type { Labels } from "./entry-stats.ts";
import type { Observation } from "./observation.ts";
import { shownTarget } from "./shown-target.ts";

/** The names and values of an API as they stand in a line, made once. */
const labelTexts = new WeakMap<Labels, string>();

/**
 * The line of one request, joined by hand: with the names of the fields known it costs a fraction of a walk over an object.
 * Never a query, a header or a body.
 */
export function accessLine(seen: Observation, outcome: Outcome): string {
  const { exchange, problem } = seen;
  const error = problem?.reason ?? outcome.failure?.kind;
  return (
    `{"level":"info","time":"${new Date().toISOString()}","msg":"request"` +
    `,"requestId":${JSON.stringify(seen.requestId)}` +
    (seen.trace === undefined ? "" : `,"traceId":"${seen.trace.traceId}"`) +
    `,"method":${JSON.stringify(exchange.method)},"path":${JSON.stringify(shownTarget(exchange.url))}` +
    `,"client":${JSON.stringify(exchange.remoteAddress)}${labelText(seen.labels)}` +
    `,"status":${outcome.status},"origin":"${problem === undefined ? "target" : "gateway"}"` +
    (outcome.targetStatus === undefined ? "" : `,"targetStatus":${outcome.targetStatus}`) +
    `,"requestBytes":${outcome.requestBytes},"responseBytes":${outcome.responseBytes},"complete":${outcome.complete}` +
    `,"durationMs":${ms(seen.durationMs)},"configMs":${ms(seen.configMs)},"authMs":${ms(seen.authMs)}` +
    `,"targetMs":${ms(seen.targetMs)},"retried":${outcome.tries > 1}` +
    (error === undefined ? "}" : `,"error":"${error}"}`)
  );
}

function labelText(labels: Labels): string {
  let text = labelTexts.get(labels);
  if (text === undefined) {
    const { application, service, entry } = labels;
    text = `,"application":${JSON.stringify(application)},"service":${JSON.stringify(service)},"entry":${JSON.stringify(entry)}`;
    labelTexts.set(labels, text);
  }
  return text;
}

/** To microseconds. */
function ms(duration: number): number {
  return Math.round(duration * 1000) / 1000;
}
