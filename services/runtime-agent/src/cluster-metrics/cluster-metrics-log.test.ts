import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient, loadCluster } from "@application-connector/kube";
import { expect, onTestFinished, test } from "vitest";
import { logClusterMetrics } from "./cluster-metrics-log.ts";

interface Line {
  level: "info" | "error";
  details: { clusterInfo?: unknown; metrics?: unknown; err?: unknown };
  message: string;
  atMs: number;
}

/** An API server that knows three lists, the logger, and what it has said. */
async function world(lists: Record<string, object[] | undefined>, intervalMs: number) {
  const server = createServer(({ url = "" }, response) => {
    const items = lists[url.split("?")[0] ?? ""];
    response.writeHead(items ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(items ? { metadata: {}, items } : { kind: "Status", status: "Failure", code: 404 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(path.join(tmpdir(), "cluster-metrics-"));
  const kubeconfig = path.join(folder, "config");
  const cluster = {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    "insecure-skip-tls-verify": true,
  };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    }),
  );
  const client = createClient(loadCluster({ kubeconfig }));
  const lines: Line[] = [];
  const began = performance.now();
  const say = (level: Line["level"]) => (details: object, message: string) =>
    void lines.push({ level, details, message, atMs: performance.now() - began });
  const logger = logClusterMetrics(client, { info: say("info"), error: say("error") }, intervalMs);
  onTestFinished(async () => {
    await logger.stop();
    await client.stop();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { lines, logger };
}

const nodes = "/api/v1/nodes";
const usage = "/apis/metrics.k8s.io/v1beta1/nodes";
const volumes = "/api/v1/persistentvolumes";

test("RA-39 after each interval, and not at the begin, a line says what the cluster consists of", async () => {
  const { lines, logger } = await world({ [nodes]: [], [usage]: [], [volumes]: [] }, 1_000);
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
  expect(lines[0]).toEqual({
    level: "info",
    message: "Cluster metrics logged successfully.",
    details: { metrics: true, clusterInfo: { resources: [], usage: [], persistentVolumes: [] } },
    atMs: expect.any(Number),
  });
  expect(lines[0]?.atMs).toBeGreaterThanOrEqual(990);
  await logger.stop();
  expect(lines.at(-1)?.message).toBe("Logging stopped.");
});

test("nodes, what they use, and volumes are told in upstream's words", async () => {
  const lists = {
    [nodes]: [
      {
        metadata: { name: "a", labels: { "node.kubernetes.io/instance-type": "m5" } },
        status: { capacity: { cpu: "4", memory: "16Gi", "ephemeral-storage": "50Gi", pods: "110" } },
      },
    ],
    [usage]: [{ metadata: { name: "a" }, timestamp: "2026-01-02T03:04:05Z", usage: { cpu: "100m", memory: "1Gi" } }],
    [volumes]: [
      { metadata: { name: "v" }, spec: { capacity: { storage: "5Gi" }, claimRef: { name: "claim", namespace: "n" } } },
      { metadata: { name: "w" }, spec: { capacity: { storage: "1Gi" } } },
    ],
  };
  const { lines } = await world(lists, 10);
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  expect(lines[0]?.details.clusterInfo).toEqual({
    resources: [
      {
        nodeName: "a",
        instanceType: "m5",
        capacity: { cpu: "4", memory: "16Gi", ephemeralStorage: "50Gi", pods: "110" },
      },
    ],
    usage: [
      {
        nodeName: "a",
        startCollectingTimestamp: "2026-01-02T03:04:05Z",
        usage: { cpu: "100m", memory: "1Gi", ephemeralStorage: "0", pods: "0" },
      },
    ],
    persistentVolumes: [
      { name: "v", capacity: "5Gi", claim: { name: "claim", namespace: "n" } },
      { name: "w", capacity: "1Gi" },
    ],
  });
});

test("where one of the lists is missing there is an error instead, and the next interval tries again", async () => {
  const lists: Record<string, object[] | undefined> = { [nodes]: [], [volumes]: [] };
  const { lines } = await world(lists, 10);
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  expect(lines[0]).toMatchObject({ level: "error" });
  lists[usage] = [];
  await expect.poll(() => lines.at(-1)?.level).toBe("info");
});
