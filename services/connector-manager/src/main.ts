import { runProgram } from "@application-connector/service";
import { checkConfig, schema } from "./config.ts";
import { start } from "./start.ts";

await runProgram({
  name: "connector-manager",
  description: "installs, upgrades, repairs and removes the Application Connector",
  schema,
  check: checkConfig,
  start,
});
