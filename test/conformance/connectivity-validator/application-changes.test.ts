import { customResourceDefinitions } from "@application-connector/crds";
import { afterEach, describe, expect, test } from "vitest";
import { profiles, X as xOf } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { application, fixtures, reference, startWorld, ucl, type World } from "./world.ts";

/** As an API server keeps objects that are older than its schema. */
function withoutSchema(crd: (typeof customResourceDefinitions)[number]) {
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true } as const;
  const versions = crd.spec.versions.map((version) => ({ ...version, schema: { openAPIV3Schema } }));
  return { ...crd, spec: { ...crd.spec, versions } };
}

describe.each(profiles)("%s", (profile) => {
  const X = (subject: string) => xOf(profile, subject);
  let world: World | undefined;
  afterEach(() => world?.stop());
  const started = async (options: Parameters<typeof startWorld>[0] = {}) => {
    world = await startWorld({ profile, ...options });
    return world;
  };
  const status = async ({ call }: World, name: string, subject = `CN=${name}`) =>
    (await call(`/${name}/events`, { xfcc: X(subject), headers: binaryEvent(name), body: anyBody })).status;
  /** Within a second of the change, with leave for a machine that is busy with other things. */
  const soon = { timeout: 5_000, interval: 20 };

  test("CV-28 an Application that is created or deleted is known or unknown within a second", async () => {
    const running = await started();
    running.kubeApi.create(application("gone"));
    await expect.poll(() => status(running, "gone"), soon).toBe(200);
    running.kubeApi.delete(reference("gone"));
    await expect.poll(() => status(running, "gone"), soon).toBe(404);
  });

  test("CV-29 an Application that waits for its finalizers is gone", async () => {
    const running = await started();
    running.kubeApi.create(application("gone", {}, { finalizers: ["example.com/wait"] }));
    await expect.poll(() => status(running, "gone"), soon).toBe(200);
    running.kubeApi.delete(reference("gone"));
    await expect.poll(() => status(running, "gone"), soon).toBe(404);
    expect(running.kubeApi.get(reference("gone"))).toBeDefined();
  });

  test("CV-30 changed client ids count within a second", async () => {
    const running = await started();
    expect(await status(running, "ucl", "CN=clientId1")).toBe(200);
    running.kubeApi.patchObject(reference("ucl"), { spec: ucl("x") });
    await expect.poll(() => status(running, "ucl", "CN=x"), soon).toBe(200);
    expect(await status(running, "ucl", "CN=clientId1")).toBe(403);
  });

  test("CV-29 CV-30 a mistake in a field that decides nothing here keeps nobody in", async () => {
    const running = await started({ crds: customResourceDefinitions.map(withoutSchema) });
    running.kubeApi.create(application("gone", {}, { finalizers: ["example.com/wait"] }));
    await expect.poll(() => status(running, "gone"), soon).toBe(200);
    expect(await status(running, "ucl", "CN=clientId1")).toBe(200);

    for (const name of ["ucl", "gone"])
      running.kubeApi.patchObject(reference(name), { spec: { services: "none", ...(name === "ucl" ? ucl("x") : {}) } });
    running.kubeApi.delete(reference("gone"));
    await expect.poll(() => status(running, "ucl", "CN=clientId1"), soon).toBe(403);
    expect(await status(running, "ucl", "CN=x")).toBe(200);
    await expect.poll(() => status(running, "gone"), soon).toBe(404);
    expect(running.kubeApi.get(reference("gone"))).toBeDefined();
  });

  test("CV-31 a thousand Applications, one after the other", async () => {
    const names = Array.from({ length: 1000 }, (_, at) => `app-${at}`);
    const running = await started({ applications: names.map((name) => application(name, ucl("shared"))) });
    const seen = new Map<number, number>();
    const pending = [...names];
    const worker = async () => {
      for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        const code = await status(running, name, "CN=shared");
        seen.set(code, (seen.get(code) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect([...seen]).toEqual([[200, 1000]]);
  });

  test("CV-32 events flow while the API server is away, and changes count when it is back", async () => {
    const running = await started();
    await running.kubeApi.stop();
    let failed = 0;
    let stopped = false;
    const traffic = (async () => {
      while (!stopped) {
        if ((await status(running, "std")) !== 200) failed++;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await running.health("/readyz")).status).toBe(200);
    // While nobody watches: one goes, one comes.
    running.kubeApi.delete(reference("ucl"));
    running.kubeApi.create(application("late"));
    await running.kubeApi.start();
    // One that has lost other API servers just before may wait for its longest delay, 30 s and a little more.
    await expect.poll(() => status(running, "late"), { timeout: 45_000, interval: 50 }).toBe(200);
    await expect.poll(() => status(running, "ucl", "CN=clientId1"), soon).toBe(404);
    stopped = true;
    await traffic;
    expect(failed).toBe(0);
  }, 60_000);

  test("D-09 an Application that is deleted between the first list and the first watch goes, and stays deleted", async () => {
    const running = await started({ withoutApi: true, applications: fixtures, flags: ["--syncPeriod=50ms"] });
    // The list has it, and what happens afterwards is heard of late.
    running.kubeApi.faults.latency(1_000, { resource: "applications", verb: "watch", times: 1 });
    await running.kubeApi.start();
    await expect.poll(() => status(running, "std"), { timeout: 15_000, interval: 20 }).toBe(200);
    running.kubeApi.delete(reference("std"));
    await expect.poll(() => status(running, "std"), { timeout: 5_000 }).toBe(404);
    // Some sync periods later as well.
    for (let round = 0; round < 20; round++) {
      expect(await status(running, "std")).toBe(404);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await status(running, "dotted.app-1")).toBe(200);
  });

  test("CV-55 D-13 healthy at once, ready when the Applications were read", async () => {
    const running = await started({ withoutApi: true, applications: fixtures });
    expect(await running.health("/v1/health")).toMatchObject({ status: 200, text: "" });
    const unready = await running.health("/readyz");
    expect(unready.status).toBe(503);
    expect(JSON.parse(unready.text)).toMatchObject({ code: 503, error: expect.stringContaining("applications") });

    const early = await running.call("/std/events", { xfcc: X("CN=std"), headers: binaryEvent("std"), body: anyBody });
    expect(early.status).toBe(503);
    expect([early.header("error-reason"), early.header("retry-after")]).toEqual(["not_synced", "1"]);

    await running.kubeApi.start();
    await expect.poll(async () => (await running.health("/readyz")).status, { timeout: 15_000 }).toBe(200);
    expect((await running.health("/v1/health")).status).toBe(200);
    expect(await status(running, "std")).toBe(200);
  });
});
