import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createConnector, createUclTransport } from "@application-connector/ucl";
import { startUcl } from "@application-connector/ucl-emulator";
import { expect, onTestFinished, test } from "vitest";

/** A proxy that opens tunnels, or answers that it does not. */
async function startProxy() {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = { url: "", tunnels, refuses: false };
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", ({ url = "" }, client: Socket) => {
    tunnels.push(url);
    if (proxy.refuses) return void client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const [host, port] = url.split(":");
    const target = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
    sockets.add(target);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

test("calls go through the proxy of the environment, and one that it refuses has not been sent", async () => {
  const ucl = await startUcl();
  onTestFinished(() => ucl.stop());
  const proxy = await startProxy();
  const before = { ...process.env };
  onTestFinished(() => {
    process.env = before;
  });
  for (const name of ["NO_PROXY", "no_proxy", "https_proxy"]) delete process.env[name];
  process.env["HTTPS_PROXY"] = proxy.url;
  const transport = createUclTransport({ ca: ucl.serverCa });
  onTestFinished(() => transport.stop());
  const runtime = ucl.seed({ runtimes: [{ name: "runtime" }] }).runtimes[0]?.id;
  const { result } = await ucl.administrator(
    "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
    { id: runtime },
  );
  const { token } = result as { token: string };
  const call = { url: ucl.urls.connectorURL, token, requestId: "r" };
  proxy.refuses = true;
  await expect(createConnector(transport).configuration(call)).rejects.toMatchObject({ unsent: true });
  expect(ucl.journal.total).toBe(0);
  proxy.refuses = false;
  expect(await createConnector(transport).configuration(call)).toHaveProperty("token");
  expect(new Set(proxy.tunnels)).toEqual(new Set([`localhost:${ucl.port}`]));
});
