/** Loaded into a program before its own modules: at SIGUSR2 it collects garbage and tells what is left, and what it waits for. */
process.on("SIGUSR2", async () => {
  // Twice, with a turn of the loop between: finalizers of the first free what the second can collect.
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const told = { ...process.memoryUsage(), handles: process.getActiveResourcesInfo().length };
  process.stderr.write(`memory ${JSON.stringify(told)}\n`);
});
