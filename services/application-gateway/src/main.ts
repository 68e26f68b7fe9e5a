import { runProgram } from "@application-connector/service";
import { checkConfig, schema } from "./config.ts";
import { logOptions, start } from "./start.ts";

await runProgram({
  name: "application-gateway",
  description: "adds credentials to calls of workloads and forwards them to external systems",
  schema,
  check: checkConfig,
  start,
  workers: {
    count: ({ workers }) => workers,
    log: logOptions,
    readyPaths: ["/readyz", "/v1/ready"],
    stopMs: ({ drainDelayMs, shutdownTimeoutMs }) => drainDelayMs + shutdownTimeoutMs,
  },
});
