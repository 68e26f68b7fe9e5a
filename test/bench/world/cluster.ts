import { writeFileSync } from "node:fs";
import path from "node:path";
import { applications, customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { application, routes } from "./routes.ts";
import type { Target } from "./target.ts";

const credential = { username: "bench", password: "benchmark" };
export const authorization = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString("base64")}`;
export const oauthClient = { id: "bench", secret: "benchmark" };
const namespace = "kyma-system";
const apiVersion = `${applications.group}/${applications.version}`;

export interface Cluster extends KubeApi {
  readonly kubeconfigFile: string;
}

export interface ClusterOptions {
  /** Token endpoint of the service `oauth`. */
  readonly tokenUrl?: string;
  /** So many Applications of three services each, beside the one that is called. */
  readonly others?: number;
}

interface Api {
  readonly name: string;
  readonly targetUrl: string;
  readonly credentials?: object;
}

/** An emulated API server with the Application that every proxy serves. */
export async function startCluster(
  folder: string,
  name: string,
  target: Target,
  { tokenUrl, others = 0 }: ClusterOptions = {},
): Promise<Cluster> {
  const api = await startKubeApi({ crds: customResourceDefinitions });
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const basic = { type: "Basic", secretName: "bench" };
  await api.apply(secret("bench", credential));
  await api.apply(secret("oauth", { clientId: oauthClient.id, clientSecret: oauthClient.secret }));
  const apis: Api[] = routes(target).map(({ path, origin }) => ({
    name: path.slice(application.length + 2),
    targetUrl: origin,
    credentials: basic,
  }));
  apis.push({ name: "open", targetUrl: target.origin });
  if (tokenUrl !== undefined) {
    const credentials = { type: "OAuth", secretName: "oauth", authenticationUrl: tokenUrl };
    apis.push({ name: "oauth", targetUrl: target.origin, credentials });
  }
  await api.apply(resource(application, apis));
  for (let index = 0; index < others; index++) {
    const services = ["one", "two", "three"].map((name) => ({
      name,
      targetUrl: `https://api-${index}.example.com/${name}`,
      credentials: basic,
    }));
    await api.apply(resource(`other-${index}`, services));
  }
  const kubeconfigFile = path.join(folder, `${name}.kubeconfig`);
  writeFileSync(kubeconfigFile, api.kubeconfig());
  // Not a spread: the getters must stay getters.
  return Object.defineProperty(api, "kubeconfigFile", { value: kubeconfigFile }) as unknown as Cluster;
}

function secret(name: string, values: Readonly<Record<string, string>>) {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data };
}

function resource(name: string, apis: readonly Api[]) {
  const services = apis.map(({ name, targetUrl, credentials }) => ({
    id: name,
    name,
    displayName: name,
    description: "",
    identifier: "",
    providerDisplayName: "",
    entries: [{ type: "API", name, targetUrl, ...(credentials === undefined ? {} : { credentials }) }],
  }));
  return {
    apiVersion,
    kind: applications.kind,
    metadata: { name },
    spec: { description: "benchmark", skipVerify: false, services },
  };
}
