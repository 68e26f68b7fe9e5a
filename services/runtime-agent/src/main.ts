import { runProgram } from "@application-connector/service";
import { checkConfig, schema } from "./config.ts";
import { start } from "./start.ts";

await runProgram({
  name: "runtime-agent",
  description: "joins a cluster to the Unified Customer Landscape (UCL) and mirrors its formation",
  schema,
  check: checkConfig,
  start,
});
