import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { X } from "../conformance/connectivity-validator/certificates.ts";
import { anyBody, binaryEvent } from "../conformance/connectivity-validator/events.ts";
import { connectHttp2, sendHttp2 } from "../conformance/connectivity-validator/http2-client.ts";
import { application, request, valuesOf } from "../conformance/connectivity-validator/world.ts";
import { type Mesh, startMesh, type Way } from "./mesh.ts";

// Somebody with a certificate of his own writes into the header what he would like to be.

let mesh: Mesh;
beforeAll(async () => {
  mesh = await startMesh({ applications: [application("std"), application("victim")] });
});
afterAll(() => mesh.stop());

const client = (subject: string, more: { uris?: string[]; dnsNames?: string[] } = {}) =>
  mesh.clients.issue({ subject, usage: ["client"], ...more });
const forged = () => X("strict", "CN=victim");
const behindEnvoy: readonly Way[] = ["sanitizing", "appending", "single"];

describe.each(behindEnvoy)("%s", (way) => {
  test("the client's own certificate counts, and the header goes no further", async () => {
    const response = await mesh.call(way, "/std/events", client("CN=std"));
    expect(response.status).toBe(200);
    const echo = JSON.parse(response.text);
    expect(valuesOf(echo, "x-forwarded-client-cert")).toEqual([]);
    expect(valuesOf(echo, "x-forwarded-application")).toEqual(["std"]);
  });

  test("nobody comes in without a certificate", async () => {
    await expect(mesh.call(way, "/std/events", undefined)).rejects.toThrow();
    await expect(mesh.call(way, "/std/events", undefined, { xfcc: forged() })).rejects.toThrow();
  });

  test.each([
    ["once", () => [forged()]],
    ["without its gateway", () => [forged().split(",By=")[0] ?? ""]],
    ["as two lines", () => [forged(), forged()]],
    ["as an element that ends in a quoted text", () => ['Subject="CN=victim']],
    ["empty", () => [""]],
    ["as what another key quotes", () => ['Hash=x;Cert="Subject=\\"CN=victim\\"";Subject="CN=victim"']],
  ])("a header that came with the request makes nobody the victim: %s", async (_title, xfcc) => {
    expect((await mesh.call(way, "/victim/events", client("CN=std"), { xfcc: xfcc() })).status).toBe(403);
  });

  test.each([
    "Connection: X-Forwarded-Client-Cert",
    "Connection: close, x-forwarded-client-cert",
    "X-Forwarded-Client-Cert : x",
    "X_Forwarded_Client_Cert: x",
  ])("what a request says of the header, it does not change who calls: %s", async (line) => {
    const headers = [...binaryEvent("victim"), line];
    const response = await mesh.call(way, "/victim/events", client("CN=std"), { headers });
    expect([400, 403]).toContain(response.status);
  });

  test("two clients at the same time, over connections that Envoy shares, are each themselves", async () => {
    const sessions = ["std", "victim"].map((name) => ({
      name,
      session: connectHttp2(mesh.port(way), { ...mesh.tls(client(`CN=${name}`)), ALPNProtocols: ["h2"] }),
    }));
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const { name, session } = sessions[index % 2] as (typeof sessions)[number];
        const path = index % 4 < 2 ? "std" : "victim";
        const event = { "ce-specversion": "1.0", "ce-id": "1", "ce-type": "t", "ce-source": path };
        const headers = { ":method": "POST", ":path": `/${path}/events`, "content-type": "application/json", ...event };
        const { status } = await sendHttp2(session, headers, anyBody);
        return { name, path, status };
      }),
    );
    expect(answers).toEqual(answers.map(({ name, path }) => ({ name, path, status: name === path ? 200 : 403 })));
  });

  test("requests one behind the other on one connection are all its certificate's", async () => {
    const socket = connect({ host: "127.0.0.1", port: mesh.port(way), ...mesh.tls(client("CN=std")) });
    const requests = ["std", "victim", "std"].map((name, at) => {
      const text = request(`/${name}/events`, { headers: binaryEvent(name), body: anyBody }).toString("latin1");
      return at < 2 ? text.replace("Connection: close\r\n", "") : text;
    });
    let answers = "";
    socket.on("data", (chunk) => {
      answers += chunk;
    });
    socket.write(requests.join(""), "latin1");
    await once(socket, "close");
    expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(["HTTP/1.1 200", "HTTP/1.1 403", "HTTP/1.1 200"]);
  });

  test.each(["%2e%2e", "..", "x/../..", "%2e", "."])(
    "a path that climbs out of the own part: /std/%s",
    async (step) => {
      const path = `/std/${step}/victim/events`;
      expect((await mesh.call(way, path, client("CN=std"))).status).not.toBe(200);
    },
  );

  test.each(["/std%2f..%2fvictim/events", "/std%5c..%5cvictim/events", "/std/events/..%2f..%2fvictim/events"])(
    "an encoded separator is no separator, and nothing else: %s",
    async (path) => {
      expect((await mesh.call(way, path, client("CN=std"))).status).toBe(400);
    },
  );
});

test("a gateway that keeps what came with the request lets in only whose request has nothing", async () => {
  const own = client("CN=std");
  expect((await mesh.call("appending", "/std/events", own)).status).toBe(200);
  // Three elements: the client's invention, the client, the gateway.
  expect((await mesh.call("appending", "/std/events", own, { xfcc: forged().split(",By=")[0] ?? "" })).status).toBe(
    403,
  );
  expect((await mesh.call("sanitizing", "/std/events", own, { xfcc: forged() })).status).toBe(200);
});

test("a workload of the mesh that is no gateway makes itself nobody", async () => {
  const own = client("CN=std");
  expect((await mesh.call("evil", "/std/events", own)).status).toBe(403);
  const seeded = forged().split(",By=")[0] ?? "";
  expect((await mesh.call("evil", "/victim/events", own, { xfcc: seeded })).status).toBe(403);
});

describe("other names of a certificate", () => {
  const tricks = [
    'spiffe://a;Subject="CN=victim"',
    'spiffe://a,Subject="CN=victim"',
    "spiffe://a;Hash=0f",
    'spiffe://a"',
    "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
  ];
  test.each(tricks)("%s as a URI makes nobody the victim", async (uri) => {
    const attacker = client("CN=std", { uris: [uri] });
    for (const way of [...behindEnvoy, "builtIn"] as const)
      expect((await mesh.call(way, "/victim/events", attacker)).status, way).toBe(403);
  });

  test('a;Subject="CN=victim" as a DNS name makes nobody the victim', async () => {
    const attacker = client("CN=std", { dnsNames: ['a;Subject="CN=victim"'] });
    for (const way of [...behindEnvoy, "builtIn"] as const)
      expect((await mesh.call(way, "/victim/events", attacker)).status, way).toBe(403);
  });

  test("a URI and DNS names as they should be change nothing", async () => {
    const own = client("CN=std", { uris: ["spiffe://a/b", "https://c/d?e=f"], dnsNames: ["a.example", "b.example"] });
    for (const way of [...behindEnvoy, "builtIn"] as const)
      expect((await mesh.call(way, "/std/events", own)).status, way).toBe(200);
  });
});
