import type { TextMapPropagator, Tracer } from "@opentelemetry/api";
import type { Service } from "../service.ts";
import { readTracingSettings } from "./tracing-settings.ts";

/** How a program traces; there is one only when an exporter is configured. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Absent when the context of callers is not to be continued (`OTEL_PROPAGATORS`). */
  readonly propagator: TextMapPropagator | undefined;
}

/** How often at most it is said that spans can't be exported. */
const tellEveryMs = 60_000;
/** What is left to export when the program stops gets so long. */
const lastExportMs = 3_000;

/**
 * Starts to export spans if OpenTelemetry's standard variables ask for it; else nothing is loaded and nothing costs. To
 * be called before what makes spans is started, so that it is stopped after it.
 */
export async function startTracing(
  service: Service,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Tracing | undefined> {
  const { settings, mistakes } = readTracingSettings(env);
  for (const mistake of mistakes) service.log.warn({ mistake }, "a variable of OpenTelemetry has no effect");
  if (settings === undefined) return undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const onFailure = (error: Error): void => {
    if (performance.now() - toldAt < tellEveryMs) return;
    toldAt = performance.now();
    const code = "code" in error ? error.code : undefined;
    service.log.warn({ code, error: error.message }, "spans could not be exported");
  };
  try {
    const { startSdk } = await import("./sdk.ts");
    const { tracer, propagator, shutdown } = startSdk(service.name, settings, onFailure);
    await service.use({ stop: (deadline) => within(lastExportMs, deadline, shutdown()) }, "tracing");
    service.log.info({ protocol: settings.protocol, sampler: settings.sampler }, "tracing");
    return { tracer, propagator };
  } catch (err) {
    // Such as an endpoint that is no URL. A program serves without traces rather than not at all.
    service.log.error({ err }, "tracing could not be started");
    return undefined;
  }
}

/** Waits for the work, but no longer than so long and not beyond the deadline. What it fails with was told already. */
async function within(ms: number, deadline: AbortSignal, work: Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  if (deadline.aborted) over.resolve();
  deadline.addEventListener("abort", () => over.resolve(), { once: true });
  await Promise.race([work.catch(() => undefined), over.promise]);
  clearTimeout(timer);
}
