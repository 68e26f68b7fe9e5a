import { X509Certificate } from "node:crypto";
import { certificatesIn } from "./credentials.ts";

/** Authorities before the last change, which external systems with older certificates still need. */
export interface PreviousAuthorities {
  readonly pem: string;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
}

const mostPrevious = 8;

/** What is left of earlier authorities when `next` take the place of `current`. */
export function previousAfter(
  current: string | undefined,
  next: string,
  previous: PreviousAuthorities | undefined,
  { now, overlapMs }: { now: number; overlapMs: number },
): PreviousAuthorities | undefined {
  const wanted = new Set(certificatesIn(next));
  const replaced = certificatesIn(current ?? "").filter((one) => !wanted.has(one));
  if (replaced.length === 0) return previous;
  const earlier = previous === undefined || previous.untilMs <= now ? [] : certificatesIn(previous.pem);
  const kept = [...new Set([...replaced, ...earlier])].filter((one) => !wanted.has(one)).slice(0, mostPrevious);
  return { pem: kept.join(""), untilMs: now + overlapMs };
}

/** Whom the ingress is to trust now: the authorities of today, and earlier ones until their time is over. */
export function authorityBundle(current: string, previous: PreviousAuthorities | undefined, now: number): string {
  const today = certificatesIn(current);
  const earlier = previous === undefined || previous.untilMs <= now ? [] : certificatesIn(previous.pem);
  const valid = earlier.filter((pem) => !today.includes(pem) && isValidAt(pem, now));
  return [...today, ...valid].join("");
}

/** What people may have written into an annotation must not keep today's authorities from the ingress. */
function isValidAt(pem: string, now: number): boolean {
  try {
    return new X509Certificate(pem).validToDate.getTime() > now;
  } catch {
    return false;
  }
}
