import type { LiveApplication } from "../live/live-application.ts";

export interface Wanted {
  /** Names that applications of the snapshot have. */
  has(name: string): boolean;
}

/**
 * Applications of the cluster that nobody wants any more. One whose application is still there and only cannot be applied,
 * because its name is taken for instance, stays as it is; so does one that is paused.
 */
export function unwanted(
  live: Iterable<LiveApplication>,
  wanted: Wanted,
  unapplied: { has(id: string): boolean },
): LiveApplication[] {
  const doomed: LiveApplication[] = [];
  for (const application of live) {
    const { metadata, isManaged, isPaused, applicationId } = application;
    if (!isManaged || isPaused || metadata.deletionTimestamp !== undefined || wanted.has(metadata.name)) continue;
    if (applicationId === "" || !unapplied.has(applicationId)) doomed.push(application);
  }
  return doomed;
}

/** Whether so many deletions are more than the guard lets through. */
export function isTooMany(deletions: number, managed: number, guardPercent: number): boolean {
  return guardPercent > 0 && deletions > 0 && deletions * 100 > managed * guardPercent;
}
