import type { Director, RuntimeLabels } from "@application-connector/ucl";

/** Tells UCL the URLs of this runtime where it has others. The first that cannot be set ends it. */
export async function reportRuntimeLabels(
  director: Director,
  known: RuntimeLabels,
  urls: { readonly events: string; readonly console: string },
  signal: AbortSignal,
): Promise<void> {
  const wanted = { runtime_eventServiceUrl: urls.events, runtime_consoleUrl: urls.console };
  for (const [key, value] of Object.entries(wanted)) {
    if (known[key] !== value) await director.setLabel(key, value, signal);
  }
}
