import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createSecureServer, type Http2ServerRequest, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { useWorld } from "./world.ts";

const world = useWorld();

test("a target that wants HTTP/2 is called with it: credential, path, body, and again with a new token", async () => {
  const target = await http2Target();
  world.idp.register({ id: "of-http2", secret: "s" });
  const credentials = {
    type: "OAuth",
    secretName: world.secret({ clientId: "of-http2", clientSecret: "s" }),
    authenticationUrl: world.idp.tokenUrl,
  };
  const app = world.api({ targetUrl: `${target.url}/base`, credentials }, { skipVerify: true, encodeUrl: false });
  await world.settled();
  const body = "x".repeat(300_000);
  const answer = await world.call(`/${app}/s/a%2Fb?c=%20`, { method: "PUT", body });
  expect(answer).toMatchObject({ status: 200, complete: true });
  expect(answer.body.toString()).toBe("2.0 PUT /base/a%2Fb?c=%20 300000");
  expect(target.authorizations.length).toBe(2);
  expect(new Set(target.authorizations).size).toBe(2);
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.call(`/${app}/s/x`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(target.sessions.length).toBe(1);
});

test("a signature holds over HTTP/2, where the host is said otherwise", async () => {
  const hmacKey = "a-shared-key-over-http2";
  const { url, requests } = await http2Target();
  const credentials = { type: "HmacSignature", secretName: world.secret({ hmacKey, keyId: "k" }) };
  const app = world.api({ targetUrl: url, credentials }, { skipVerify: true, encodeUrl: false });
  await world.settled();
  await world.call(`/${app}/s/a%2Fb?c=%20`, { method: "PUT", body: "hello", headers: ["Content-Type", "text/plain"] });
  const [seen] = requests;
  expect(seen?.httpVersion).toBe("2.0");
  const input = String(seen?.headers["signature-input"]).replace(/^sig1=/, "");
  const base = [
    '"@method": PUT',
    `"@authority": ${seen?.headers[":authority"]}`,
    '"@path": /a%2Fb',
    '"@query": ?c=%20',
    '"content-type": text/plain',
    `"content-digest": sha-256=:${createHash("sha256").update("hello").digest("base64")}:`,
    `"@signature-params": ${input}`,
  ].join("\n");
  const signature = createHmac("sha256", hmacKey).update(base).digest("base64");
  expect(seen?.headers["signature"]).toBe(`sig1=:${signature}:`);
});

test("http2: false is for a target that should not have it", async () => {
  const target = await http2Target();
  const app = world.api({ targetUrl: target.url }, { skipVerify: true }, { http2: "false" });
  const usual = world.api({ targetUrl: target.url }, { skipVerify: true });
  await world.settled();
  expect((await world.call(`/${usual}/s/x`)).body.toString()).toMatch(/^2\.0 /);
  expect((await world.call(`/${app}/s/x`)).body.toString()).toMatch(/^1\.1 /);
});

test("max-concurrent-calls counts calls that share a connection, too", async () => {
  const target = await http2Target();
  const annotations = { "max-concurrent-calls": "2", "max-queued-calls": "0" };
  const app = world.api({ targetUrl: target.url }, { skipVerify: true }, annotations);
  await world.settled();
  await world.call(`/${app}/s/x`);
  const answers = await Promise.all(Array.from({ length: 6 }, () => world.call(`/${app}/s/slow`)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBe(2);
  expect(statuses.filter((status) => status === 429).length).toBe(4);
});

/** Refuses the first request, and takes its time for `/slow`. */
async function http2Target() {
  const { certificate: cert, key } = world.authority.issue({ subject: "CN=h2", usage: ["server"], keyType: "ec" });
  const sessions: ServerHttp2Session[] = [];
  const authorizations: (string | undefined)[] = [];
  const requests: Http2ServerRequest[] = [];
  const server = createSecureServer({ cert, key, allowHTTP1: true }, async (request, response) => {
    requests.push(request);
    authorizations.push(request.headers.authorization);
    const isFirst = authorizations.length === 1;
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    if (request.url === "/slow") await delay(500);
    response.writeHead(isFirst ? 401 : 200);
    response.end(`${request.httpVersion} ${request.method} ${request.url} ${bytes}`);
  });
  server.on("session", (session) => sessions.push(session));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, sessions, authorizations, requests };
}
