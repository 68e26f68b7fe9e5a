import { writeFileSync } from "node:fs";
import path from "node:path";
import type { CompassConnection } from "@application-connector/crds";
import type { SeenRequest } from "@application-connector/kube-api-emulator";
import type { KubeApiCalls } from "./kube-api-process.ts";
import { startOther } from "./other-process.ts";
import type { Running } from "./processes.ts";
import { startAgent } from "./subjects.ts";
import type { UclCalls } from "./ucl-process.ts";

const namespaces = ["kyma-system", "istio-system"];
const name = "formation";
const connection = {
  apiVersion: "compass.kyma-project.io/v1alpha1",
  kind: "CompassConnection",
  name: "compass-connection",
};

/** An agent, and a formation of so many applications that it has not been told of yet. */
export interface Formation extends Running {
  readonly applications: number;
  readonly metricsUrl: string;
  /** How many requests UCL has had. */
  asked(): Promise<number>;
  /** When UCL was last asked for a page of applications, in milliseconds since 1970. */
  lastPage(): Promise<number>;
  /** Requests for Applications and their Secrets since `forgetRequests`. */
  requests(): Promise<SeenRequest[]>;
  forgetRequests(): Promise<void>;
  /** Lets it pair; resolves when the connection is there and the first round begins. */
  pair(): Promise<void>;
  /** Asks for a round and waits until it has ended well. */
  resync(): Promise<void>;
  synchronized(): Promise<void>;
  /** Gives one application another API in UCL. The path under which the gateway is to find it. */
  change(targetURL: string): Promise<string>;
  readonly kubeconfigFile: string;
}

interface Applications {
  readonly data: readonly {
    readonly name: string;
    readonly bundles: { readonly data: readonly { readonly id: string; readonly name: string }[] };
  }[];
}

/** Each application has two bundles of three APIs, both with credentials. UCL and the API server have processes of their own. */
export async function startFormation(folder: string, applications: number): Promise<Formation> {
  const other = (file: string): string => path.join(import.meta.dirname, file);
  const { calls: cluster, stop: stopCluster } = startOther<KubeApiCalls>(other("kube-api-process.ts"));
  const { calls: ucl, stop: stopUcl } = startOther<UclCalls>(other("ucl-process.ts"));
  for (const each of namespaces) {
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: each } });
  }
  const { connectorURL, tenant, serverCa } = await ucl.about();
  const [runtime] = (await ucl.seed({ runtimes: [{ name: "runtime", formations: [name] }] })).runtimes;
  const files = {
    kubeconfig: path.join(folder, `agent-${applications}.kubeconfig`),
    uclCa: path.join(folder, `ucl-${applications}.crt`),
  };
  writeFileSync(files.kubeconfig, await cluster.kubeconfig());
  writeFileSync(files.uclCa, serverCa);
  const agent = await startAgent(String(applications), files);
  const found = async () => (await cluster.get(connection)) as CompassConnection | undefined;
  const state = async () => (await found())?.status?.connectionState;
  const reaches = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const until = performance.now() + 8 * 60_000;
    while (!(await isSo())) {
      if (performance.now() > until) throw new Error(`${applications} applications: not ${what} in eight minutes`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  let changes = 0;
  return {
    ...agent,
    applications,
    kubeconfigFile: files.kubeconfig,
    async change(targetURL) {
      const api = `added-${++changes}`;
      const { result } = await ucl.administrator(
        "{ result: applications(first: 1) { data { name bundles(first: 1) { data { id name } } } } }",
        {},
      );
      const [application] = (result as Applications).data;
      const [bundle] = application?.bundles.data ?? [];
      await ucl.administrator(
        "mutation ($id: ID!, $in: APIDefinitionInput!) { addAPIDefinitionToBundle(bundleID: $id, in: $in) { id } }",
        { id: bundle?.id, in: { name: api, targetURL } },
      );
      return `/mp-${application?.name}/${bundle?.name}/${api}`;
    },
    asked: ucl.asked,
    lastPage: ucl.lastPage,
    requests: cluster.requests,
    forgetRequests: cluster.forgetRequests,
    async pair() {
      await ucl.seed({ applications: { count: applications, formations: [name], bundles: 2, apis: 3, auth: "basic" } });
      const { result } = await ucl.administrator(
        "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
        { id: runtime?.id },
      );
      const fields = {
        CONNECTOR_URL: connectorURL,
        TOKEN: (result as { token: string }).token,
        RUNTIME_ID: runtime?.id ?? "",
        TENANT: tenant,
      };
      const data = Object.fromEntries(
        Object.entries(fields).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
      );
      const metadata = { name: "compass-agent-configuration", namespace: "kyma-system" };
      await cluster.create({ apiVersion: "v1", kind: "Secret", metadata, data });
      await reaches("connected", async () => !["ConnectionFailed", undefined].includes(await state()));
    },
    synchronized: () => reaches("synchronized", async () => (await state()) === "Synchronized"),
    async resync() {
      await cluster.patch(connection, { spec: { resyncNow: true } });
      await reaches("synchronized anew", async () => (await found())?.spec.resyncNow !== true);
    },
    async stop() {
      await agent.stop();
      await Promise.all([stopCluster(), stopUcl()]);
    },
  };
}
