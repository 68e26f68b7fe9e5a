import { describe, expect, onTestFinished, test } from "vitest";
import { call } from "./http.ts";
import { changesWithinMs } from "./other/other-gateway.ts";
import { configFor, createWorld, echoOf, startedGateway, until, useWorld } from "./world.ts";

describe("the API server", () => {
  const world = useWorld();

  test("is not asked anything while requests run", async () => {
    const secretName = world.secret({ username: "u", password: "p" });
    const app = world.api({
      credentials: { type: "Basic", secretName },
      requestParametersSecretName: world.secret({ headers: '{"X-A":["1"]}' }),
    });
    await world.settled();
    world.cluster.requests.clear();
    for (let batch = 0; batch < 20; batch++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => world.call(index % 10 === 0 ? "/missing/s" : `/${app}/s/x`)),
      );
      expect(answers.filter(({ status }) => status === 200).length).toBe(45);
    }
    expect(world.cluster.requests.list()).toEqual([]);
  });

  test("AG-65 may go away and come back while requests run", async () => {
    const app = world.api();
    await world.settled();
    let failed = 0;
    let calls = 0;
    let running = true;
    const traffic = Array.from({ length: 4 }, async () => {
      while (running) {
        const { status } = await world.call(`/${app}/s/x`);
        calls++;
        if (status !== 200) failed++;
      }
    });
    await world.cluster.stop();
    await until(() => calls > 100);
    world.application([{ displayName: "s", entries: [{ targetUrl: `${world.target.url}/changed` }] }], {}, app);
    const callsBefore = calls;
    await until(() => calls > callsBefore + 100);
    expect(echoOf(await world.call(`/${app}/s`)).url).toBe("/");
    expect((await world.callHealth("/v1/ready")).status).toBe(200);
    await world.cluster.start();
    await until(async () => echoOf(await world.call(`/${app}/s`)).url === "/changed", changesWithinMs);
    running = false;
    await Promise.all(traffic);
    expect(failed).toBe(0);
  });

  test("that lost its history is listed anew, and nothing is missed", async () => {
    const kept = world.api();
    const removed = world.api();
    await world.settled();
    await world.cluster.stop();
    world.cluster.delete({ ...application, name: removed });
    const added = world.api();
    world.cluster.compact();
    await world.cluster.start();
    await until(async () => (await world.call(`/${added}/s`)).status === 200);
    await until(async () => (await world.call(`/${removed}/s`)).status === 404);
    expect((await world.call(`/${kept}/s`)).status).toBe(200);
  });
});

describe("an Application", () => {
  const world = useWorld();

  test("that is deleted is gone, and one that is created again is there, within two seconds", async () => {
    const app = world.api({ targetUrl: `${world.target.url}/first` });
    await world.settled();
    world.cluster.delete({ ...application, name: app });
    await until(async () => (await world.call(`/${app}/s`)).status === 404, changesWithinMs);
    world.application([{ displayName: "s", entries: [{ targetUrl: `${world.target.url}/second` }] }], {}, app);
    await until(async () => (await world.call(`/${app}/s`)).status === 200, changesWithinMs);
    expect(echoOf(await world.call(`/${app}/s`)).url).toBe("/second");
  });

  test("that changes while a call runs does not disturb it", async () => {
    const app = world.api();
    await world.settled();
    const slow = world.call(`/${app}/s/slow?head_ms=300&body_ms=300&chunks=3`);
    await until(() => world.target.requests.count({ url: /slow/ }) === 1);
    world.application([{ displayName: "s", entries: [{ targetUrl: "http://127.0.0.1:1" }] }], {}, app);
    await until(async () => (await world.call(`/${app}/s`)).status === 502, changesWithinMs);
    expect(await slow).toMatchObject({ status: 200, complete: true });
  });

  test("leaves no connection open when its last API is gone", async () => {
    const app = world.api({ targetUrl: `http://localhost:${world.target.port}` });
    await world.settled();
    await world.call(`/${app}/s`);
    const before = world.target.connections.open;
    world.cluster.delete({ ...application, name: app });
    await until(() => world.target.connections.open < before, 3_000);
  });
});

describe("the first list", () => {
  test("is awaited: until then calls get 503, readiness is false and health is fine", async () => {
    const world = await createWorld();
    onTestFinished(() => world.stop());
    world.cluster.faults.blackhole({ resource: "secrets" });
    const gateway = await startedGateway(configFor(world.kubeconfig));
    const { proxy, proxyCompass, externalApi } = gateway.ports;
    for (const port of [proxy, proxyCompass]) {
      const answer = await call(port, "/a/s/e");
      expect(answer.status).toBe(503);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 503 });
    }
    const ready = await call(externalApi, "/v1/ready");
    expect(ready.status).toBe(503);
    expect(ready.body.toString()).toContain("Secrets");
    expect((await call(externalApi, "/v1/health")).status).toBe(200);
  });

  test("may wait for an API server that is not there yet", async () => {
    const world = await createWorld();
    onTestFinished(() => world.stop());
    const app = world.api();
    await world.cluster.stop();
    const gateway = await startedGateway(configFor(world.kubeconfig));
    expect((await call(gateway.ports.proxy, `/${app}/s`)).status).toBe(503);
    await world.cluster.start();
    await gateway.synced;
    expect((await call(gateway.ports.proxy, `/${app}/s`)).status).toBe(200);
    expect((await call(gateway.ports.externalApi, "/v1/ready")).status).toBe(200);
  });
});

const application = { apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application" };
