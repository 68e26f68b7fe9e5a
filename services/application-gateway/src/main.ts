import { runProgram } from "@application-connector/service";
import { checkConfig, schema } from "./config.ts";
import { start } from "./start.ts";

await runProgram({
  name: "application-gateway",
  description: "adds credentials to calls of workloads and forwards them to external systems",
  schema,
  check: checkConfig,
  start,
});
