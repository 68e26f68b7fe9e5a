import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createService } from "@application-connector/service";
// biome-ignore lint/correctness/noUndeclaredDependencies: only tests use this file
import { onTestFinished } from "vitest";
import type { DeliverableEvent } from "../delivery/delivery.ts";
import { Spool, type SpoolOptions } from "./spool.ts";

const { log } = createService("spool-test", { logLevel: "silent" });
export const silentLog = log;

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spool-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A spool that is closed when the test ends, if it was not before. */
export async function openSpool(folder: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const limits = { maxBytes: 64 * 1024 ** 2, maxBytesPerApplication: 16 * 1024 ** 2 };
  const spool = await Spool.open({ folder, log, lockWaitMs: 0, ...limits, ...options });
  onTestFinished(() => spool.close());
  return spool;
}

export function event(application: string, id: string, body = `{"id":"${id}"}`): DeliverableEvent {
  const headers = ["Content-Type", "application/json", "Ce-Id", id, "X-Bytes", "\xe4"];
  return { application, route: "events", path: "/publish?a=1", headers, body: Buffer.from(body), context: undefined };
}

export const idOf = ({ headers }: DeliverableEvent): string => headers[headers.indexOf("Ce-Id") + 1] as string;

/** All that waits for an Application, taken out in order. */
export async function takeAll(spool: Spool, application: string): Promise<DeliverableEvent[]> {
  const queue = [...spool.all()].find((each) => each.application === application);
  const events: DeliverableEvent[] = [];
  for (let head = await queue?.peek(); head !== undefined; head = await queue?.peek()) {
    events.push(head.stored.event);
    await queue?.advance(head);
  }
  return events;
}
