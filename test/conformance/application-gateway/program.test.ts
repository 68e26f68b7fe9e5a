import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { call, open } from "./http.ts";
import { exit, program, type Running, running as runningWith } from "./program.ts";
import { until, useWorld } from "./world.ts";

const world = useWorld();

describe("the program", () => {
  test("serves with flags in every spelling, and stops at SIGTERM with what runs", async () => {
    const secretName = world.secret({ username: "u", password: "very-secret" });
    const app = world.api({ credentials: { type: "Basic", secretName } });
    const gateway = await running("--proxyTimeout=5", "-logLevel", "debug", "--accessLog");
    const { proxy, external } = gateway.ports;
    expect((await call(proxy, `/${app}/s/x?q=hidden`)).status).toBe(200);
    expect((await call(proxy, `/${app}/s/broken/reset-before-head?q=hidden`)).status).toBe(502);

    const slow = call(proxy, `/${app}/s/slow?head_ms=500`);
    await until(() => world.target.requests.count({ url: /slow/ }) === 1);
    gateway.process.kill("SIGTERM");
    await until(async () => (await call(external, "/v1/ready").catch(() => ({ status: 503 }))).status === 503);
    expect(await slow).toMatchObject({ status: 200, complete: true });
    expect(await gateway.ended).toBe(0);

    const lines = gateway
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const access = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request");
    expect(access).toContainEqual(
      expect.objectContaining({
        method: "GET",
        path: `/${app}/s/x`,
        application: app,
        service: "s",
        status: 200,
        targetStatus: 200,
      }),
    );
    expect(gateway.output()).toContain("target_unreachable");
    expect(gateway.output()).not.toContain("hidden");
    expect(gateway.output()).not.toContain("very-secret");
    expect(gateway.output()).not.toContain(Buffer.from("u:very-secret").toString("base64"));
  }, 30_000);

  test("serves on for a while when it is stopped, and says that it is not ready", async () => {
    const app = world.api();
    const gateway = await running("--drainDelay=1");
    const { proxy, external } = gateway.ports;
    gateway.process.kill("SIGTERM");
    await until(async () => (await call(external, "/v1/ready")).status === 503);
    expect((await call(proxy, `/${app}/s/x`)).status).toBe(200);
    expect((await call(external, "/v1/health")).status).toBe(200);
    expect(await gateway.ended).toBe(0);
  }, 30_000);

  test("does not wait for clients that only keep their connections", async () => {
    const app = world.api();
    const gateway = await running("--shutdownTimeout=20");
    for (let client = 0; client < 20; client++) {
      const socket = await open(gateway.ports.proxy);
      socket.write(`GET /${app}/s/x HTTP/1.1\r\nHost: x\r\n\r\n`);
      await once(socket, "data");
    }
    const stoppedAt = Date.now();
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(10_000);
  }, 40_000);

  test("ends calls that outlast the time to stop", async () => {
    const app = world.api();
    const gateway = await running("--shutdownTimeout=1");
    const socket = await open(gateway.ports.proxy);
    socket.write(`GET /${app}/s/sse?interval_ms=50 HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.on("error", () => undefined);
    await once(socket, "data");
    gateway.process.kill("SIGINT");
    await once(socket, "close");
    expect(await gateway.ended).toBe(0);
  }, 30_000);

  test("explains its flags", async () => {
    const { process, output } = program("--help");
    expect(await exit(process)).toBe(0);
    for (const flag of [
      "apiServerURL",
      "kubeConfig",
      "applicationSecretsNamespace",
      "externalAPIPort",
      "proxyPort",
      "proxyPortCompass",
      "logLevel",
      "proxyCacheTTL",
      "proxyTimeout",
      "requestTimeout",
    ]) {
      expect(output()).toContain(`--${flag}`);
    }
  });

  test.each([["--nonsense=1"], ["--proxyTimeout=soon"], ["--proxyPort"]])(
    "refuses %s with exit code 2",
    async (flag) => {
      const { process, output } = program(flag);
      expect(await exit(process)).toBe(2);
      expect(output()).toContain(flag.slice(2).split("=")[0]);
    },
  );

  test("says in one sentence that a kubeconfig is missing", async () => {
    const { process, output } = program("--kubeConfig=/no/such/file");
    expect(await exit(process)).toBe(1);
    expect(output()).toContain("/no/such/file");
    expect(output()).not.toMatch(/^ +at /m);
  });

  test("says which flag to change when a port is taken", async () => {
    const taken = world.gateway.ports.proxy;
    const { process, output } = program(
      `--kubeConfig=${world.kubeconfig}`,
      "--listenAddress=127.0.0.1",
      "--externalAPIPort=0",
      `--proxyPort=${taken}`,
    );
    expect(await exit(process)).not.toBe(0);
    expect(output()).toContain(`port ${taken} is in use; give another with --proxyPort`);
  });
});

function running(...flags: string[]): Promise<Running> {
  return runningWith(world.kubeconfig, ...flags);
}
