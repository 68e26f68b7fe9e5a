import type { InboundApplication } from "../applications/application.ts";
import { type Refusal, rateLimited, refusals } from "../proxy/refusal.ts";

type Sender = Pick<InboundApplication, "load">;

/** Lets requests in as long as there is room for them, in all and for each Application. */
export interface Admission {
  readonly inFlight: number;
  /** Undefined: it is in, and must be released once. */
  admit(application: Sender, nowMs: number): Refusal | undefined;
  release(application: Sender): void;
}

/** `maxInFlight` 0: no limit. No Application gets more than half of it, so that one cannot lock out the others. */
export function createAdmission(maxInFlight: number): Admission {
  const share = Math.ceil(maxInFlight / 2);
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    admit({ load }, nowMs) {
      if (maxInFlight > 0 && (inFlight >= maxInFlight || load.inFlight >= share)) return refusals.overloaded;
      if (load.bucket !== undefined && !load.bucket.take(nowMs)) return rateLimited(load.bucket);
      inFlight++;
      load.inFlight++;
      return undefined;
    },
    release({ load }) {
      inFlight--;
      load.inFlight--;
    },
  };
}
