import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { createAuthority } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { running } from "./program.ts";
import { errorOf, until, useWorld } from "./world.ts";

// Whom the gateway trusts: private authorities, and the public keys of targets.

const world = useWorld({ proxyTimeoutMs: 2_000 });
const stranger = createAuthority({ subject: "CN=stranger" }).certificate;

const targetUrl = (): string => world.target.tlsUrl ?? "";

test.each<[string, () => Record<string, string>, number]>([
  ["the authority of the target", () => ({ ca: world.authority.certificate }), 200],
  ["the authority of the target, as cert-manager names it", () => ({ "ca.crt": world.authority.certificate }), 200],
  ["several, the target's among them", () => ({ ca: `${stranger}\n${world.authority.certificate}` }), 200],
  ["another authority", () => ({ ca: stranger }), 502],
  ["none", () => ({ other: "x" }), 500],
  ["what is no certificate", () => ({ ca: "very-secret" }), 500],
])("ca-secret names %s", async (_, data, status) => {
  const app = world.api({ targetUrl: targetUrl() }, {}, { "ca-secret": world.secret(data()) });
  await world.settled();
  const answer = await world.call(`/${app}/s`);
  expect(answer.status).toBe(status);
  if (status === 500) expect(errorOf(answer).error).not.toContain("very-secret");
});

test("ca-secret counts for token and CSRF servers too, and may come later", async () => {
  const credentials = {
    type: "OAuth",
    secretName: world.secret({ clientId: "client", clientSecret: "client-secret" }),
    authenticationUrl: world.idp.tlsTokenUrl ?? "",
    csrfInfo: { tokenEndpointURL: `${targetUrl()}/csrf/token` },
  };
  const app = world.api({ credentials }, {}, { "ca-secret": "comes-later" });
  await world.settled();
  expect((await world.call(`/${app}/s`)).status).toBe(500);
  world.secret({ ca: stranger }, "comes-later");
  await until(async () => (await world.call(`/${app}/s`)).status === 502);
  world.secret({ ca: world.authority.certificate }, "comes-later");
  await until(async () => (await world.call(`/${app}/s`)).status === 200);
});

test("a credential may bring its authority in its own Secret", async () => {
  const secretName = world.secret({ username: "u", password: "p", ca: world.authority.certificate });
  const app = world.api({ targetUrl: targetUrl(), credentials: { type: "Basic", secretName } });
  const other = world.api({ targetUrl: targetUrl() });
  await world.settled();
  expect((await world.call(`/${app}/s`)).status).toBe(200);
  // What one API trusts, another does not.
  expect((await world.call(`/${other}/s`)).status).toBe(502);
});

describe("spki-pins", () => {
  test.each<[string, boolean, (own: string) => string, number]>([
    ["the target's key", true, (own) => `sha256/${own}`, 200],
    ["several keys", true, (own) => `sha256/${"A".repeat(43)}=, sha256//${own}`, 200],
    ["another key", true, () => `sha256/${"A".repeat(43)}=`, 502],
    ["nothing that is a key", true, () => "sha256/short", 502],
    ["the key of a target that nobody vouches for", false, (own) => `sha256/${own}`, 200],
    ["another key than that of a target that nobody vouches for", false, () => `sha256/${"A".repeat(43)}=`, 502],
  ])("names %s", async (_, isTrusted, pins, status) => {
    const url = (isTrusted ? world.target.tlsUrl : world.target.selfSignedUrl) ?? "";
    const annotations = {
      "spki-pins": pins(await spkiOf(url)),
      ...(isTrusted ? { "ca-secret": world.secret({ ca: world.authority.certificate }) } : {}),
    };
    const app = world.api({ targetUrl: url }, { skipVerify: !isTrusted }, annotations);
    await world.settled();
    for (const _ of [1, 2]) {
      expect((await world.call(`/${app}/s`)).status).toBe(status);
      world.target.dropConnections();
    }
  });
});

/** The base64 of the SHA-256 of a server's public key. */
async function spkiOf(url: string): Promise<string> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: "localhost", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" });
  socket.destroy();
  return createHash("sha256")
    .update(spki ?? "")
    .digest("base64");
}

test("skipVerify is told as what it is", async () => {
  const app = world.api({}, { skipVerify: true });
  const gateway = await running(world.kubeconfig);
  const isTold = (line: string) => line.includes(app) && line.includes("skipVerify is on: nobody checks who answers");
  await until(() => gateway.output().split("\n").some(isTold));
}, 30_000);
