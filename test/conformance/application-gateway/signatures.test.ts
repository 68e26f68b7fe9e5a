import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { engines } from "../tested-engine.ts";
import { type CallOptions, call, open, raw, valuesOf } from "./http.ts";
import { configFor, echoOf, expectReason, headersOf, startGateway, until, useWorld } from "./world.ts";

const signedBodyBytes = 200_000;
const limits = { proxyTimeoutMs: 2_000, signedBodyBytes, signedBodyTotalBytes: 300_000 };
const world = useWorld({ ...limits, engine: "sockets" });
/** The same cluster behind the other engine. */
let node: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  node = await startGateway({ ...configFor(world.kubeconfig, limits), engine: "node" });
  await node.synced;
  return () => node.stop();
});

beforeEach(() => world.target.reset());

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const aws = { region: "eu-central-1", service: "execute-api" };

/** What opens a way into the target, and what a Secret must hold for it. */
const methods = [
  {
    type: "HmacSignature",
    guard: "/signed",
    data: { hmacKey: "a-shared-key-for-hmac", keyId: "of-hmac" },
    other: { hmacKey: "another-key-for-hmac", keyId: "of-hmac" },
    refusal: 401,
    accept: () => void world.target.signatureKeys.set("of-hmac", { secret: "a-shared-key-for-hmac" }),
  },
  {
    type: "PrivateKeySignature",
    guard: "/signed",
    data: { signingKey: rsa.privateKey, keyId: "of-rsa", digestAlgorithm: "sha-512", signatureNonce: "true" },
    other: { signingKey: rsa.privateKey, keyId: "nobody-has-it" },
    refusal: 401,
    accept: () => void world.target.signatureKeys.set("of-rsa", { publicKey: rsa.publicKey }),
  },
  {
    type: "AwsSigV4",
    guard: "/aws",
    data: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret-access-key-of-aws", ...aws },
    other: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "another-secret-access-key", ...aws },
    refusal: 403,
    accept: () => void world.target.awsKeys.set("AKIDEXAMPLE", "secret-access-key-of-aws"),
  },
];

