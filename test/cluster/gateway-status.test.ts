import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { start } from "@application-connector/application-gateway";
import { type Application, applications, customResourceDefinitions } from "@application-connector/crds";
import {
  type Client,
  createClient,
  customResourceDefinitionsResource,
  events,
  type KubeObject,
  loadCluster,
  namespaces,
  type Resource,
  secrets,
  serviceAccounts,
} from "@application-connector/kube";
import { expect, inject, onTestFinished, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { call } from "../conformance/application-gateway/http.ts";
import { configFor, until } from "../conformance/application-gateway/world.ts";
import { kubeconfigOf } from "./control-plane.ts";

const name = "gateway-status";
const namespace = "kyma-system";
const quiet = { reportStatus: true, logLevel: "fatal" } as const;
const example = path.resolve(import.meta.dirname, "../../docs/examples/application-gateway-rbac.yaml");

test("the rights of the guide are enough at a real API server, which is told what is wrong once", async () => {
  const { client, connectAs } = await connect();
  await prepare(client);
  await client.create(applications, { ...broken, metadata: { name } });
  const kubeconfig = await connectAs(await tokenOf(client, "central-application-gateway"));
  const gateway = await start(configFor(kubeconfig, { ...quiet, diagnosis: "kubernetes" }));
  onTestFinished(() => gateway.stop());
  await gateway.synced;
  const current = (): Promise<Application> => client.get(applications, { name });
  const condition = async (type: string) => (await current()).status?.conditions?.find((one) => one.type === type);

  await until(async () => (await condition("Ready"))?.status === "False", 20_000);
  expect(await condition("CredentialsReady")).toMatchObject({ status: "False", reason: "SecretNotFound" });
  const told = async () => {
    const { items } = await client.list(events, { namespace: "default" });
    return items.filter(({ regarding }) => regarding?.name === name);
  };
  await until(async () => (await told()).length > 0, 20_000);
  expect(await told()).toMatchObject([{ type: "Warning", reason: "SecretNotFound" }]);

  const { resourceVersion } = (await current()).metadata;
  await client.create(secrets, {
    metadata: { name: "other-secret", namespace },
    data: { a: Buffer.from("b").toString("base64") },
  });
  const replica = await start(configFor(kubeconfig, quiet));
  onTestFinished(() => replica.stop());
  await replica.synced;
  // What a replica would write it has written when it has written about another one.
  await client.create(applications, { ...broken, metadata: { name: `${name}-marker` } });
  const marker = async () => (await client.get(applications, { name: `${name}-marker` })).status?.conditions;
  await until(async () => (await marker()) !== undefined, 20_000);
  expect((await current()).metadata.resourceVersion).toBe(resourceVersion);
  expect((await told()).length).toBe(1);

  await client.create(secrets, {
    metadata: { name: "late", namespace },
    data: { username: Buffer.from("u").toString("base64"), password: Buffer.from("p").toString("base64") },
  });
  await until(async () => (await condition("Ready"))?.status === "True", 20_000);

  const ask = (token: string) =>
    call(gateway.ports.externalApi, "/v1/apis", { headers: ["Authorization", `Bearer ${token}`] });
  expect((await ask(inject("controlPlane").adminToken)).status).toBe(200);
  expect((await ask(await tokenOf(client, "default"))).status).toBe(403);
  expect((await ask("nobody-s.token.at-all")).status).toBe(401);
}, 180_000);

const broken = {
  apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
  kind: "Application",
  spec: {
    description: "",
    services: [
      {
        id: "1",
        name: "s",
        displayName: "s",
        description: "",
        providerDisplayName: "",
        entries: [{ type: "API", targetUrl: "http://127.0.0.1:1", credentials: { type: "Basic", secretName: "late" } }],
      },
    ],
  },
} satisfies Omit<Application, "metadata">;

async function connect() {
  const folder = await mkdtemp(path.join(tmpdir(), "gateway-status-"));
  const { url, ca, adminToken } = inject("controlPlane");
  const connectAs = async (token: string): Promise<string> => {
    const file = path.join(folder, `config-${Math.random().toString(36).slice(2)}`);
    await writeFile(file, kubeconfigOf(url, ca, token));
    return file;
  };
  const client = createClient(loadCluster({ kubeconfig: await connectAs(adminToken) }));
  onTestFinished(async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { client, connectAs };
}

/** Definitions, namespace and rights. Other suites of the run may have made some of them already. */
async function prepare(client: Client): Promise<void> {
  const existing = (error: unknown) => expect(error).toMatchObject({ status: 409 });
  for (const crd of customResourceDefinitions) {
    await client.create(customResourceDefinitionsResource, crd as never).catch(existing);
  }
  await client.create(namespaces, { metadata: { name: namespace } }).catch(existing);
  await until(async () => client.list(applications).then(Boolean, () => false), 30_000);
  for (const document of parseAllDocuments(readFileSync(example, "utf8"))) {
    const object = document.toJS() as KubeObject;
    await client.apply(resourceOf(object), object, { fieldManager: "test", force: true });
  }
}

function resourceOf({ apiVersion = "", kind = "" }: KubeObject): Resource<KubeObject> {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const namespaced = !kind.startsWith("Cluster");
  return { group, version, plural: `${kind.toLowerCase()}s`, kind, namespaced };
}

async function tokenOf(client: Client, account: string): Promise<string> {
  await client
    .create(serviceAccounts, { metadata: { name: account, namespace } })
    .catch((error: unknown) => expect(error).toMatchObject({ status: 409 }));
  const { body } = await client.send<{ status: { token: string } }>({
    verb: "create",
    method: "POST",
    resource: serviceAccounts,
    target: { namespace, name: account, subresource: "token" },
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } },
  });
  return body.status.token;
}
