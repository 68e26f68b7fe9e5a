import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { applications, compassconnections, customResourceDefinitions } from "@application-connector/crds";
import {
  type Client,
  createClient,
  customResourceDefinitionsResource,
  find,
  type KubeObject,
  loadCluster,
  namespaces,
  type Resource,
  secrets,
  serviceAccounts,
} from "@application-connector/kube";
import { checkConfig, schema, start } from "@application-connector/runtime-agent";
import { loadConfig } from "@application-connector/service";
import { startUcl, type Ucl } from "@application-connector/ucl-emulator";
import { expect, inject, onTestFinished, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { makeShortKey } from "../conformance/runtime-agent/short-key.ts";
import { base64, until } from "../conformance/runtime-agent/world.ts";
import { kubeconfigOf } from "./control-plane.ts";

const example = path.resolve(import.meta.dirname, "../../docs/examples/runtime-agent-rbac.yaml");
const connectionRef = { name: "compass-connection" };

test("RA-24 RA-25 RA-29 RA-47 RA-48 with the rights of the guide the agent pairs, mirrors, repairs, hands over and cleans up at a real API server", async () => {
  const { client, connectAs } = await connect();
  await prepare(client);
  const ucl = await startUcl();
  onTestFinished(() => ucl.stop());
  const { runtimes, applications: planted } = ucl.seed({
    runtimes: [{ name: "runtime", formations: ["f"] }],
    applications: { count: 3, name: "clustered", auth: "basic+parameters", formations: ["f"] },
  });
  const runtimeId = runtimes[0]?.id ?? "";
  const { result } = await ucl.administrator(
    "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
    { id: runtimeId },
  );
  const configuration = {
    CONNECTOR_URL: ucl.urls.connectorURL,
    TOKEN: (result as { token: string }).token,
    RUNTIME_ID: runtimeId,
    TENANT: ucl.tenant,
  };
  await client.create(secrets, {
    metadata: { name: "compass-agent-configuration", namespace: "kyma-system" },
    data: Object.fromEntries(Object.entries(configuration).map(([key, text]) => [key, base64(text)])),
  });

  const token = await tokenOf(client, "compass-runtime-agent");
  const { kubeconfig, folder } = await connectAs(token);
  const uclCaFile = path.join(folder, "ucl-ca.crt");
  await writeFile(uclCaFile, ucl.serverCa);
  const agent = async () => {
    const lines: string[] = [];
    const config = {
      ...loadConfig(schema, [], {}, checkConfig),
      kubeconfig,
      uclCaFile,
      caCertificatesSecret: "istio-system/kyma-gateway-certs-cacert",
      controllerSyncPeriodMs: 1_000,
      minimalSyncTimeMs: 200,
      metricsLoggingTimeIntervalMs: 0,
      healthPort: 0,
      metricsPort: 0,
      listenAddress: "127.0.0.1",
      leaseNamespace: "kyma-system",
    };
    const logDestination = { write: (line: string) => void lines.push(line) };
    const started = await start(config, undefined, { makeKey: makeShortKey, logDestination });
    onTestFinished(() => started.stop());
    return Object.assign(started, { lines });
  };
  const connection = () => find(client, compassconnections, connectionRef);
  const state = async () => (await connection())?.status?.connectionState;
  const mirrored = async () =>
    (await client.list(applications)).items.filter(({ metadata }) => metadata.name.startsWith("mp-clustered"));

  const first = await agent();
  await until(
    async () => (await state()) === "Synchronized",
    60_000,
    () => first.lines.slice(-5).join(""),
  );
  expect(await mirrored()).toHaveLength(3);
  expect((await connection())?.status?.conditions?.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["Connected", "CertificateValid", "Fetched", "ApplicationsApplied", "MetadataReported"]),
  );

  // An application goes, and its Secrets with it.
  await ucl.administrator(
    'mutation ($id: ID!) { unassignFormation(objectID: $id, objectType: APPLICATION, formation: { name: "f" }) { id } }',
    { id: planted[0]?.id },
  );
  await until(async () => (await mirrored()).length === 2, 30_000);

  await usersKeepWhatIsTheirs(client, ucl);
  await changesAreUndone(client);

  // Another replica takes over, without a token.
  const second = await agent();
  await first.stop();
  ucl.journal.clear();
  await until(
    () => ucl.journal.entries.some(({ operations }) => operations.includes("applicationsForRuntime")),
    30_000,
  );
  expect(ucl.journal.entries.filter(({ listener }) => listener === "token")).toEqual([]);

  // What is repaired in the other namespace needs the right to watch it by name only.
  await client.delete(secrets, { name: "kyma-gateway-certs-cacert", namespace: "istio-system" });
  const cacert = () => find(client, secrets, { name: "kyma-gateway-certs-cacert", namespace: "istio-system" });
  await until(async () => (await cacert()) !== undefined, 20_000);
  await second.stop();
  const refusals = [...first.lines, ...second.lines].filter((line) => /forbidden/i.test(line));
  expect(refusals).toEqual([]);
}, 240_000);

test("a CompassConnection without addresses is refused, and columns tell its state", async () => {
  const { client } = await connect();
  await prepare(client);
  const refused = client.create(compassconnections, {
    apiVersion: "compass.kyma-project.io/v1alpha1",
    kind: "CompassConnection",
    metadata: { name: "no-addresses" },
    spec: {},
  } as never);
  await expect(refused).rejects.toMatchObject({ status: 422 });
  const definition = await client.get(customResourceDefinitionsResource, {
    name: "compassconnections.compass.kyma-project.io",
  });
  const [version] = definition.spec.versions as unknown as { additionalPrinterColumns: { name: string }[] }[];
  expect(version?.additionalPrinterColumns.map(({ name }) => name)).toEqual(["State", "LastSync", "Age"]);
}, 60_000);

