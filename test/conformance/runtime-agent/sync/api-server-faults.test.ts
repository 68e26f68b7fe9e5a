import { expect, test } from "vitest";
import { api, basic } from "./formation.ts";
import { createWorld, until, type World } from "./world.ts";

const bundle = (password: string) => ({
  name: "b",
  defaultInstanceAuth: { ...basic("u", password), additionalHeaders: { "X-A": [password] } },
  apiDefinitions: [api("a")],
});

/** A whole life: two come, one changes, one goes, while every so many calls to the API server fail. */
async function live({ admin, round }: World): Promise<void> {
  const gone = await admin.register({ name: "gone", bundles: [bundle("1")] });
  const changed = await admin.register({ name: "changed", bundles: [bundle("1")] });
  await round();
  await admin.unassign(gone);
  await admin.describe(changed, "changed");
  await admin.updateBundle((await admin.bundlesOf(changed))[0]?.id ?? "", {
    name: "b",
    defaultInstanceAuth: basic("u", "2"),
  });
  await admin.register({ name: "new", bundles: [bundle("3")] });
  await round();
}

async function isConverged(world: World): Promise<boolean> {
  const outcome = await world.round();
  return outcome.result === "synchronized" && outcome.conditions.every(({ status }) => status === "True");
}

const verbs = [
  ["create", "applications"],
  ["patch", "applications"],
  ["delete", "applications"],
  ["get", "applications"],
  ["create", "secrets"],
  ["patch", "secrets"],
  ["delete", "secrets"],
  ["get", "secrets"],
] as const;
type Fault = (world: World, scope: { verb: string; resource: string; times: number }) => unknown;
const faults: Record<string, Fault> = {
  conflict: ({ kubeApi }, scope) => kubeApi.faults.status(409, scope),
  forbidden: ({ kubeApi }, scope) => kubeApi.faults.status(403, scope),
  "too many requests": ({ kubeApi }, scope) => kubeApi.faults.status(429, { ...scope, times: 1, retryAfterSeconds: 1 }),
  "internal error": ({ kubeApi }, scope) => kubeApi.faults.status(500, scope),
  unavailable: ({ kubeApi }, scope) => kubeApi.faults.status(503, scope),
  reset: ({ kubeApi }, scope) => kubeApi.faults.reset(scope),
};

test.each(Object.keys(faults))(
  "an API server that answers %s to any write leaves the same state in the end",
  async (kind) => {
    const world = await createWorld();
    for (const [verb, resource] of verbs) faults[kind]?.(world, { verb, resource, times: 2 });
    await live(world);
    await until("it has converged", () => isConverged(world));
    expect(world.applications().map(({ metadata }) => metadata["name"])).toEqual(["mp-changed", "mp-new"]);
    const secrets = Object.entries(world.secrets()).map(([name, data]) => [name.replace(/-[0-9a-f-]{36}$/, ""), data]);
    expect(secrets).toEqual([
      ["mp-changed", { username: "u", password: "2" }],
      ["mp-new", { username: "u", password: "3" }],
      ["params-mp-new", { headers: '{"X-A":["3"]}' }],
    ]);
  },
);

test("an API server that is away refuses the round at once, and is caught up with afterwards", async () => {
  const world = await createWorld();
  world.ucl.seed({ applications: { count: 300, bundles: 0, formations: ["formation-1"] } });
  const forgive = world.kubeApi.faults.status(503, { verb: "create", resource: "applications" });
  world.kubeApi.requests.clear();
  const outcome = await world.round();
  expect(outcome).toMatchObject({ result: "apply-refused", error: { message: expect.stringContaining("away") } });
  expect(world.kubeApi.requests.count({ verb: "create", resource: "applications" })).toBeLessThan(300);
  forgive();
  expect((await world.round()).result).toBe("synchronized");
  expect(world.applications()).toHaveLength(300);
}, 30_000);
