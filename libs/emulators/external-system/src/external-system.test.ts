import { createAuthority } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { call, callJson, eventually } from "./testing/call.ts";
import { startUntil } from "./testing/start.ts";

const start = startUntil(onTestFinished);

const authority = createAuthority({ subject: "CN=Test CA" });
const ca = authority.certificate;
const client = authority.issue({ subject: "CN=caller,O=Org", usage: ["client"] });

test("TLS shows a certificate of the authority", async () => {
  const { tlsUrl } = await start({ authority });
  const echo = await callJson(`${tlsUrl}/echo`, { ca });
  expect(echo).toMatchObject({ connection: { listener: "https", tls: { protocol: "TLSv1.3" } } });
});

test("mutual TLS shows the subject of the client", async () => {
  const { mtlsUrl, requests } = await start({ authority });
  const echo = await callJson(`${mtlsUrl}/echo`, { ca, cert: client.certificate, key: client.key });
  expect(echo).toMatchObject({ connection: { tls: { clientSubject: "CN=caller,O=Org", clientVerified: true } } });
  expect(requests.last()?.listener).toBe("mtls");
});

test("mutual TLS refuses clients without certificate and those of another authority", async () => {
  const { mtlsUrl, requests } = await start({ authority });
  const stranger = createAuthority({ subject: "CN=Other CA" }).issue({ subject: "CN=caller", usage: ["client"] });
  await expect(call(`${mtlsUrl}/echo`, { ca })).rejects.toThrow();
  await expect(call(`${mtlsUrl}/echo`, { ca, cert: stranger.certificate, key: stranger.key })).rejects.toThrow();
  expect(requests.total).toBe(0);
});

test("nobody vouches for the self-signed listener", async () => {
  const { selfSignedUrl } = await start({ authority });
  await expect(call(`${selfSignedUrl}/echo`, { ca })).rejects.toThrow(/self-signed|certificate/);
});

test("while paused requests arrive and wait; resumed they are answered", async () => {
  const system = await start();
  system.pause();
  const waiting = call(`${system.url}/status/200`);
  await eventually(() => system.requests.total === 1);
  expect(system.requests.last()?.status).toBeUndefined();
  await system.resume();
  expect((await waiting).status).toBe(200);
});

test("refusing ends connections and comes back on the same port", async () => {
  const system = await start();
  const stream = call(`${system.url}/sse?interval_ms=1000`);
  stream.catch(() => undefined);
  await eventually(() => system.connections.open === 1);
  await system.refuse();
  await expect(stream).rejects.toThrow();
  await expect(call(`${system.url}/echo`)).rejects.toThrow("ECONNREFUSED");
  await system.resume();
  expect((await call(`${system.url}/status/200`)).status).toBe(200);
});

test("stop ends every connection at once, unfinished ones too", async () => {
  const system = await start({ authority });
  const calls = [
    call(`${system.url}/broken/no-response`),
    call(`${system.url}/chunked/8000000000`),
    call(`${system.tlsUrl}/sse`, { ca }),
  ].map((ending) =>
    ending.then(
      () => "answered",
      () => "broken",
    ),
  );
  await eventually(() => system.requests.total === 3);
  await system.stop();
  expect(await Promise.all(calls)).toEqual(["broken", "broken", "broken"]);
  expect(system.connections.open).toBe(0);
});
