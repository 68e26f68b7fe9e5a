import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { call } from "./http.ts";
import { running } from "./program.ts";
import { echoOf, headersOf, useWorld } from "./world.ts";

// Forward proxies, by annotation and by environment.

const world = useWorld({ proxyTimeoutMs: 2_000 });

test("https-proxy leads calls of a target with TLS through a tunnel, and its token calls too", async () => {
  const proxy = await startProxy();
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const credentials = { type: "OAuth", secretName, authenticationUrl: world.idp.tlsTokenUrl ?? "" };
  const trust = { "ca-secret": world.secret({ ca: world.authority.certificate }) };
  const entry = { targetUrl: world.target.tlsUrl ?? "", credentials };
  const app = world.api(entry, {}, { ...trust, "https-proxy": proxy.url });
  const direct = world.api(entry, {}, { ...trust, "https-proxy": "none" });
  await world.settled();
  const seen = echoOf(await world.call(`/${app}/s/x`));
  expect(headersOf(seen, "authorization")[0]).toMatch(/^Bearer /);
  expect(proxy.tunnels.sort()).toEqual(
    [world.idp.tlsTokenUrl ?? "", world.target.tlsUrl ?? ""].map((url) => new URL(url).host).sort(),
  );
  expect((await world.call(`/${direct}/s/x`)).status).toBe(200);
  expect(proxy.tunnels.length).toBe(2);
});

test("https-proxy is asked in every call for a target without TLS", async () => {
  const proxy = await startProxy(({ method, url }, response) => void response.end(`${method} ${url}`));
  const app = world.api({ targetUrl: "http://target.invalid:81/base?q=1" }, {}, { "https-proxy": proxy.url });
  await world.settled();
  const answer = await world.call(`/${app}/s/x`);
  expect(answer.body.toString()).toBe("GET http://target.invalid:81/base/x?q=1");
});

test.each([
  ["that refuses", ({ url }: Proxied) => url],
  ["that is not there", () => "http://127.0.0.1:1"],
])("a proxy %s is 502", async (_, urlOf) => {
  const proxy = await startProxy(undefined, 403);
  const app = world.api({ targetUrl: "https://target.invalid" }, {}, { "https-proxy": urlOf(proxy) });
  await world.settled();
  expect((await world.call(`/${app}/s/x`)).status).toBe(502);
});

test("HTTP_PROXY and NO_PROXY are honoured, for tokens too", async () => {
  const asked: string[] = [];
  const proxy = await startProxy(({ url = "", headers }, response) => {
    asked.push(`${headers["proxy-authorization"]} ${url}`);
    response.end(url.includes("token") ? '{"access_token":"t","expires_in":60}' : headers.authorization);
  });
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const credentials = { type: "OAuth", secretName, authenticationUrl: "http://idp.invalid/token" };
  const app = world.api({ targetUrl: "http://target.invalid", credentials });
  const excluded = world.api({ targetUrl: "http://excluded.invalid" });
  const local = world.api();
  await world.settled();
  const url = proxy.url.replace("//", "//user:hidden@");
  const gateway = await running(
    world.kubeconfig,
    `--httpProxy=${url}`,
    "--noProxy=excluded.invalid",
    "--logLevel=debug",
  );
  const get = (name: string) => call(gateway.ports.proxy, `/${name}/s/x`);
  expect((await get(app)).body.toString()).toBe("Bearer t");
  const authorization = `Basic ${Buffer.from("user:hidden").toString("base64")}`;
  expect(asked).toEqual([`${authorization} http://idp.invalid/token`, `${authorization} http://target.invalid/x`]);
  expect((await get(excluded)).status).toBe(502);
  expect((await get(local)).status).toBe(200);
  expect(asked.length).toBe(2);
  expect(gateway.output()).not.toContain("hidden");
}, 30_000);

interface Proxied {
  readonly url: string;
  /** Where tunnels were asked to. */
  readonly tunnels: string[];
}

/** A proxy that opens tunnels to this machine, or refuses them, and answers requests itself. */
async function startProxy(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end(),
  refusal?: number,
): Promise<Proxied> {
  const tunnels: string[] = [];
  const server = createServer(answer);
  server.on("connect", ({ url = "" }, socket, head) => {
    tunnels.push(url);
    socket.on("error", () => undefined);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels };
}
