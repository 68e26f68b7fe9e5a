import type { HeaderPairs } from "./read-cloud-event.ts";

const extensionOf = new Map([
  ["traceparent", "traceparent"],
  ["x-b3-traceid", "b3traceid"],
  ["x-b3-parentspanid", "b3parentspanid"],
  ["x-b3-spanid", "b3spanid"],
  ["x-b3-sampled", "b3sampled"],
  ["x-b3-flags", "b3flags"],
]);

/** Trace headers travel inside the stored event as extensions and become headers again on delivery. */
export function traceExtensions(headers: HeaderPairs): Record<string, string> {
  const extensions: Record<string, string> = {};
  for (const [name, value] of headers) {
    const extension = extensionOf.get(name.toLowerCase());
    if (extension !== undefined) extensions[extension] = value;
  }
  return extensions;
}
