import { runProgram } from "@application-connector/service";
import { schema } from "./config.ts";
import { readyBlock, start } from "./start.ts";

await runProgram({
  name: "playground",
  description: "The whole product on this machine, with everything it talks to, and no cluster.",
  schema,
  async start(config) {
    const playground = await start(config);
    process.stdout.write(readyBlock(playground.surroundings));
    return playground;
  },
});
