import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createClient, createInformers, loadCluster, namespaces } from "@application-connector/kube";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());
afterEach(() => {
  delete process.env["HTTPS_PROXY"];
  delete process.env["NO_PROXY"];
});

/** A proxy of the kind companies have at their border: tunnels through CONNECT. */
async function startTunnel() {
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const proxy = createServer((_, response) => void response.writeHead(405).end());
  proxy.on("connect", ({ url = "" }: IncomingMessage, client: Socket) => {
    tunnels++;
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(target).pipe(client);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get tunnels() {
      return tunnels;
    },
  };
}

function clientFrom(kubeconfigText: string) {
  const client = createClient(loadCluster({ kubeconfigText }));
  const informers = createInformers(client);
  onTestFinished(async () => {
    await informers.stop();
    await client.stop();
  });
  return { client, informers };
}

/** A kubeconfig that names only what it must, in JSON, which is YAML too. */
function kubeconfig(cluster: object): string {
  const data = Buffer.from(server.ca).toString("base64");
  return JSON.stringify({
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server: server.url, "certificate-authority-data": data, ...cluster } }],
    users: [{ name: "test", user: { token: server.adminToken } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

test("calls and watches go through the proxy of the kubeconfig", async () => {
  const tunnel = await startTunnel();
  const { client, informers } = clientFrom(kubeconfig({ "proxy-url": tunnel.url }));
  await client.get(namespaces, { name: "default" });
  await informers.informer(namespaces).waitForSync();
  expect(tunnel.tunnels).toBe(2);
});

test("calls go through the proxy of the environment, unless the server is excepted", async () => {
  const tunnel = await startTunnel();
  process.env["HTTPS_PROXY"] = tunnel.url;
  await clientFrom(kubeconfig({})).client.get(namespaces, { name: "default" });
  expect(tunnel.tunnels).toBe(1);
  process.env["NO_PROXY"] = "127.0.0.1";
  await clientFrom(kubeconfig({})).client.get(namespaces, { name: "default" });
  expect(tunnel.tunnels).toBe(1);
});
