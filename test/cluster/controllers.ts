import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, request } from "undici";
import { type Child, end, freePorts, run } from "./processes.ts";

export interface ControllersOptions {
  /** The folder with the programs. */
  assets: string;
  /** Theirs, for files. */
  folder: string;
  url: string;
  ca: string;
  adminToken: string;
  kubeconfig: string;
  serviceAccountKey: string;
}

/**
 * What makes a cluster of an API server: Deployments get ReplicaSets and Pods, these get a node and become ready, and
 * what belonged to something that is gone goes after it. The kubelet is simulated (kwok): no container runs.
 */
export async function startControllers(options: ControllersOptions): Promise<{ stop(): Promise<void> }> {
  const { assets, folder } = options;
  const kubeconfig = join(folder, "controllers.kubeconfig");
  const schedulerConfig = join(folder, "scheduler.json");
  await writeFile(kubeconfig, options.kubeconfig);
  await writeFile(
    schedulerConfig,
    JSON.stringify({
      apiVersion: "kubescheduler.config.k8s.io/v1",
      kind: "KubeSchedulerConfiguration",
      clientConnection: { kubeconfig },
      leaderElection: { leaderElect: false },
    }),
  );
  const [kwokPort] = await freePorts(1);
  const children: Child[] = [
    run(assets, "kube-controller-manager", [
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${options.serviceAccountKey}`,
      `--root-ca-file=${join(folder, "pki", "apiserver.crt")}`,
      "--leader-elect=false",
      "--secure-port=0",
    ]),
    run(assets, "kube-scheduler", [`--config=${schedulerConfig}`, "--secure-port=0"]),
    run(assets, "kwok", [
      `--kubeconfig=${kubeconfig}`,
      `--config=${join(assets, "kwok-stages.yaml")}`,
      "--manage-all-nodes=true",
      `--server-address=127.0.0.1:${kwokPort}`,
      "--node-ip=127.0.0.1",
    ]),
  ];
  await createNode(options);
  return {
    async stop() {
      await Promise.all(children.map((child) => end(child, "SIGKILL")));
    },
  };
}

async function createNode({ url, ca, adminToken }: ControllersOptions): Promise<void> {
  const room = { cpu: "16", memory: "32Gi", pods: "110" };
  const name = "node";
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": "zone" } },
    status: { capacity: room, allocatable: room },
  };
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const { statusCode, body } = await request(`${url}/api/v1/nodes`, {
      method: "POST",
      dispatcher,
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      body: JSON.stringify(node),
    });
    const answer = await body.text();
    if (statusCode !== 201) throw new Error(`no node could be made: ${answer}`);
  } finally {
    await dispatcher.destroy();
  }
}