describe.each(methods)("$type", ({ type, guard, data, other, refusal, accept }) => {
  describe.each(engines)("with the engine %s", (engine) => {
    test("signs what the target gets: path, query, headers and body, however it is sent", async () => {
      accept();
      const app = api(type, data, guard);
      await settled();
      const headers = ["Content-Type", "text/plain", "X-Amz-Meta-A", "1", "X-Amz-Meta-A", "  2  3"];
      for (const path of ["/echo", "/a%20b/(c)'?z=%7e&a=1&a=0&b", "/x?"]) {
        expect((await via(engine, `/${app}/s${path}`, { headers })).status).toBe(200);
        const seen = echoOf(await via(engine, `/${app}/s${path}`, { method: "POST", headers, body: "ü, and more" }));
        expect(seen.body.utf8).toBe("ü, and more");
      }
      const head = `PUT /${app}/s/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
      const told = await raw(portOf(engine), `${head}10000\r\n${"x".repeat(65_536)}\r\n1\r\ny\r\n0\r\n\r\n`);
      expect(told).toMatch(/^HTTP\/1.1 200 [\s\S]*"body":\{"length":65537,/);
    });

    test("signs again, with the same body, what is sent a second time", async () => {
      accept();
      const csrf = `${guard}/csrf`;
      const app = api(type, data, csrf, { csrfInfo: { tokenEndpointURL: `${world.target.url}${csrf}/token` } });
      await settled();
      const post = () => via(engine, `/${app}/s/echo`, { method: "POST", body: "the same body" });
      expect((await post()).status).toBe(200);
      world.target.expireCsrfSessions();
      expect(echoOf(await post()).body.utf8).toBe("the same body");
      const tries = world.target.requests.list({ method: "POST" });
      expect(tries.map(({ status }) => status)).toEqual([200, 403, 200]);
    });
  });

  test("is refused with another key, once, until its Secret changes", async () => {
    accept();
    const secretName = world.secret(other, `rotating-${type.toLowerCase()}`);
    const app = world.api({ targetUrl: world.target.url + guard, credentials: { type, secretName } });
    await world.settled();
    expect((await world.call(`/${app}/s/echo`, { method: "POST", body: "x" })).status).toBe(refusal);
    expect(world.target.requests.total).toBe(1);
    world.secret(data, secretName);
    await until(async () => (await world.call(`/${app}/s/echo`, { method: "POST", body: "x" })).status === 200);
    if (guard === "/aws") world.target.awsKeys.clear();
    else world.target.signatureKeys.clear();
    expect((await world.call(`/${app}/s/echo`)).status).toBe(refusal);
  });

  test("gives way to a token that the client brings, and to no signature that he makes up", async () => {
    const app = api(type, data);
    await world.settled();
    const made = ["Signature", "sig1=:AAAA:", "Signature-Input", 'sig1=("@method")', "X-Amz-Date", "20150830T123600Z"];
    const external = echoOf(await world.call(`/${app}/s`, { headers: ["Access-Token", "Bearer ext", ...made] }));
    expect(headersOf(external, "authorization")).toEqual(["Bearer ext"]);
    const seen = echoOf(await world.call(`/${app}/s`, { headers: made }));
    const names = guard === "/aws" ? ["x-amz-date"] : ["signature", "signature-input"];
    for (const name of names) {
      expect(headersOf(external, name)).toEqual([]);
      expect(headersOf(seen, name)).toHaveLength(1);
      expect(made).not.toContain(headersOf(seen, name)[0]);
    }
  });
});

describe.each(engines)("bodies that are signed, with the engine %s", (engine) => {
  test("may be as large as the limit, and no larger", async () => {
    const app = api("HmacSignature", methods[0]?.data ?? {});
    await settled();
    const path = `/${app}/s/sink`;
    expect((await via(engine, path, { method: "POST", body: Buffer.alloc(signedBodyBytes) })).status).toBe(200);
    const refused = await via(engine, path, { method: "POST", body: Buffer.alloc(signedBodyBytes + 1) });
    expect(refused.status).toBe(413);
    expectReason(refused, "payload_too_large");
    expect(world.target.requests.total).toBe(1);
  });

  test("take a bounded part of the memory together, and give it back", async () => {
    const app = api("HmacSignature", methods[0]?.data ?? {});
    await settled();
    const path = `/${app}/s/sink`;
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${signedBodyBytes}\r\n\r\n`;
    const slow = await open(portOf(engine));
    slow.write(Buffer.concat([Buffer.from(head), Buffer.alloc(signedBodyBytes - 1)]));
    const another = () => via(engine, path, { method: "POST", body: Buffer.alloc(signedBodyBytes - 1) });
    await until(async () => {
      const answer = await another();
      if (answer.status !== 429) return false;
      expectReason(answer, "overloaded");
      return true;
    });
    slow.destroy();
    await until(async () => (await another()).status === 200);
  });

  test("are asked for where the client waits for that, and not waited for for ever", async () => {
    const credentials = { type: "HmacSignature", secretName: world.secret(methods[0]?.data ?? {}) };
    const app = world.api({ credentials }, {}, { "request-timeout": "300ms" });
    await settled();
    const waiting = await open(portOf(engine));
    const said: string[] = [];
    waiting.on("data", (chunk) => {
      said.push(String(chunk));
      if (said.length === 1) waiting.write("hello");
    });
    const head = `POST /${app}/s/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n`;
    waiting.write(`${head}Expect: 100-continue\r\n\r\n`);
    await once(waiting, "close");
    expect(said.join("")).toMatch(/^HTTP\/1.1 100 [\s\S]*HTTP\/1.1 200 [\s\S]*"utf8":"hello"/);
    const stalled = await raw(portOf(engine), `${head}\r\nhell`);
    expect(stalled).toMatch(/^HTTP\/1.1 408 [\s\S]*application-gateway-error: request_timeout/i);
    expect(world.target.requests.total).toBe(1);
  });

  test("are streamed, whatever their size, where only the head is signed", async () => {
    world.target.signatureKeys.set("of-hmac", { secret: "a-shared-key-for-hmac" });
    const app = api("HmacSignature", { ...methods[0]?.data, signedBody: "never" });
    await settled();
    const body = Buffer.alloc(signedBodyBytes * 3);
    const seen = echoOf(await via(engine, `/${app}/s/echo`, { method: "POST", body }));
    expect(seen.body.length).toBe(body.length);
    expect(headersOf(seen, "content-digest")).toEqual([]);
    expect((await via(engine, `/${app}/s/signed/echo`)).status).toBe(200);
  });
});

test("a redirect that is followed is signed for where it leads", async () => {
  world.target.signatureKeys.set("of-hmac", { secret: "a-shared-key-for-hmac" });
  const credentials = { type: "HmacSignature", secretName: world.secret(methods[0]?.data ?? {}) };
  const app = world.api({ credentials }, {}, { redirects: "follow" });
  await world.settled();
  const location = encodeURIComponent("/signed/echo?b=2");
  const answer = await world.call(`/${app}/s/signed/redirect?location=${location}`);
  expect(echoOf(answer).url).toBe("/signed/echo?b=2");
});

test("a mistake in the Secret of a signature is named", async () => {
  const app = api("HmacSignature", { hmacKey: "a-shared-key-for-hmac\n" });
  await world.settled();
  const answer = await world.call(`/${app}/s`);
  expect(answer.status).toBe(500);
  expectReason(answer, "secret_invalid");
  expect(valuesOf(answer, "content-type")).toHaveLength(1);
});

function api(type: string, data: Record<string, string>, guard = "", more: object = {}): string {
  const credentials = { type, secretName: world.secret(data), ...more };
  return world.api({ targetUrl: world.target.url + guard, credentials });
}

/** Until both gateways have seen all that was written. */
async function settled(): Promise<void> {
  await world.settled();
  const last = world.api();
  await until(async () => (await via("sockets", `/${last}/s`)).status === 200);
  await until(async () => (await via("node", `/${last}/s`)).status === 200);
  world.target.requests.clear();
}

function portOf(engine: "node" | "sockets"): number {
  return engine === "sockets" ? world.gateway.ports.proxy : node.ports.proxy;
}

function via(engine: "node" | "sockets", path: string, options?: CallOptions) {
  return call(portOf(engine), path, options);
}
