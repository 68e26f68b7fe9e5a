import { createAuthority, type Issued } from "@application-connector/x509";
import { afterAll, beforeAll, expect, test } from "vitest";
import { application } from "../conformance/connectivity-validator/world.ts";
import { type Mesh, startMesh, type Way } from "./mesh.ts";

// Chains and times of certificates are the TLS library's to judge: BoringSSL in Envoy, OpenSSL in the built-in listener.

const ways: readonly Way[] = ["sanitizing", "appending", "single", "builtIn"];
const clients = createAuthority({ subject: "CN=Client CA" });
const second = createAuthority({ subject: "CN=Second CA" });
const strangers = createAuthority({ subject: "CN=Client CA" });
const known = clients.intermediate("CN=Known below");
const below = clients.intermediate("CN=Below");
const deepest = below.intermediate("CN=Deeper").intermediate("CN=Deepest");

let mesh: Mesh;
beforeAll(async () => {
  mesh = await startMesh({
    clients,
    clientAuthorities: clients.certificate + second.certificate + known.certificate,
    applications: [application("std"), application("victim")],
  });
});
afterAll(() => mesh.stop());

/** 0: there was no handshake. */
const statusOf = (way: Way, client: Issued | undefined, name = "std"): Promise<number> =>
  mesh.call(way, `/${name}/events`, client).then(
    ({ status }) => status,
    () => 0,
  );
const by = async (client: Issued | undefined, name?: string) =>
  Object.fromEntries(await Promise.all(ways.map(async (way) => [way, await statusOf(way, client, name)] as const)));
const all = (status: number) => Object.fromEntries(ways.map((way) => [way, status]));

const std = { subject: "CN=std", usage: ["client" as const] };
const withChain = (authority: typeof clients, more = authority.chain): Issued => {
  const { certificate, key } = authority.issue(std);
  return { certificate: certificate + more, key };
};
const day = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * day);

test.each<[string, () => Issued | undefined, number]>([
  ["of the root", () => clients.issue(std), 200],
  ["of the second root", () => second.issue(std), 200],
  ["with an RSA key", () => clients.issue({ ...std, keyType: "rsa" }), 200],
  ["of an authority below, which came along", () => withChain(below), 200],
  ["of an authority three below, which all came along", () => withChain(deepest), 200],
  ["of an authority below, which the trusted file has", () => known.issue(std), 200],
  ["with the root behind it", () => withChain(below, below.chain + clients.certificate), 200],
  ["with a chain that has nothing to do with it", () => withChain(clients, strangers.certificate + known.chain), 200],
  ["for clients and servers", () => clients.issue({ ...std, usage: ["server", "client"] }), 200],
  ["for no use in particular", () => clients.issue({ ...std, usage: [] }), 200],
  ["none", () => undefined, 0],
  ["of an authority below, which did not come along", () => below.issue(std), 0],
  ["of an authority three below, one of which did not come along", () => withChain(deepest, below.chain), 0],
  ["of a stranger of the same name", () => strangers.issue(std), 0],
  ["of a stranger, with the root behind it", () => withChain(strangers, clients.certificate), 0],
  ["of an authority below a stranger", () => withChain(strangers.intermediate("CN=Below")), 0],
  ["that has expired", () => clients.issue({ ...std, notBefore: from(-2), notAfter: from(-1) }), 0],
  ["that is not valid yet", () => clients.issue({ ...std, notBefore: from(1), notAfter: from(2) }), 0],
  ["for servers", () => clients.issue({ ...std, usage: ["server"] }), 0],
])("a certificate %s", async (_title, client, status) => {
  expect(await by(client())).toEqual(all(status));
});

test("the first certificate of a chain counts, whoever the others are", async () => {
  const { certificate, key } = clients.issue(std);
  const victim = clients.issue({ ...std, subject: "CN=victim" });
  const chain = { certificate: certificate + victim.certificate, key };
  expect(await by(chain)).toEqual(all(200));
  expect(await by(chain, "victim")).toEqual(all(403));
});

test("several certificates of one name are each good", async () => {
  for (const authority of [clients, second, clients]) expect(await by(authority.issue(std))).toEqual(all(200));
});
