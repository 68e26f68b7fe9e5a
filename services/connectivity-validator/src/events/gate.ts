import type { RawHeaders } from "@application-connector/forward";
import type { InboundApplication } from "../applications/application.ts";
import { readBinary } from "../cloudevents/binary.ts";
import { InvalidEvent } from "../cloudevents/invalid-event.ts";
import { readMode } from "../cloudevents/mode.ts";
import { readStructured } from "../cloudevents/structured.ts";
import { fullType, readLegacyEvent } from "../legacy/legacy-event.ts";
import type { Route } from "../path/route.ts";
import { hasEventPolicy } from "../policy/event-policy.ts";
import { eventingRefuses, invalidEvent, type Refusal, refusals } from "../proxy/refusal.ts";
import { clearBatch } from "./batch.ts";
import { asItCame, type Cleared, clear, withSource } from "./cleared.ts";

/** What is looked for in events. `warn` counts what is wrong with them, and lets them pass. */
export type Validation = "off" | "warn" | "enforce";

export interface GateSettings {
  readonly validation: Validation;
  /** Whoever takes responsibility for events must be able to read them: what is none is refused, whatever else is set. */
  readonly mustRead: boolean;
  /** Begin of the event types of the old, prefixed kind. */
  readonly typePrefix: string;
  /** Told of every event that is none. */
  readonly onInvalid: (error: InvalidEvent) => void;
}

export type Reading = "structured" | "batched" | "legacy";
/** What the head of a request says: it may pass, it may not, or the body decides. */
export type HeadVerdict = Cleared | { readonly refusal: Refusal } | { readonly reads: Reading };
export type BodyVerdict = Cleared | { readonly refusal: Refusal } | { readonly events: readonly Cleared[] };

interface Sender {
  readonly application: InboundApplication;
  readonly route: Route;
}

/** Looks into the head of a POST. */
export function checkHead({ application, route }: Sender, headers: RawHeaders, settings: GateSettings): HeadVerdict {
  if (route === "v1") {
    const isRead = settings.mustRead || application.settings.allowedTypes !== undefined;
    return isRead ? { reads: "legacy" } : asItCame;
  }
  const validation = validationFor(application, settings);
  if (validation === "off") return asItCame;
  return guarded(validation, settings, () => {
    const mode = readMode(headers);
    if (mode.mode !== "binary") return { reads: mode.mode };
    const context = readBinary(headers, mode.contentType);
    return clear(application, context, settings.typePrefix, (source) => (source === undefined ? {} : { source }));
  });
}

/** Looks into the body, if {@link checkHead} has asked for it. */
export function checkBody({ application }: Sender, reads: Reading, body: Buffer, settings: GateSettings): BodyVerdict {
  if (reads === "legacy") return checkLegacy(application, body);
  return guarded(validationFor(application, settings), settings, () => {
    if (reads === "batched") return clearBatch(application, body, settings.typePrefix);
    const event = readStructured(body);
    return clear(application, event.context, settings.typePrefix, (source) => ({
      withoutEventHeaders: true,
      ...(source === undefined ? {} : { body: withSource(body, event, source) }),
    }));
  });
}

/** A rule about events needs events that can be read. */
function validationFor(application: InboundApplication, { validation, mustRead }: GateSettings): Validation {
  return mustRead || hasEventPolicy(application) ? "enforce" : validation;
}

function guarded<T>(validation: Validation, { onInvalid }: GateSettings, check: () => T) {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    onInvalid(error);
    return validation === "enforce" ? { refusal: invalidEvent(error) } : asItCame;
  }
}

function checkLegacy({ settings }: InboundApplication, body: Buffer): BodyVerdict {
  const event = readLegacyEvent(body);
  if ("status" in event) return { refusal: eventingRefuses(event) };
  const type = fullType(event);
  const isAllowed = settings.allowedTypes?.some((pattern) => pattern(type)) ?? true;
  return isAllowed ? asItCame : { refusal: refusals.typeNotAllowed };
}
