import { describe, expect, test } from "vitest";
import { readTracingSettings } from "./tracing-settings.ts";

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };

describe("nothing is traced", () => {
  test.each([
    ["without variables", {}],
    ["when they are empty", { OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_TRACES_EXPORTER: " " }],
    ["when OpenTelemetry is switched off", { ...endpoint, OTEL_SDK_DISABLED: "TRUE" }],
    ["when there is an endpoint for others, and none for traces", { ...endpoint, OTEL_TRACES_EXPORTER: "none" }],
    ["for an endpoint of metrics", { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://collector:4318" }],
  ])("%s", (_, env) => {
    expect(readTracingSettings(env)).toEqual({ mistakes: [] });
  });

  test.each([
    ["gRPC", { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, /^OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' .* 4318$/],
    ["an endpoint that is no URL", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, /no http or https URL/],
    ["another exporter", { OTEL_TRACES_EXPORTER: "zipkin" }, /^OTEL_TRACES_EXPORTER: 'zipkin' .*otlp$/],
  ])("with %s, and it is said what to do", (_, env, told) => {
    expect(readTracingSettings(env)).toEqual({ mistakes: [expect.stringMatching(told)] });
  });
});

describe("spans are exported", () => {
  test.each([
    ["to an endpoint", endpoint, "http://collector:4318/v1/traces"],
    [
      "to an endpoint for traces",
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector/own" },
      "http://collector/own",
    ],
    ["to the default endpoint when asked", { OTEL_TRACES_EXPORTER: "otlp" }, undefined],
  ])("%s, by the defaults of the specification", (_, env, url) => {
    expect(readTracingSettings(env)).toEqual({
      settings: {
        url,
        protocol: "http/protobuf",
        sampler: "parentbased_always_on",
        ratio: 1,
        serviceName: undefined,
        propagates: true,
        batch: {
          maxQueueSize: 2048,
          maxExportBatchSize: 512,
          scheduledDelayMillis: 5000,
          exportTimeoutMillis: 30000,
        },
      },
      mistakes: [],
    });
  });

  test("as the variables say", () => {
    const env = {
      ...endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
      OTEL_SERVICE_NAME: "gw",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.25",
      OTEL_PROPAGATORS: "baggage",
      OTEL_BSP_MAX_QUEUE_SIZE: "100",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    };
    expect(readTracingSettings(env)).toEqual({
      settings: {
        url: "http://collector:4318/v1/traces",
        protocol: "http/json",
        sampler: "parentbased_traceidratio",
        ratio: 0.25,
        serviceName: "gw",
        propagates: false,
        batch: { maxQueueSize: 100, maxExportBatchSize: 100, scheduledDelayMillis: 50, exportTimeoutMillis: 30_000 },
      },
      mistakes: [],
    });
  });

  test("by the defaults where a variable makes no sense, which is said", () => {
    const env = {
      ...endpoint,
      OTEL_TRACES_SAMPLER: "sometimes",
      OTEL_TRACES_SAMPLER_ARG: "2",
      OTEL_PROPAGATORS: "b3,tracecontext",
      OTEL_BSP_MAX_QUEUE_SIZE: "many",
    };
    const { settings, mistakes } = readTracingSettings(env);
    expect(settings).toMatchObject({ sampler: "parentbased_always_on", ratio: 1, propagates: true });
    expect(settings?.batch.maxQueueSize).toBe(2048);
    expect(mistakes.map((mistake) => mistake.split(":", 1)[0])).toEqual([
      "OTEL_PROPAGATORS",
      "OTEL_TRACES_SAMPLER",
      "OTEL_BSP_MAX_QUEUE_SIZE",
      "OTEL_TRACES_SAMPLER_ARG",
    ]);
  });
});
