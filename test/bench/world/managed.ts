import { writeFileSync } from "node:fs";
import path from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { bundle, type Subject, startManager } from "./subjects.ts";

/** A manager that has installed everything into a cluster of its own. */
export interface Managed extends Subject {
  /** From the start of the process until it wrote the first object. */
  readonly firstApplyMs: number;
}

/** @param applications how many the users of the cluster have written */
export async function startManaged(folder: string, name: string, applications: number): Promise<Managed> {
  const api = await startKubeApi({ crds: customResourceDefinitions });
  for (const namespace of ["kyma-system", "istio-system"]) {
    api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  }
  for (let index = 0; index < applications; index++) {
    api.create({
      apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
      kind: "Application",
      metadata: { name: `application-${index}` },
      spec: { description: "as large as many are: ".repeat(100) },
    });
  }
  api.create({
    apiVersion: "operator.kyma-project.io/v1alpha1",
    kind: "ApplicationConnector",
    metadata: { name: "default", namespace: "kyma-system" },
    spec: { domainName: "bench.example", ingress: { mode: "None" } },
  });
  const kubeconfig = path.join(folder, `${name}.kubeconfig`);
  writeFileSync(kubeconfig, api.kubeconfig());
  await bundle("connector-manager");
  const startedAt = performance.now();
  const [manager, firstApplyMs] = await Promise.all([
    startManager(name, kubeconfig),
    until(() => api.requests.list().some(isInstalling)).then(() => performance.now() - startedAt),
  ]);
  await until(() => api.list({ apiVersion: "apps/v1", kind: "Deployment" }).length === 3);
  return {
    ...manager,
    firstApplyMs,
    async stop() {
      await manager.stop();
      await api.stop();
    },
  };
}

/** The list of what it installs is written first. */
const isInstalling = ({ method, resource }: { method: string; resource: string }): boolean =>
  method === "PATCH" && resource === "configmaps";

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`the manager did not do within a minute: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
