import { checkConfig, schema, start } from "@application-connector/runtime-agent";
import { loadConfig } from "@application-connector/service";
import { quickTimes } from "./quick-times.ts";
import { makeShortKey } from "./short-key.ts";

// The agent in a process of its own, for tests that kill it; with keys that take less time to make.
const agent = await start(loadConfig(schema, [], process.env, checkConfig), undefined, {
  makeKey: makeShortKey,
  ...quickTimes,
});
process.stdout.write(`${JSON.stringify(agent.ports)}\n`);
process.once("SIGTERM", async () => {
  await agent.stop();
  process.exit(0);
});
