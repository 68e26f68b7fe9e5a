import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { start } from "@application-connector/application-gateway";
import { type Application, applications, customResourceDefinitions } from "@application-connector/crds";
import { startExternalSystem } from "@application-connector/external-system-emulator";
import {
  type Client,
  createClient,
  customResourceDefinitionsResource,
  loadCluster,
  namespaces,
  serviceAccounts,
} from "@application-connector/kube";
import { expect, inject, onTestFinished, test } from "vitest";
import { call } from "../conformance/application-gateway/http.ts";
import { configFor, echoOf, headersOf, until } from "../conformance/application-gateway/world.ts";
import { kubeconfigOf } from "./control-plane.ts";

const audience = "application-gateway";

test("the gateway knows callers by the tokens that a real API server issues and reviews", async () => {
  const target = await startExternalSystem();
  onTestFinished(() => target.stop());
  const { client, kubeconfig } = await connect();
  // Other suites of the run may have made them already.
  const existing = (error: unknown) => expect(error).toMatchObject({ status: 409 });
  for (const crd of customResourceDefinitions) {
    await client.create(customResourceDefinitionsResource, crd as never).catch(existing);
  }
  for (const name of ["kyma-system", "shop", "billing"]) {
    await client.create(namespaces, { metadata: { name } }).catch(existing);
  }
  await until(async () => client.list(applications).then(Boolean, () => false), 30_000);
  await client.create(applications, restricted(target.url));

  const gateway = await start(configFor(kubeconfig, { callerTokenAudience: audience, logLevel: "fatal" }));
  onTestFinished(() => gateway.stop());
  await gateway.synced;
  const get = (token: string) => call(gateway.ports.proxy, "/crm/s", { headers: ["Caller-Token", token] });

  const answer = await get(await tokenOf(client, "shop", audience));
  expect(headersOf(echoOf(answer), "caller-token")).toEqual([]);
  expect((await get(await tokenOf(client, "billing", audience))).status).toBe(403);
  expect((await get(await tokenOf(client, "shop", "somebody-else"))).status).toBe(403);
  expect((await get(await tokenOf(client, "shop", "https://kubernetes.default.svc"))).status).toBe(403);
}, 180_000);

async function connect(): Promise<{ client: Client; kubeconfig: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "gateway-callers-"));
  const kubeconfig = path.join(folder, "config");
  const { url, ca, adminToken } = inject("controlPlane");
  await writeFile(kubeconfig, kubeconfigOf(url, ca, adminToken));
  const client = createClient(loadCluster({ kubeconfig }));
  onTestFinished(async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { client, kubeconfig };
}

function restricted(targetUrl: string): Application {
  const service = { id: "1", name: "s", displayName: "s", description: "", providerDisplayName: "" };
  return {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name: "crm", annotations: { "application-gateway.kyma-project.io/allowed-namespaces": "shop" } },
    spec: { description: "", services: [{ ...service, entries: [{ type: "API", targetUrl }] }] },
  } as Application;
}

/** A token as a pod has one projected. */
async function tokenOf(client: Client, namespace: string, of: string): Promise<string> {
  const name = `web-${Math.random().toString(36).slice(2)}`;
  await client.create(serviceAccounts, { metadata: { name, namespace } });
  const { body } = await client.send<{ status: { token: string } }>({
    verb: "create",
    method: "POST",
    resource: serviceAccounts,
    target: { namespace, name, subresource: "token" },
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: [of], expirationSeconds: 600 },
    },
  });
  return body.status.token;
}
