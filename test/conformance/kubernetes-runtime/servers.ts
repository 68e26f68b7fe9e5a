import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createAuthority } from "@application-connector/x509";
import { inject } from "vitest";
import { type ControlPlaneOptions, kubeconfigOf, startControlPlane } from "../../cluster/control-plane.ts";
import type { EmulatorThread } from "./emulator-thread.ts";

export interface KnownUser {
  token: string;
  name: string;
}

/** A user without any right until a test grants one, on the servers that are started for the tests. */
export const limitedUser: KnownUser = { token: "limited-token", name: "limited" };

/** An API server the suites of this folder run against. */
export interface ApiServer {
  readonly kind: "emulator" | "kube-apiserver";
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly adminToken: string;
  /** Somebody without any right until a test grants one. */
  readonly limitedUser: KnownUser;
  /** Whether Deployments come to life and what is orphaned is collected, as controllers see to it. */
  readonly hasControllers?: boolean;
  /** A file with every request as JSON in a line, where one was asked for of a real server. */
  readonly auditLog?: string | undefined;
  kubeconfig(token?: string): string;
  stop(): Promise<void>;
}

/** A server nobody else uses, which may be killed. */
export interface OwnApiServer extends ApiServer {
  /** Every connection breaks; the data stays. */
  kill(): Promise<void>;
  /** Back on the same port with the same data. */
  start(): Promise<void>;
  /** The same server with a store that begins anew, as when it is restored from a backup of its first hour. */
  startAnew(): Promise<void>;
}

/** What the set-up of the cluster tests hands to the suites. */
export interface SharedControlPlane {
  url: string;
  ca: string;
  adminToken: string;
  limitedUser: KnownUser;
}

declare module "vitest" {
  interface ProvidedContext {
    controlPlane: SharedControlPlane;
  }
}

/** The real API server where the run has one, otherwise an emulated one for the caller alone. */
export async function startApiServer(): Promise<ApiServer> {
  const shared = inject("controlPlane") as SharedControlPlane | undefined;
  if (!shared) return startEmulator();
  const { url, ca, adminToken } = shared;
  return {
    kind: "kube-apiserver",
    ...shared,
    kubeconfig: (token = adminToken) => kubeconfigOf(url, ca, token),
    stop: async () => {},
  };
}

/** Like {@link startApiServer}, but outside of this thread's heap. */
export async function startDistantApiServer(): Promise<ApiServer> {
  if (inject("controlPlane")) return startApiServer();
  const thread = new Worker(new URL("./emulator-thread.ts", import.meta.url));
  const [started] = (await once(thread, "message")) as [EmulatorThread];
  return {
    kind: "emulator",
    ...started,
    limitedUser,
    kubeconfig: () => started.kubeconfig,
    async stop() {
      const ended = once(thread, "exit");
      thread.postMessage("stop");
      await ended;
    },
  };
}

/** The options count for a real server only: an emulated one has no controllers but for the collection of garbage. */
export async function startOwnApiServer(options: ControlPlaneOptions = {}): Promise<OwnApiServer> {
  if (!inject("controlPlane")) return startEmulator();
  const plane = await startControlPlane(process.env["KUBEBUILDER_ASSETS"] ?? "", [limitedUser], options);
  return { kind: "kube-apiserver", limitedUser, hasControllers: options.controllers ?? false, ...plane };
}

async function startEmulator(): Promise<OwnApiServer> {
  // Not loaded where a real server does the work.
  const { startKubeApi } = await import("@application-connector/kube-api-emulator");
  const authority = createAuthority({ subject: "CN=emulated-kubernetes" });
  let api = await startKubeApi({ authority, users: [limitedUser] });
  const { url, ca, adminToken, port } = api;
  const administrator = { token: adminToken, name: "administrator", groups: ["system:masters"] };
  return {
    kind: "emulator",
    url,
    ca,
    adminToken,
    limitedUser,
    kubeconfig: (token = adminToken) => api.kubeconfig(token),
    kill: () => api.stop(),
    start: () => api.start(),
    async startAnew() {
      await api.stop();
      api = await startKubeApi({ authority, port, users: [limitedUser, administrator] });
    },
    stop: () => api.stop(),
  };
}
