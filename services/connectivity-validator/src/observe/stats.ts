import { Distribution, durationBounds } from "@application-connector/service";
import type { InvalidReason } from "../cloudevents/invalid-event.ts";
import type { RejectionReason } from "../identity/identity.ts";
import type { Route } from "../path/route.ts";
import { ApplicationStats } from "./application-stats.ts";

/** In bytes. */
const sizeBounds = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

/** What is counted over all Applications. */
export class Stats {
  /** Of requests that name no Application there is: names that callers made up are no labels. */
  readonly nameless = new ApplicationStats();
  readonly durations: Record<Route, Distribution> = {
    v1: new Distribution(durationBounds),
    v2: new Distribution(durationBounds),
    events: new Distribution(durationBounds),
  };
  readonly eventing = new Map<number, Distribution>();
  readonly requestBytes = new Distribution(sizeBounds);
  readonly rejections = new Map<RejectionReason, number>();
  readonly invalidEvents = new Map<InvalidReason, number>();

  rejected(reason: RejectionReason): void {
    increment(this.rejections, reason);
  }

  invalid(reason: InvalidReason): void {
    increment(this.invalidEvents, reason);
  }

  eventingAnswered(code: number, seconds: number): void {
    let distribution = this.eventing.get(code);
    if (distribution === undefined) {
      distribution = new Distribution(durationBounds);
      this.eventing.set(code, distribution);
    }
    distribution.observe(seconds);
  }
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
