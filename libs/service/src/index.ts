export type { ApiOptions, ApiTls } from "./api.ts";
export { ConfigError, HelpRequested } from "./config/config-error.ts";
export { environmentName } from "./config/environment-name.ts";
export { formatGoDuration, parseGoDuration } from "./config/go-values.ts";
export { helpText } from "./config/help.ts";
export { choice, decimal, duration, flag, integer, list, port, seconds, secret, text } from "./config/kinds.ts";
export { type ConfigCheck, loadConfig } from "./config/load-config.ts";
export type { ConfigOf, Option, Schema } from "./config/option.ts";
export { optionsTable } from "./config/options-table.ts";
export { ListenRefused, listenError, PortInUse } from "./listen-error.ts";
export { type LogLevel, logLevels, parseLogLevel, pinoLevel } from "./log/log-level.ts";
export type { LogOptions, LogShape } from "./log/logger.ts";
export { type Output, standardOutput } from "./log/standard-output.ts";
export { Distribution, durationBounds } from "./metrics/distribution.ts";
export {
  type Aggregate,
  type Collect,
  collected,
  counter,
  gauge,
  histogram,
  type Metric,
  reading,
  type Sample,
} from "./metrics/metric.ts";
export { metricsIn, metricsTable } from "./metrics/metrics-table.ts";
export { type Program, runProgram } from "./program/run-program.ts";
export type { ReadinessCheck, ReadinessReport } from "./readiness.ts";
export { type HealthPaths, healthRoutes } from "./routes/health.ts";
export { logLevelRoutes } from "./routes/log-level.ts";
export { metricsRoute } from "./routes/metrics.ts";
export { composing, createService, type Service, type ServiceOptions } from "./service.ts";
export type { Part } from "./shutdown.ts";
export { startTracing, type Tracing } from "./tracing/tracing.ts";
export { workerNumber } from "./workers/worker.ts";
