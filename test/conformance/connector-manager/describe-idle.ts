import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Manager, readyWorld, until, type World } from "./world.ts";

/** What a manager asks of the API server in a cluster in which nothing happens: nothing. */
export function describeIdle(quietMs: number): void {
  test(
    `CM-44 in ${quietMs / 1000} quiet seconds nothing is written but the Lease, and nothing read but by watches`,
    async () => {
      const world = await readyWorld(undefined, { audit: true });
      await world.first.stop();
      const manager = await world.manager({ leaderElect: true });
      const ready = async () => /acm_reconcile_total\{result="success"\} [1-9]/.test(await metricsOf(manager));
      await until(ready);
      // What the start brings about has an end.
      let before = await callsOf(manager);
      await until(async () => {
        const last = before;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        before = await callsOf(manager);
        return JSON.stringify(last) === JSON.stringify(before);
      });
      const asked = requestsOf(world).length;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      expect(await callsOf(manager)).toEqual(before);
      expect(requestsOf(world).slice(asked)).toEqual([]);
      expect((await world.connector())?.["status"].state).toBe("Ready");
    },
    quietMs + 60_000,
  );
}

/** What the server wrote down of the manager, without what idling is allowed to ask. */
function requestsOf({ server: { auditLog } }: World): string[] {
  if (auditLog === undefined) return [];
  const lines = readFileSync(auditLog, "utf8").split("\n");
  return lines.slice(0, -1).flatMap((line) => {
    const { userAgent, verb, requestURI, objectRef } = JSON.parse(line);
    const isAllowed = verb === "watch" || objectRef?.resource === "leases";
    return userAgent === "application-connector" && !isAllowed ? [`${verb} ${requestURI}`] : [];
  });
}

async function metricsOf(manager: Manager): Promise<string> {
  return (await fetch(`http://127.0.0.1:${manager.ports.metrics}/metrics`)).text();
}

/** Counts of calls by verb and resource, without those that idling is allowed to make. */
async function callsOf(manager: Manager): Promise<Record<string, number>> {
  const lines = (await metricsOf(manager)).split("\n").filter((line) => line.startsWith("k8s_client_requests_total"));
  const counted = lines.filter((line) => !/verb="watch"|resource="leases"/.test(line));
  return Object.fromEntries(counted.map((line) => [line.replace(/ \d+$/, ""), Number(/(\d+)$/.exec(line)?.[1])]));
}
