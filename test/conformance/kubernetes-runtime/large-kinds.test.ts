import { applications, customResourceDefinitions } from "@application-connector/crds";
import { createClient, createInformers, loadCluster } from "@application-connector/kube";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { expect, onTestFinished, test } from "vitest";
import { until } from "./world.ts";

const count = 10_000;
const bytes = 3 * 1024;
/** After this long without a first state a service gives up. */
const syncDeadlineMs = 120_000;

test(
  "10 000 Applications of 3 KiB are synced over TLS by one streaming list, with what happens meanwhile",
  async () => {
    const api = await startKubeApi({ crds: customResourceDefinitions });
    for (let index = 0; index < count; index += 1) api.create(application(index));
    const client = createClient(loadCluster({ kubeconfigText: api.kubeconfig() }));
    const informers = createInformers(client);
    onTestFinished(async () => {
      await informers.stop();
      await client.stop();
      await api.stop();
    });

    const startedAt = performance.now();
    const informer = informers.informer(applications);
    const watches = () => api.requests.list({ verb: "watch", resource: "applications" });
    await until("the list has begun", () => watches().length === 1, syncDeadlineMs);
    api.create(application(count));
    api.delete({ apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application", name: "app-7" });
    await informer.waitForSync(AbortSignal.timeout(syncDeadlineMs));
    console.log(`synced ${count} Applications in ${Math.round(performance.now() - startedAt)} ms`);

    await until("the changes arrived", () => informer.get(`app-${count}`) && !informer.get("app-7"));
    expect(informer.list()).toHaveLength(count);
    expect(watches()).toHaveLength(1);
    expect(watches()[0]?.url).toContain("sendInitialEvents=true");
  },
  syncDeadlineMs + 60_000,
);

const application = (index: number) => ({
  apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
  kind: "Application",
  metadata: { name: `app-${index}` },
  spec: { description: "x".repeat(bytes), services: [] },
});
