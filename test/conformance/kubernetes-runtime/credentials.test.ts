import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Client,
  type ClientOptions,
  createClient,
  createInformers,
  loadCluster,
  namespaces,
} from "@application-connector/kube";
import { type Authority, createAuthority } from "@application-connector/x509";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startFaultyProxy } from "./faulty-proxy.ts";
import { type ApiServer, startApiServer } from "./servers.ts";
import { until } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const authority = (): Authority => createAuthority({ subject: "CN=cluster", keyType: "ec" });
const identityOf = (ca: Authority) => ca.issue({ subject: "CN=api", usage: ["server"], ipAddresses: ["127.0.0.1"] });

/** A client whose kubeconfig names files, as the one in a Pod or of an operator's laptop does. */
async function clientWithFiles(options: ClientOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  const ca = authority();
  const proxy = await startFaultyProxy(server, identityOf(ca));
  await writeFile(join(folder, "ca.crt"), ca.certificate);
  await writeFile(join(folder, "token"), "first\n");
  await writeFile(join(folder, "kubeconfig"), kubeconfig(proxy.url, { tokenFile: "token" }));
  proxy.acceptTokens("first");
  const client = createClient(loadCluster({ kubeconfig: join(folder, "kubeconfig") }), options);
  onTestFinished(async () => {
    await client.stop();
    await proxy.stop();
    await rm(folder, { recursive: true });
  });
  return { client, proxy, write: (name: string, text: string) => writeFile(join(folder, name), text) };
}

function kubeconfig(server: string, user: object): string {
  return JSON.stringify({
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "certificate-authority": "ca.crt" } }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

const call = (client: Client, maxTries = 1): Promise<unknown> => client.list(namespaces, { limit: 1, maxTries });

test("KR-25 a token file that was rotated is read again as soon as the old token is refused", async () => {
  const { client, proxy, write } = await clientWithFiles();
  await call(client);
  await write("token", "second\n");
  proxy.acceptTokens("second");
  proxy.forget();
  await call(client);
  expect(proxy.requests).toHaveLength(2);
  await call(client);
  expect(proxy.requests).toHaveLength(3);
});

test("KR-25 one 401 is tried once more, a second one is final", async () => {
  const { client, proxy } = await clientWithFiles();
  const unauthorized = { status: 401, body: { kind: "Status", code: 401, reason: "Unauthorized" } };
  proxy.answer(() => true, unauthorized, 1);
  await call(client);
  expect(proxy.requests).toHaveLength(2);
  proxy.answer(() => true, unauthorized, 2);
  await expect(call(client)).rejects.toMatchObject({ isUnauthorized: true });
  expect(proxy.requests).toHaveLength(4);
});

test("KR-25 a CA that was rotated is trusted by new connections without a restart", async () => {
  const { client, proxy, write } = await clientWithFiles();
  await call(client);
  const next = authority();
  await write("ca.crt", next.certificate);
  proxy.setIdentity(identityOf(next));
  // The connection that just broke may cost one more try.
  await call(client, 2);
});

test("KR-25 a watch survives the rotation of token and CA", async () => {
  const { client, proxy, write } = await clientWithFiles();
  const informers = createInformers(client);
  onTestFinished(() => informers.stop());
  const informer = informers.informer(namespaces);
  await until("it watches", () => informer.state === "Watching");
  const next = authority();
  await write("ca.crt", next.certificate);
  await write("token", "second");
  proxy.acceptTokens("second");
  proxy.setIdentity(identityOf(next));
  await until("the loss is noticed", () => informer.state !== "Watching");
  await until("it watches again", () => informer.state === "Watching");
});

test("a server with a certificate of somebody else is refused", async () => {
  const { client, proxy } = await clientWithFiles();
  proxy.setIdentity(identityOf(authority()));
  await expect(call(client)).rejects.toMatchObject({ reason: "Tls", status: 0 });
  expect(proxy.requests).toHaveLength(0);
});

test.each([
  { how: "token", user: { token: "first" } },
  {
    how: "exec plugin",
    user: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: process.execPath,
        args: ["-e", `console.log(JSON.stringify({ status: { token: "first" } }))`],
        interactiveMode: "Never",
      },
    },
  },
])("credentials come from a kubeconfig's $how", async ({ user }) => {
  const { proxy } = await clientWithFiles();
  const text = kubeconfig(proxy.url, user).replace(
    '"certificate-authority":"ca.crt"',
    '"insecure-skip-tls-verify":true',
  );
  const client = createClient(loadCluster({ kubeconfigText: text }));
  onTestFinished(() => client.stop());
  await call(client);
  expect(proxy.requests[0]?.authorization).toBe("Bearer first");
});
