import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startControlPlane } from "../cluster/control-plane.ts";
import { foreignKinds } from "./foreign-kinds.ts";
import { helm } from "./helm.ts";

const { KUBEBUILDER_ASSETS: assets = "" } = process.env;

/** Whether there are the programs of a real API server. */
export const hasApiServer = existsSync(path.join(assets, "kube-apiserver"));
if (!hasApiServer) console.log("skipped: what needs a real API server; KUBEBUILDER_ASSETS names no folder with one");

export const managerAccount = "application-connector-controller-manager";

export interface Cluster {
  /** Runs kubectl with objects on its standard input, as the administrator or as the manager. */
  kubectl(flags: readonly string[], options?: { as?: "manager"; objects?: readonly object[] }): Promise<string>;
  helm(...flags: readonly string[]): Promise<string>;
  /** The path of one with the manager's rights. */
  readonly managerKubeconfig: string;
  stop(): Promise<void>;
}

/** A real API server with the namespaces and the kinds of others that the product expects. */
export async function startCluster(): Promise<Cluster> {
  const groups = ["system:serviceaccounts", "system:serviceaccounts:kyma-system", "system:authenticated"];
  const manager = { token: "manager-token", name: `system:serviceaccount:kyma-system:${managerAccount}`, groups };
  const plane = await startControlPlane(assets, [manager]);
  const folder = await mkdtemp(path.join(tmpdir(), "chart-cluster-"));
  const admin = path.join(folder, "admin");
  const account = path.join(folder, "manager");
  await writeFile(admin, plane.kubeconfig());
  await writeFile(account, plane.kubeconfig(manager.token));

  const cluster: Cluster = {
    managerKubeconfig: account,
    kubectl: (flags, { as, objects = [] } = {}) =>
      output(
        path.join(assets, "kubectl"),
        [...flags, `--kubeconfig=${as === "manager" ? account : admin}`, `--cache-dir=${path.join(folder, "cache")}`],
        JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
      ),
    helm: (...flags) => output(helm, [...flags, `--kubeconfig=${admin}`, "--namespace=kyma-system"], ""),
    async stop() {
      await plane.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    const namespaces = ["kyma-system", "istio-system"].map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    }));
    await cluster.kubectl(["apply", "-f", "-"], { objects: [...namespaces, ...foreignKinds] });
    await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

function output(program: string, flags: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, flags, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${path.basename(program)} ${flags[0]}: ${stderr}${stdout}`));
      else resolve(stdout + stderr);
    });
    child.stdin?.end(input);
  });
}
