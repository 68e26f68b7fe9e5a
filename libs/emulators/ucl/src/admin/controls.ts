import type { Authority } from "@application-connector/x509";
import type { Faults } from "../faults/faults.ts";
import type { Journal } from "../http/journal.ts";
import type { RootField } from "../http/root-fields.ts";
import type { Clock } from "../model/clock.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "../model/model.ts";
import type { Settings, Urls, World } from "../world.ts";
import type { Administrator } from "./administrator.ts";
import { plant, type Seed, type Seeded } from "./seed.ts";

/** What can be done to UCL from outside the systems that talk to it. */
export interface Controls {
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: Clock;
  /** May be changed; callers are told the new ones from then on. */
  readonly urls: Urls;
  readonly settings: Settings;
  /** Who signs clients' certificates now. */
  readonly authority: Authority;
  /** PEM of who signed the certificates of UCL's own listeners: `APP_UCL_CA_FILE`. */
  readonly serverCa: string;
  readonly administrator: Administrator;
  seed(seed: Seed): Seeded;
  /** Acts once when a page of a root field has been served, before the next one is asked for; pages count from 0. */
  betweenPages(afterPage: number, act: () => unknown, operation?: string): void;
  /** By SHA-256 of the certificate. */
  revoke(fingerprint: string): void;
  /** A new issuing authority; certificates of the old ones still count. */
  rotateAuthority(): void;
  forgetEarlierAuthorities(): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

interface Given {
  world: World;
  faults: Faults;
  journal: Journal;
  serverCa: string;
  administrator: Administrator;
}

export function createControls(given: Given): Controls & { pageServed(field: RootField): void } {
  const { world, faults, journal, serverCa, administrator } = given;
  let waiting: { page: number; operation: string; act: () => unknown }[] = [];
  return {
    faults,
    journal,
    clock: world.clock,
    urls: world.urls,
    settings: world.settings,
    get authority() {
      return world.authorities.current;
    },
    serverCa,
    administrator,
    seed: (seed) => plant(world, seed),
    betweenPages: (page, act, operation = "applicationsForRuntime") => void waiting.push({ page, operation, act }),
    pageServed({ name, pageIndex }) {
      const due = waiting.filter(({ page, operation }) => page === pageIndex && operation === name);
      waiting = waiting.filter((entry) => !due.includes(entry));
      // Resolvers answer at once, so what they change is changed before the next request is read.
      for (const { act } of due) void act();
    },
    revoke: (fingerprint) => void world.model.revoked.add(fingerprint.replaceAll(":", "").toLowerCase()),
    rotateAuthority: () => world.authorities.rotate(),
    forgetEarlierAuthorities: () => world.authorities.forgetEarlier(),
    snapshot: () => takeSnapshot(world.model),
    restore: (snapshot) => restoreSnapshot(world.model, snapshot),
  };
}
