import { runProgram } from "@application-connector/service";
import { checkConfig, schema } from "./config.ts";
import { keepHeapSmall } from "./small-heap.ts";
import { start } from "./start.ts";

keepHeapSmall();

await runProgram({
  name: "runtime-agent",
  description: "joins a cluster to the Unified Customer Landscape (UCL) and mirrors its formation",
  schema,
  check: checkConfig,
  start,
});
