export type { Administrator } from "./admin/administrator.ts";
export type { Controls } from "./admin/controls.ts";
export type { NewSystem } from "./admin/formation-editor.ts";
export type { Seed, SeedApplications, SeedAuth, Seeded, SeedRuntime } from "./admin/seed.ts";
export type { FaultAction, FaultMatch, FaultRule, PageFault, Route } from "./faults/faults.ts";
export type { JournalEntry } from "./http/journal.ts";
export { defaultTenant, startUcl, type Ucl, type UclOptions } from "./ucl.ts";
export type { Settings, Urls } from "./world.ts";