const mergePatch = { contentType: "application/merge-patch+json", fieldManager: "somebody" } as const;
const bundlesOf = "query ($id: ID!) { application(id: $id) { bundles { data { id name } } } }";
const update = "mutation ($id: ID!, $in: ApplicationUpdateInput!) { updateApplication(id: $id, in: $in) { id } }";
const updateBundle = "mutation ($id: ID!, $in: BundleUpdateInput!) { updateBundle(id: $id, in: $in) { id } }";

async function mirroredOne(client: Client) {
  const { items } = await client.list(applications);
  const found = items.find(({ metadata }) => metadata.name.startsWith("mp-clustered"));
  if (found === undefined) throw new Error("nothing is mirrored");
  return found;
}

/** Server-side apply owns the agent's fields only; credentials of another kind leave no key of the one before. */
async function usersKeepWhatIsTheirs(client: Client, ucl: Ucl): Promise<void> {
  const { metadata, spec } = await mirroredOne(client);
  const ref = { name: metadata.name };
  const theirs = { skipVerify: true, encodeUrl: true, tenant: "t" };
  const labels = { "application-type": "foo" };
  await client.patch(applications, ref, { metadata: { labels, annotations: { mine: "x" } }, spec: theirs }, mergePatch);
  const id = spec?.compassMetadata?.applicationId ?? "";
  const { application } = (await ucl.administrator(bundlesOf, { id })) as {
    application: { bundles: { data: { id: string; name: string }[] } };
  };
  const [bundle] = application.bundles.data;
  const oauth = { clientId: "c", clientSecret: "s", url: "https://tokens.example.com" };
  await ucl.administrator(update, { id, in: { description: "changed" } });
  await ucl.administrator(updateBundle, {
    id: bundle?.id,
    in: { name: bundle?.name, defaultInstanceAuth: { credential: { oauth } } },
  });
  const read = () => client.get(applications, ref);
  await until(async () => (await read()).spec?.description === "changed", 30_000);
  const after = await read();
  expect(after.metadata.uid).toBe(metadata.uid);
  expect(after.spec).toMatchObject(theirs);
  expect(after.metadata).toMatchObject({ labels, annotations: { mine: "x" } });
  const [entry] = after.spec?.services?.flatMap(({ entries }) => entries ?? []) ?? [];
  const secret = { name: entry?.credentials?.secretName ?? "", namespace: "kyma-system" };
  const keys = async () => Object.keys((await find(client, secrets, secret))?.data ?? {}).sort();
  await until(async () => (await keys()).join() === "clientId,clientSecret", 30_000);
}

/** What somebody deletes or changes is as it was, within seconds. */
async function changesAreUndone(client: Client): Promise<void> {
  const { metadata, spec } = await mirroredOne(client);
  const [entry] = spec?.services?.flatMap(({ entries }) => entries ?? []) ?? [];
  const secret = { name: entry?.credentials?.secretName ?? "", namespace: "kyma-system" };
  const before = await client.get(secrets, secret);
  await client.delete(secrets, secret);
  await client.patch(applications, { name: metadata.name }, { spec: { services: [] } }, mergePatch);
  await until(async () => {
    const [now, application] = [
      await find(client, secrets, secret),
      await client.get(applications, { name: metadata.name }),
    ];
    return now !== undefined && now.metadata.uid !== before.metadata.uid && application.spec?.services?.length !== 0;
  }, 10_000);
  expect((await client.get(secrets, secret)).data).toEqual(before.data);
  expect((await client.get(applications, { name: metadata.name })).spec?.services).toEqual(spec?.services);
}

async function connect() {
  const folder = await mkdtemp(path.join(tmpdir(), "runtime-agent-"));
  const { url, ca, adminToken } = inject("controlPlane");
  const connectAs = async (token: string): Promise<{ kubeconfig: string; folder: string }> => {
    const kubeconfig = path.join(folder, `config-${Math.random().toString(36).slice(2)}`);
    await writeFile(kubeconfig, kubeconfigOf(url, ca, token));
    return { kubeconfig, folder };
  };
  const client = createClient(loadCluster({ kubeconfig: (await connectAs(adminToken)).kubeconfig }));
  onTestFinished(async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { client, connectAs };
}

/** Definitions, namespaces and rights. Other suites of the run may have made some of them already. */
async function prepare(client: Client): Promise<void> {
  const existing = (error: unknown) => expect(error).toMatchObject({ status: 409 });
  for (const crd of customResourceDefinitions) {
    await client.create(customResourceDefinitionsResource, crd as never).catch(existing);
  }
  for (const name of ["kyma-system", "istio-system"]) {
    await client.create(namespaces, { metadata: { name } }).catch(existing);
  }
  await until(async () => client.list(compassconnections).then(Boolean, () => false), 30_000);
  await until(async () => client.list(applications).then(Boolean, () => false), 30_000);
  for (const document of parseAllDocuments(readFileSync(example, "utf8"))) {
    const object = document.toJS() as KubeObject;
    await client.apply(resourceOf(object), object, { fieldManager: "test", force: true });
  }
}

function resourceOf({ apiVersion = "", kind = "" }: KubeObject): Resource<KubeObject> {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  return { group, version, plural: `${kind.toLowerCase()}s`, kind, namespaced: !kind.startsWith("Cluster") };
}

async function tokenOf(client: Client, account: string): Promise<string> {
  const { body } = await client.send<{ status: { token: string } }>({
    verb: "create",
    method: "POST",
    resource: serviceAccounts,
    target: { namespace: "kyma-system", name: account, subresource: "token" },
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  return body.status.token;
}
