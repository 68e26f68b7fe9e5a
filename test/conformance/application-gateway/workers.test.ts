import { expect, test } from "vitest";
import { engines } from "../tested-engine.ts";
import { call } from "./http.ts";
import { running } from "./program.ts";
import { until, useWorld } from "./world.ts";

const world = useWorld();

test.each(engines)(
  "two workers serve as one gateway, and their metrics are summed: %s",
  async (engine) => {
    const application = world.api({ targetUrl: world.target.url });
    const program = await running(world.kubeconfig, "--workers=2", `--engine=${engine}`);
    const { proxy, external } = program.ports;
    const metrics = async () => String((await call(external, "/metrics")).body);
    const count = async () =>
      Number(/^agw_requests_total\{[^}]*code="200"[^}]*\} (\d+)$/m.exec(await metrics())?.[1] ?? 0);
    await until(async () => (await call(proxy, `/${application}/s/x`)).status === 200);
    const before = await count();
    // Each has a connection of its own: the workers take turns.
    for (let i = 0; i < 10; i++) expect((await call(proxy, `/${application}/s/x`)).status).toBe(200);
    await until(async () => (await count()) === before + 10);
    expect(await metrics()).toMatch(/^workers 2$/m);
    // All know the same objects.
    expect(await metrics()).toMatch(/^agw_config_objects\{kind="Target"\} 1$/m);
    const pids = [...program.output().matchAll(/"worker":2,"workerPid":(\d+)/g)].map(([, pid]) => Number(pid));
    process.kill(pids[0] as number, "SIGKILL");
    await until(() => program.output().includes("a worker has died and is replaced"));
    // The other one goes on meanwhile.
    for (let i = 0; i < 5; i++) expect((await call(proxy, `/${application}/s/x`)).status).toBe(200);
    await until(async () => (await call(external, "/v1/ready")).status === 200, 20_000);
    program.process.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  },
  60_000,
);
