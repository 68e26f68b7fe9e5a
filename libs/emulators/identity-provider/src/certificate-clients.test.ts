import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { createAuthority, type Issued } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { startIdentityProvider } from "./index.ts";

const authority = createAuthority({ subject: "CN=Test CA" });
const form = "client_id=shop&grant_type=client_credentials";

test("a certificate in the client's name stands for the secret", async () => {
  const provider = await start();
  const { status, body } = await post(provider.mtlsTokenUrl, form, issue("CN=shop,O=Org"));
  expect(status).toBe(200);
  expect(provider.isValid(String(body["access_token"]))).toBe(true);
  expect(provider.requests[0]).toMatchObject({ tls: true, clientSubject: "CN=shop,O=Org", clientCommonName: "shop" });
});

test("a client may be registered with another common name", async () => {
  const provider = await start();
  provider.register({ id: "shop", commonName: "shop-certificate" });
  expect((await post(provider.mtlsTokenUrl, form, issue("CN=shop-certificate"))).status).toBe(200);
  expect((await post(provider.mtlsTokenUrl, form, issue("CN=shop"))).status).toBe(401);
});

test.each(["CN=other", "CN=other,CN=shop", "O=shop"])("a certificate of %s does not", async (subject) => {
  const provider = await start();
  expect((await post(provider.mtlsTokenUrl, form, issue(subject))).status).toBe(401);
});

test("a foreign, an expired and no certificate fail in the handshake", async () => {
  const provider = await start();
  const foreign = createAuthority({ subject: "CN=Other CA" }).issue({ subject: "CN=shop", usage: ["client"] });
  const expired = authority.issue({
    subject: "CN=shop",
    usage: ["client"],
    notBefore: new Date(Date.now() - 172_800_000),
    notAfter: new Date(Date.now() - 86_400_000),
  });
  for (const pair of [foreign, expired, undefined]) {
    await expect(post(provider.mtlsTokenUrl, form, pair)).rejects.toThrow();
  }
  expect(provider.requests).toEqual([]);
});

test("over TLS without certificate the secret is asked for", async () => {
  const provider = await start();
  provider.register({ id: "shop", secret: "s" });
  expect((await post(provider.tlsTokenUrl, form)).status).toBe(401);
  expect((await post(provider.tlsTokenUrl, `${form}&client_secret=s`)).status).toBe(200);
});

test("breaks TLS connections when told", async () => {
  const provider = await start();
  provider.fail("reset", 1);
  await expect(post(provider.tlsTokenUrl, form)).rejects.toThrow();
});

test("a port that is taken leaves no listener behind", async () => {
  const first = await start();
  const taken = Number(new URL(first.mtlsTokenUrl ?? "").port);
  const port = await freePort();
  await expect(startIdentityProvider({ authority, port, mtlsPort: taken })).rejects.toThrow("EADDRINUSE");
  const second = await startIdentityProvider({ port });
  await second.stop();
});

async function freePort(): Promise<number> {
  const provider = await startIdentityProvider();
  await provider.stop();
  return provider.port;
}

async function start() {
  const provider = await startIdentityProvider({ authority, clients: [{ id: "shop" }] });
  onTestFinished(() => provider.stop());
  return provider;
}

function issue(subject: string): Issued {
  return authority.issue({ subject, usage: ["client"] });
}

async function post(url: string | undefined, body: string, pair?: Issued) {
  const message = request(url ?? "", {
    method: "POST",
    agent: false,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    ca: authority.certificate,
    cert: pair?.certificate,
    key: pair?.key,
  });
  message.end(body);
  const [response] = (await once(message, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> };
}
