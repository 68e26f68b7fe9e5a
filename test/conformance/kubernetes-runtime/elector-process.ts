import { configMaps, createClient, createLeaderElector, loadCluster } from "@application-connector/kube";

/** What a process of its own is told to do. */
export interface ElectorTask {
  kubeconfigText: string;
  namespace: string;
  name: string;
  identity: string;
  leaseDurationMs?: number;
  renewDeadlineMs?: number;
  retryPeriodMs?: number;
  /** A ConfigMap in which the leader writes its name all the time. */
  target?: string;
}

/** A process that wants to lead: says so on its standard output, and writes as long as it does. */
const { kubeconfigText, target, ...options } = JSON.parse(process.argv[2] ?? "") as ElectorTask;
const client = createClient(loadCluster({ kubeconfigText }), { queriesPerSecond: 1_000, burst: 1_000 });
const elector = createLeaderElector(client, options);
process.on("SIGTERM", () => {
  void elector.stop().then(() => {
    console.log("stopped");
    process.exit(0);
  });
});

const leading = elector.lead();
const waiting = setInterval(() => {
  if (elector.holder === undefined) return;
  console.log("waits");
  clearInterval(waiting);
}, 10);
const leadership = await leading;
console.log("leads");
const guarded = client.guarded(leadership);
const contentType = "application/merge-patch+json";
while (target !== undefined) {
  const patch = { data: { writer: options.identity, at: String(performance.now()) } };
  try {
    await guarded.patch(configMaps, { namespace: options.namespace, name: target }, patch, { contentType });
  } catch (error) {
    if (!leadership.signal.aborted) throw error;
    console.log(`lost ${(error as Error).name}`);
    break;
  }
}
