import { describe, expect, onTestFinished, test } from "vitest";
import { type Answered, call, valuesOf } from "./http.ts";
import { running } from "./program.ts";
import { createWorld, echoOf, errorOf, headersOf, until, useWorld } from "./world.ts";

const shop = { namespace: "shop", name: "web" };
const billing = { namespace: "billing", name: "job" };
const audience = "application-gateway";

const xfcc = (...ids: string[]): string[] => [
  "X-Forwarded-Client-Cert",
  ids.map((id) => `By=spiffe://cluster.local/ns/kyma-system/sa/gw;Hash=00;Subject="";URI=${id}`).join(","),
];
const mesh = ({ namespace, name }: typeof shop, domain = "cluster.local"): string[] =>
  xfcc(`spiffe://${domain}/ns/${namespace}/sa/${name}`);

describe("with the mesh's word on who calls", () => {
  const world = useWorld({ meshIdentityFrom: ["127.0.0.0/8"] });

  test.each<[string, Record<string, string>, string[], number]>([
    ["everybody may call without an annotation", {}, [], 200],
    ["a namespace may", { "allowed-namespaces": "shop,other" }, mesh(shop), 200],
    ["another namespace may not", { "allowed-namespaces": "shop,other" }, mesh(billing), 403],
    [
      "the namespace of another trust domain may not",
      { "allowed-namespaces": "shop" },
      mesh(shop, "evil.example"),
      403,
    ],
    ["a workload may", { "allowed-principals": "shop/web" }, mesh(shop), 200],
    ["another workload may not", { "allowed-principals": "shop/web" }, mesh({ ...shop, name: "x" }), 403],
    [
      "a workload of another trust domain may, by its full name",
      { "allowed-principals": "spiffe://partner.example/ns/shop/sa/web" },
      mesh(shop, "partner.example"),
      200,
    ],
    [
      "either list is enough",
      { "allowed-namespaces": "billing", "allowed-principals": "shop/web" },
      mesh(billing),
      200,
    ],
    ["nobody may whose identity is not proven", { "allowed-namespaces": "shop" }, [], 403],
    [
      "nobody may by what he put there himself, before the sidecar's word",
      { "allowed-namespaces": "shop" },
      xfcc("spiffe://cluster.local/ns/shop/sa/web", "spiffe://cluster.local/ns/billing/sa/job"),
      403,
    ],
    [
      "nobody may by a header that Envoy would not write",
      { "allowed-namespaces": "shop" },
      ["X-Forwarded-Client-Cert", "URI=spiffe://cluster.local/ns/shop/sa/web;X=1"],
      403,
    ],
    ["nobody may by an empty list", { "allowed-namespaces": "" }, mesh(shop), 403],
    ["nobody may by a list of words that are none", { "allowed-namespaces": "Shop" }, mesh(shop), 403],
    ["every known caller may by a star", { "allowed-namespaces": "*" }, mesh(billing), 200],
  ])("%s", async (_, annotations, headers, status) => {
    const app = world.api({}, {}, annotations);
    await world.settled();
    const answer = await world.call(`/${app}/s`, { headers });
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(errorOf(answer).code).toBe(403);
      expect(valuesOf(answer, "application-gateway-error")).toEqual(["caller_forbidden"]);
      expect(world.target.requests.count({})).toBe(0);
    }
  });

  test("a service may be opened to others than the rest of its Application", async () => {
    const app = world.application(
      ["One", "Two"].map((displayName) => ({ displayName, entries: [{}] })),
      {},
      undefined,
      {
        "allowed-namespaces": "shop",
        "allowed-namespaces.two": "billing",
      },
    );
    await world.settled();
    const status = async (service: string, headers: string[]) =>
      (await world.call(`/${app}/${service}`, { headers })).status;
    expect(await status("one", mesh(shop))).toBe(200);
    expect(await status("one", mesh(billing))).toBe(403);
    expect(await status("two", mesh(shop))).toBe(403);
    expect(await status("two", mesh(billing))).toBe(200);
  });

  test("nobody waits for the API server, and a token is not taken", async () => {
    const app = world.api({}, {}, { "allowed-namespaces": "shop" });
    await world.settled();
    world.cluster.requests.clear();
    expect((await world.call(`/${app}/s`, { headers: mesh(shop) })).status).toBe(200);
    const token = ["Caller-Token", "h.p.s"];
    expect((await world.call(`/${app}/s`, { headers: token })).status).toBe(403);
    expect(world.cluster.requests.list()).toEqual([]);
    // Unknown as it is here, the header is nobody's but the client's.
    const open = world.api();
    await world.settled();
    expect(headersOf(echoOf(await world.call(`/${open}/s`, { headers: token })), "caller-token")).toEqual(["h.p.s"]);
  });
});

