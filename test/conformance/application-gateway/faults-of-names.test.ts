import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Attempt, attempt } from "./attempt.ts";
import { type DnsServer, startDnsServer } from "./dns-server.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import { scriptedTarget } from "./scripted-target.ts";
import { until, useWorld } from "./world.ts";

const world = useWorld();
let names: DnsServer;
let gateway: GatewayProcess;
beforeAll(async () => {
  names = await startDnsServer();
  const env = { TEST_NAME_SERVER: names.address };
  const flags = ["--proxyTimeout=5"];
  gateway = await startGatewayProcess(world.kubeconfig, { flags, env, preload: ["resolve-by-server.ts"] });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await names.stop();
});

describe("a name of a target", () => {
  test("that fails in every way a name can is 502, and works as soon as it is back", async () => {
    const target = await scriptedTarget();
    const app = await targetOf("crm.test", target.port);
    for (const failure of ["no such name", "failure", "silence"] as const) {
      names.names.set("crm.test", failure);
      expect({ failure, ...(await call(app)) }).toMatchObject({
        failure,
        status: 502,
        reason: "target_unreachable",
      });
      names.names.set("crm.test", ["127.0.0.1"]);
      // Nothing of the failure is remembered.
      expect((await call(app)).status).toBe(200);
      await dropConnections(target);
    }
    expect(names.asked("crm.test")).toBeGreaterThanOrEqual(6);
    expect(gateway.output()).toContain("the host name is not known");
  });

  test("that fails is not missed while its connections live, and other targets never notice", async () => {
    const target = await scriptedTarget();
    const other = await scriptedTarget();
    names.names.set("shop.test", ["127.0.0.1"]);
    const app = await targetOf("shop.test", target.port);
    const elsewhere = await targetOf("127.0.0.1", other.port);
    expect((await call(app)).status).toBe(200);
    names.names.set("shop.test", "silence");
    for (let round = 0; round < 20; round++) expect((await call(app)).status).toBe(200);
    expect(target.wires.length).toBe(1);
    await dropConnections(target);
    const waiting = Array.from({ length: 20 }, () => call(app));
    for (let round = 0; round < 20; round++) expect((await call(elsewhere)).status).toBe(200);
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([502]));
  });

  test("of which one address takes no connections has the others called, and not that one again and again", async () => {
    const target = await scriptedTarget();
    names.names.set("several.test", ["127.0.0.66", "127.0.0.1"]);
    const app = await targetOf("several.test", target.port);
    expect((await call(app)).status).toBe(200);
    await dropConnections(target);
    // It takes them again, and who would try it first would get there.
    const returned = createServer((socket) => socket.destroy()).listen(target.port, "127.0.0.66");
    onTestFinished(() => void returned.close());
    await once(returned, "listening");
    expect((await call(app)).status).toBe(200);
    expect(target.wires.length).toBe(2);
  });

  test("that moves to another address is followed by the next connection", async () => {
    const old = await scriptedTarget();
    names.names.set("moving.test", ["127.0.0.1"]);
    const app = await targetOf("moving.test", old.port);
    expect((await call(app)).status).toBe(200);
    // Nobody listens at the new address: what fails now went there.
    names.names.set("moving.test", ["127.0.0.77"]);
    await dropConnections(old);
    expect((await call(app)).status).toBe(502);
    names.names.set("moving.test", ["127.0.0.77", "127.0.0.1"]);
    expect((await call(app)).status).toBe(200);
    expect(old.wires.length).toBe(2);
  });

  test("that begins to lead to a forbidden address is not followed there", async () => {
    const target = await scriptedTarget();
    names.names.set("rebound.test", ["127.0.0.1"]);
    const app = await targetOf("rebound.test", target.port);
    expect((await call(app)).status).toBe(200);
    names.names.set("rebound.test", ["169.254.169.254"]);
    await dropConnections(target);
    expect(await call(app)).toMatchObject({ status: 502, reason: "target_forbidden" });
  });
});

test("the name of a token server that fails is 502, and works as soon as it is back", async () => {
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const authenticationUrl = `http://login.test:${world.idp.port}/oauth/token`;
  const app = world.api({ credentials: { type: "OAuth", secretName, authenticationUrl } });
  await until(async () => (await call(app)).status === 502);
  names.names.set("login.test", ["127.0.0.1"]);
  await until(async () => (await call(app)).status === 200);
});

/** An API there; resolves when the program knows it. */
async function targetOf(host: string, port: number): Promise<string> {
  const app = world.api({ targetUrl: `http://${host}:${port}` });
  await until(async () => (await call(app)).status !== 404);
  return app;
}

function call(app: string): Promise<Attempt> {
  return attempt(gateway.ports.proxy, `/${app}/s/x`);
}

async function dropConnections(target: Awaited<ReturnType<typeof scriptedTarget>>): Promise<void> {
  for (const { socket } of target.wires) socket.end();
  await until(() => target.open === 0);
}
