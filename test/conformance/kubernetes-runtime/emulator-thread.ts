import { parentPort } from "node:worker_threads";
import { startKubeApi } from "@application-connector/kube-api-emulator";

/** Runs the emulator in a thread of its own, so that its memory is not taken for that of its client. */
const api = await startKubeApi();
const { url, ca, adminToken } = api;
parentPort?.postMessage({ url, ca, adminToken, kubeconfig: api.kubeconfig() } satisfies EmulatorThread);
parentPort?.once("message", () => void api.stop().then(() => parentPort?.close()));

export interface EmulatorThread {
  url: string;
  ca: string;
  adminToken: string;
  kubeconfig: string;
}
