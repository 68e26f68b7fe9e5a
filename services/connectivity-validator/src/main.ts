import { runProgram } from "@application-connector/service";
import { checkConfig, schema } from "./config.ts";
import { fatalLine } from "./observe/log-shape.ts";
import { logOptions, start } from "./start.ts";

await runProgram({
  name: "connectivity-validator",
  description: "lets external systems post events for their Application only, and forwards them to Eventing",
  schema,
  check: checkConfig,
  start,
  workers: {
    count: ({ workers }) => workers,
    log: logOptions,
    readyPaths: ["/readyz"],
    stopMs: ({ drainDelayMs, shutdownTimeoutMs }) => drainDelayMs + shutdownTimeoutMs,
  },
  reportMistakes: (mistakes) => {
    for (const mistake of mistakes) process.stderr.write(fatalLine(`Failed to validate options: ${mistake}`));
  },
});
