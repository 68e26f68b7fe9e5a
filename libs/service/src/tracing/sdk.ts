// Loaded only when spans are exported: nothing else of this program may import it but `tracing.ts`, and that lazily.

import { hostname } from "node:os";
import type { Tracer } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { SamplerName, TracingSettings } from "./tracing-settings.ts";

export interface Sdk {
  readonly tracer: Tracer;
  readonly propagator: W3CTraceContextPropagator | undefined;
  /** Exports what is left, and ends. */
  shutdown(): Promise<void>;
}

/** Headers, time limit, compression and certificates are read from `OTEL_EXPORTER_OTLP_*` of the process by the exporter. */
export function startSdk(name: string, settings: TracingSettings, onFailure: (error: Error) => void): Sdk {
  const isJson = settings.protocol === "http/json";
  const contentType = isJson ? "application/json" : "application/x-protobuf";
  const options = convertLegacyHttpOptions(
    settings.url === undefined ? {} : { url: settings.url },
    "TRACES",
    "v1/traces",
    { "Content-Type": contentType },
  );
  const serializer = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  const exporter = new OTLPExporterBase<ReadableSpan[]>(
    createOtlpHttpExportDelegate(options, serializer, "otlp_http_span_exporter", TraceExporterMetricsHelper, undefined),
  );
  const provider = new TracerProvider({
    sampler: samplers[settings.sampler](settings.ratio),
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": name, "service.instance.id": hostname() }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector] }))
      .merge(
        settings.serviceName === undefined ? null : resourceFromAttributes({ "service.name": settings.serviceName }),
      ),
    spanProcessors: [new BatchSpanProcessor({ exporter: telling(exporter, onFailure), ...settings.batch })],
  });
  return {
    tracer: provider.getTracer("application-connector"),
    propagator: settings.propagates ? new W3CTraceContextPropagator() : undefined,
    shutdown: () => provider.shutdown(),
  };
}

const samplers: Record<SamplerName, (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

/** The SDK tells failures to a logger of the whole process; this one tells them to whoever started it. */
function telling(exporter: SpanExporter, onFailure: (error: Error) => void): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result: ExportResult) => {
        if (result.code !== ExportResultCode.SUCCESS) onFailure(result.error ?? new Error("the export failed"));
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
