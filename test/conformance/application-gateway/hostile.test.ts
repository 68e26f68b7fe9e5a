import { beforeAll, describe, expect, test } from "vitest";
import { type CallOptions, call, raw, valuesOf } from "./http.ts";
import { scriptedTarget } from "./scripted-target.ts";
import { configFor, errorOf, headersOf, namespace, startGateway, until, useWorld } from "./world.ts";

/** Workloads, targets and owners of Applications who mean harm. */
const world = useWorld();
let sockets: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  sockets = await startGateway({ ...configFor(world.kubeconfig), engine: "sockets" });
  await sockets.synced;
  return () => sockets.stop();
});

describe.each(["node", "sockets"] as const)("with the engine %s", (engine) => {
  const port = () => (engine === "node" ? world.gateway : sockets).ports.proxy;
  const via = (path: string, options?: CallOptions) => call(port(), path, options);

  test("a target tells what was added to a query in no part of its response", async () => {
    const key = "a-key-of-the-query";
    const told = `Link: </a?k=${key}&b>, </c>\r\nX-Debug-Sql: 1\r\n`;
    const target = await scriptedTarget({
      onData: (wire) =>
        wire.send(
          `HTTP/1.1 103 Early Hints\r\n${told}\r\nHTTP/1.1 200 OK\r\n${told}Transfer-Encoding: chunked\r\n\r\n` +
            `1\r\nx\r\n0\r\n${told}X-Sum: 1\r\n\r\n`,
        ),
    });
    const credentials = { type: "ApiKey", secretName: world.secret({ apiKey: key, queryName: "k" }) };
    const app = world.api({ targetUrl: target.url, credentials }, {}, { "denied-response-headers": "x-debug-*" });
    await settled();
    const request = `GET /${app}/s HTTP/1.1\r\nHost: x\r\nConnection: close, TE\r\nTE: trailers\r\n\r\n`;
    const answer = await raw(port(), request);
    expect(target.wires.map(({ received }) => received.split(" ", 2)[1])).toEqual([`/?k=${key}`]);
    expect(answer).toMatch(/^HTTP\/1.1 103 [\s\S]*HTTP\/1.1 200 [\s\S]*x-sum: 1/i);
    expect(answer).not.toMatch(/a-key-of-the-query|x-debug/i);
    expect(answer.match(/^link: .*$/gim)?.map((line) => line.slice("link: ".length))).toEqual([
      "</a?b>, </c>",
      "</a?b>, </c>",
      "</a?b>, </c>",
    ]);
  });

  test("a client keeps nobody waiting with headers that take long to sign", async () => {
    const hmac = world.secret({ hmacKey: "a-key-of-thirty-two-bytes-or-more" });
    const aws = world.secret({ accessKeyId: "A", secretAccessKey: "a-secret-key", region: "r", service: "s" });
    const signed = world.api({ credentials: { type: "HmacSignature", secretName: hmac } });
    const signedForAws = world.api({ credentials: { type: "AwsSigV4", secretName: aws } });
    await settled();
    const blanks = ["Content-Type", `a${" ".repeat(400_000)}b`];
    const many = Array.from({ length: 60_000 }, (_, nr) => (nr % 2 === 0 ? `x-amz-${100_000 + nr}` : ""));
    expect((await via(`/${signed}/s/status/200`, { headers: blanks })).status).toBe(200);
    expect((await via(`/${signedForAws}/s/status/200`, { headers: many })).status).toBe(200);
  });

  test.each(["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"])(
    "an owner of an Application gets no token of the cluster itself: %s",
    async (type) => {
      const name = `of-the-cluster-${engine}-${type.split(/[./]/)[0]}`;
      const token = Buffer.from("a-token-of-the-cluster").toString("base64");
      world.cluster.create({
        ...{ apiVersion: "v1", kind: "Secret", type, data: { token } },
        metadata: { name, namespace, annotations: { "kubernetes.io/service-account.name": "default" } },
      });
      const app = world.api({ credentials: { type: "Bearer", secretName: name } });
      await settled();
      const answer = await via(`/${app}/s`);
      expect([answer.status, errorOf(answer).error]).toEqual([500, expect.stringContaining("has no key 'token'")]);
      expect(world.target.requests.list().flatMap((request) => headersOf(request, "authorization"))).toEqual([]);
    },
  );

  test("an owner of an Application reaches no denied address through a proxy of his own", async () => {
    const app = world.api({ targetUrl: "http://t.example" }, {}, { "https-proxy": "http://169.254.169.254" });
    await settled();
    const answer = await via(`/${app}/s`);
    expect([answer.status, valuesOf(answer, "application-gateway-error")]).toEqual([502, ["target_forbidden"]]);
    expect(errorOf(answer).error).toContain("169.254.0.0/16 of --deniedTargetRanges");
  });
});

/** Until both gateways have seen all that was written. */
async function settled(): Promise<void> {
  await world.settled();
  const last = world.api();
  for (const { ports } of [world.gateway, sockets]) {
    await until(async () => (await call(ports.proxy, `/${last}/s`)).status === 200);
  }
}
