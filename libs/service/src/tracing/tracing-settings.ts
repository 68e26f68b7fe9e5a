/** What OpenTelemetry's standard variables ask for, as far as spans are concerned. */
export interface TracingSettings {
  /** Where spans go; undefined for the exporter's default. */
  readonly url: string | undefined;
  readonly protocol: "http/protobuf" | "http/json";
  readonly sampler: SamplerName;
  /** Share of traces that are sampled, from 0 to 1, for the samplers by ratio. */
  readonly ratio: number;
  readonly serviceName: string | undefined;
  readonly propagates: boolean;
  readonly batch: {
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
  };
}

const samplers = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

export type SamplerName = (typeof samplers)[number];

export interface TracingReading {
  /** Absent: nothing is traced. */
  readonly settings?: TracingSettings;
  /** Variables that have no effect, and why. */
  readonly mistakes: readonly string[];
}

/**
 * Reads `OTEL_*` as the OpenTelemetry specification defines them. Spans are exported when an OTLP endpoint is named or
 * `OTEL_TRACES_EXPORTER` is `otlp`; nothing that is wrong in here keeps a program from starting.
 */
export function readTracingSettings(env: NodeJS.ProcessEnv): TracingReading {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  if (given("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return { mistakes: [] };

  const base = given("OTEL_EXPORTER_OTLP_ENDPOINT");
  const endpoint = given("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? (base && `${base.replace(/\/$/, "")}/v1/traces`);
  const exporters = words(given("OTEL_TRACES_EXPORTER"));
  if (exporters.includes("none") || (exporters.length === 0 && endpoint === undefined)) return { mistakes: [] };
  const mistakes = exporters
    .filter((name) => name !== "otlp")
    .map((name) => `OTEL_TRACES_EXPORTER: '${name}' is not known here; use otlp`);
  if (exporters.length > 0 && !exporters.includes("otlp")) return { mistakes };

  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) {
    mistakes.push("OTEL_EXPORTER_OTLP_ENDPOINT: is no http or https URL, nothing is traced");
    return { mistakes };
  }
  const protocol =
    given("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? given("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/protobuf";
  if (protocol !== "http/protobuf" && protocol !== "http/json") {
    mistakes.push(
      `OTEL_EXPORTER_OTLP_PROTOCOL: '${protocol}' is not known here, nothing is traced; use http/protobuf or http/json, ` +
        "which collectors take on port 4318",
    );
    return { mistakes };
  }
  const propagators = words(given("OTEL_PROPAGATORS") ?? "tracecontext,baggage");
  for (const name of propagators) {
    // Baggage needs nobody's help: it is a header like any other.
    if (["tracecontext", "baggage", "none"].includes(name)) continue;
    mistakes.push(`OTEL_PROPAGATORS: '${name}' is not known here; its headers are passed on as they are`);
  }

  const sampler = given("OTEL_TRACES_SAMPLER") ?? "parentbased_always_on";
  const isKnown = (samplers as readonly string[]).includes(sampler);
  if (!isKnown) mistakes.push(`OTEL_TRACES_SAMPLER: '${sampler}' is not known here; parentbased_always_on is used`);
  const number = (name: string, otherwise: number, min: number, max = Number.MAX_SAFE_INTEGER): number => {
    const text = given(name);
    const value = text === undefined ? otherwise : Number(text);
    if (value >= min && value <= max) return value;
    mistakes.push(`${name}: must be a number${max === 1 ? " from 0 to 1" : `, at least ${min}`}; ${otherwise} is used`);
    return otherwise;
  };
  const maxQueueSize = number("OTEL_BSP_MAX_QUEUE_SIZE", 2048, 1);
  return {
    settings: {
      url: endpoint,
      protocol,
      sampler: isKnown ? (sampler as SamplerName) : "parentbased_always_on",
      ratio: number("OTEL_TRACES_SAMPLER_ARG", 1, 0, 1),
      serviceName: given("OTEL_SERVICE_NAME"),
      propagates: propagators.includes("tracecontext"),
      batch: {
        maxQueueSize,
        maxExportBatchSize: Math.min(number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, 1), maxQueueSize),
        scheduledDelayMillis: number("OTEL_BSP_SCHEDULE_DELAY", 5_000, 0),
        exportTimeoutMillis: number("OTEL_BSP_EXPORT_TIMEOUT", 30_000, 1),
      },
    },
    mistakes,
  };
}

function words(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
}
