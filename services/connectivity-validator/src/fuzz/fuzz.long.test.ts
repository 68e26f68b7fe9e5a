/**
 * The parsers against their slow twins, ten minutes in all. `FUZZ_SECONDS` is the time of each test; a mistake tells its
 * seed, with which `FUZZ_SEED` repeats it.
 */
process.env["FUZZ_SECONDS"] ??= "100";
await import("./cloudevents.test.ts");
await import("./identity.test.ts");
await import("./path.test.ts");
