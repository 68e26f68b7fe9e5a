import { expect, test } from "vitest";
import { call } from "./http.ts";
import { type Running, running } from "./program.ts";
import { until, useWorld } from "./world.ts";

const world = useWorld();

test("the started program writes one JSON line per request: what was called, how it ended, and how long it took", async () => {
  const secretName = world.secret({ username: "u", password: "hidden-password" });
  const app = world.api({ credentials: { type: "Basic", secretName } });
  await world.settled();
  const gateway = await running(world.kubeconfig, "--accessLog");
  const { proxy } = gateway.ports;
  const headers = ["X-Request-Id", "one", "Authorization", "Bearer hidden-token"];
  await call(proxy, `/${app}/s/status/503?key=hidden-query`, { method: "POST", body: "12345", headers });
  await call(proxy, `/${app}/s/broken/reset-before-head`, { headers: ["X-Request-Id", "two"] });
  await call(proxy, `/${app}/none`, { headers: ["X-Request-Id", "three"] });
  await until(() => access(gateway).length === 3);
  const [one, two, three] = access(gateway);
  const common = { level: "info", msg: "request", client: "127.0.0.1", application: app, service: "s", entry: "" };
  expect(one).toMatchObject({
    ...common,
    requestId: "one",
    method: "POST",
    path: `/${app}/s/status/503`,
    status: 502,
    targetStatus: 503,
    origin: "target",
    requestBytes: 5,
    complete: true,
    retried: false,
  });
  for (const name of ["durationMs", "configMs", "authMs", "targetMs"]) expect(one?.[name]).toBeGreaterThan(0);
  expect(two).toMatchObject({ ...common, requestId: "two", status: 502, origin: "gateway" });
  expect(two).toMatchObject({ error: "target_unreachable" });
  expect(three).toMatchObject({ application: "", requestId: "three", status: 404, error: "entry_not_found" });
  expect(gateway.output()).not.toContain("hidden");
});

test("the lines can be switched off and on while the program runs", async () => {
  const app = world.api();
  await world.settled();
  const gateway = await running(world.kubeconfig, "--accessLog");
  const { proxy, external } = gateway.ports;
  const level = (name: string) => call(external, "/v1/loglevel", { method: "PUT", body: `{"level":"${name}"}` });
  await level("warn");
  await call(proxy, `/${app}/s/x`, { headers: ["X-Request-Id", "off"] });
  await level("info");
  await call(proxy, `/${app}/s/x`, { headers: ["X-Request-Id", "on"] });
  await until(() => access(gateway).length > 0);
  expect(access(gateway).map(({ requestId }) => requestId)).toEqual(["on"]);
});

function access({ output }: Running): Record<string, unknown>[] {
  const lines = output().split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request");
}
