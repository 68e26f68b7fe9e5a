import { writeFileSync } from "node:fs";
import path from "node:path";
import { type CompassConnection, customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { startUcl, type Ucl } from "@application-connector/ucl-emulator";
import type { Running } from "./processes.ts";
import { startAgent } from "./subjects.ts";

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
  readonly ucl: Ucl;
  readonly cluster: KubeApi;
  readonly metricsUrl: string;
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

/** Each application has two bundles of three APIs, both with credentials. */
export async function startFormation(folder: string, applications: number): Promise<Formation> {
  const [cluster, ucl] = await Promise.all([startKubeApi({ crds: customResourceDefinitions }), startUcl()]);
  for (const each of namespaces) cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: each } });
  const [runtime] = ucl.seed({ runtimes: [{ name: "runtime", formations: [name] }] }).runtimes;
  const files = {
    kubeconfig: path.join(folder, `agent-${applications}.kubeconfig`),
    uclCa: path.join(folder, `ucl-${applications}.crt`),
  };
  writeFileSync(files.kubeconfig, cluster.kubeconfig());
  writeFileSync(files.uclCa, ucl.serverCa);
  const agent = await startAgent(String(applications), files);
  const status = () => cluster.get<CompassConnection>(connection)?.status;
  const reaches = async (what: string, isSo: () => boolean): Promise<void> => {
    const until = performance.now() + 8 * 60_000;
    while (!isSo()) {
      if (performance.now() > until) throw new Error(`${applications} applications: not ${what} in eight minutes`);
      await new Promise((resolve) => setTimeout(resolve, 5));
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
    ucl,
    cluster,
    async pair() {
      ucl.seed({ applications: { count: applications, formations: [name], bundles: 2, apis: 3, auth: "basic" } });
      const { result } = await ucl.administrator(
        "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
        { id: runtime?.id },
      );
      const fields = {
        CONNECTOR_URL: ucl.urls.connectorURL,
        TOKEN: (result as { token: string }).token,
        RUNTIME_ID: runtime?.id ?? "",
        TENANT: ucl.tenant,
      };
      const data = Object.fromEntries(
        Object.entries(fields).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
      );
      const metadata = { name: "compass-agent-configuration", namespace: "kyma-system" };
      cluster.create({ apiVersion: "v1", kind: "Secret", metadata, data });
      await reaches("connected", () => !["ConnectionFailed", undefined].includes(status()?.connectionState));
    },
    synchronized: () => reaches("synchronized", () => status()?.connectionState === "Synchronized"),
    async resync() {
      cluster.patchObject(connection, { spec: { resyncNow: true } });
      await reaches("synchronized anew", () => cluster.get<CompassConnection>(connection)?.spec.resyncNow !== true);
    },
    async stop() {
      await agent.stop();
      await Promise.all([cluster.stop(), ucl.stop()]);
    },
  };
}