test("the mesh's word counts from its sidecar's address only", async () => {
  const world = await createWorld({ meshIdentityFrom: ["127.0.0.6/32"] });
  onTestFinished(() => world.stop());
  const app = world.api({}, {}, { "allowed-namespaces": "shop" });
  await world.settled();
  const status = async (localAddress: string) =>
    (await call(world.gateway.ports.proxy, `/${app}/s`, { headers: mesh(shop), localAddress })).status;
  expect(await status("127.0.0.1")).toBe(403);
  expect(await status("127.0.0.6")).toBe(200);
});

test("without a way to know callers, a restricted API is closed, and that is told", async () => {
  const world = await createWorld();
  onTestFinished(() => world.stop());
  const app = world.api({}, {}, { "allowed-namespaces": "shop" });
  await world.settled();
  expect((await world.call(`/${app}/s`, { headers: mesh(shop) })).status).toBe(403);
  const gateway = await running(world.kubeconfig);
  await until(() => gateway.output().includes("set --meshIdentityFrom or --callerTokenAudience"));
}, 30_000);

describe("with tokens of service accounts", () => {
  const world = useWorld({ callerTokenAudience: audience });
  const caller = (token: string): string[] => ["Caller-Token", token];

  function tokenOf(account: typeof shop, of = audience): string {
    world.cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: account.namespace } });
    world.cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: account });
    return world.cluster.serviceAccountToken(account, of);
  }

  async function restricted(annotations: Record<string, string> = { "allowed-namespaces": "shop" }) {
    const app = world.api({}, {}, annotations);
    await world.settled();
    world.cluster.requests.clear();
    return (headers: string[]): Promise<Answered> => world.call(`/${app}/s`, { headers });
  }

  const reviews = (): number =>
    world.cluster.requests.list().filter(({ resource }) => resource === "tokenreviews").length;

  test("a caller may whose token is good, is asked about once, and the target never sees it", async () => {
    const get = await restricted();
    const token = tokenOf(shop);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(caller(token))));
    answers.push(await get(caller(token)), await get(caller(`Bearer ${token}`)));
    for (const answer of answers) expect(headersOf(echoOf(answer), "caller-token")).toEqual([]);
    expect(reviews()).toBe(1);
  });

  test.each<[string, () => string[]]>([
    ["of another namespace", () => caller(tokenOf(billing))],
    ["for another audience", () => caller(tokenOf(shop, "somebody-else"))],
    ["for the API server", () => caller(tokenOf(shop, "https://kubernetes.default.svc"))],
    ["that was made up", () => caller("eyJhbGciOiJub25lIn0.e30.c2ln")],
    ["that is none", () => caller("x")],
    ["that is missing", () => []],
    ["in the place of the API's own", () => ["Authorization", `Bearer ${tokenOf(shop)}`]],
    ["that the mesh would have vouched for, unasked", () => mesh(shop)],
  ])("a caller may not with a token %s", async (_, headers) => {
    const get = await restricted();
    expect((await get(headers())).status).toBe(403);
    expect((await get(headers())).status).toBe(403);
    expect(world.target.requests.count({})).toBe(0);
  });

  test("the token does not reach the target of an open API either, and is not asked about there", async () => {
    const app = world.api();
    const token = tokenOf(shop);
    await world.settled();
    world.cluster.requests.clear();
    const seen = echoOf(await world.call(`/${app}/s`, { headers: caller(token) }));
    expect(headersOf(seen, "caller-token")).toEqual([]);
    expect(reviews()).toBe(0);
  });

  test("who is known stays so while the API server is away; who is not gets 503, soon", async () => {
    const get = await restricted();
    const [known, unknown] = [tokenOf(shop), tokenOf(shop)];
    expect((await get(caller(known))).status).toBe(200);
    await world.cluster.stop();
    expect((await get(caller(known))).status).toBe(200);
    const answer = await get(caller(unknown));
    expect(answer.status).toBe(503);
    expect(valuesOf(answer, "retry-after")).toEqual(["1"]);
    await world.cluster.start();
  });

  test("an API server that does not answer keeps nobody waiting for ever", async () => {
    const get = await restricted();
    const remove = world.cluster.faults.blackhole({ resource: "tokenreviews" });
    expect((await get(caller(tokenOf(shop)))).status).toBe(503);
    remove();
  });
});
