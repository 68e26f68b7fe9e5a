import { expect, test } from "vitest";
import { type Any, kindOf } from "./kinds.ts";
import { obsolete, upstreamRelease } from "./upstream-release.ts";
import { agent, createWorld, gateway, until, validator, type World } from "./world.ts";

test("CM-47 what upstream 1.2.0 installed is taken over in place, its pods one after the other, and what we do not need goes", async () => {
  const world = await createWorld({ controllers: true });
  await world.create("secret", { metadata: { name: "compass-agent-configuration" }, data: { TOKEN: "YQ==" } });
  const uids = await installUpstream(world);
  for (const name of [gateway, validator]) {
    await world.patch("deployment", name, { spec: { replicas: 2 } }, { subresource: "scale" });
  }
  await world.ready(gateway, validator, agent);
  await world.create("application", { metadata: { name: "crm" }, spec: { description: "theirs" } });

  const availability = world.server.hasControllers ? watchAvailability(world) : undefined;
  await world.connect({ domainName: "upstream.example", networkPoliciesEnabled: true });
  await world.manager();
  // Each program waits for the one before it, and only where nobody else does is it we who say that it is there.
  const image = async (name: string) =>
    (await world.get("deployment", name))?.["spec"].template.spec.containers[0].image as string;
  for (const name of [validator, gateway, agent]) {
    await until(
      async () => !(await image(name)).startsWith("europe-docker.pkg.dev"),
      60_000,
      () => name,
    );
    await world.ready(name);
  }
  await world.reachesState("Ready");
  if (availability) expect(await availability.stop()).toEqual({ [gateway]: 2, [validator]: 2 });

  for (const [object, uid] of uids) {
    const { name, namespace } = object.metadata;
    const what = `${object.kind} ${name}`;
    const now = await world.get(kindOf(object.kind), name, namespace);
    if (name === obsolete) expect(now, what).toBeUndefined();
    else expect(now?.metadata.uid, what).toBe(uid);
    if (object.kind !== "CustomResourceDefinition") expect(now?.metadata.finalizers ?? [], what).toEqual([]);
  }
  expect((await world.get("application", "crm"))?.["spec"].description).toBe("theirs");
  await expectWhatWeDoOtherwise(world);
}, 240_000);

/** As upstream's manager applies it; resolves with what was made, and its uid. */
async function installUpstream(world: World): Promise<Map<Any, string>> {
  const uids = new Map<Any, string>();
  for (const object of upstreamRelease("upstream.example")) {
    const isRoute = object.apiVersion?.startsWith("networking.istio.io") ?? false;
    const wanted = isRoute ? { ...object, apiVersion: "networking.istio.io/v1" } : object;
    const made = await world.applyAs("application-connector-manager", kindOf(object.kind), wanted);
    uids.set(object, made.metadata.uid ?? "");
  }
  expect(uids.size).toBe(45);
  return uids;
}

/** B1, B20, U11: fields of upstream that we do not send are gone, not only covered. */
async function expectWhatWeDoOtherwise(world: World): Promise<void> {
  const role = (await world.get("clusterRole", `${gateway}-role`)) as Any;
  expect(JSON.stringify(role["rules"])).not.toContain("secrets");
  const binding = (await world.get("clusterRoleBinding", `${gateway}-rolebinding`)) as Any;
  expect(binding["subjects"]).toEqual([{ kind: "ServiceAccount", name: gateway, namespace: "kyma-system" }]);
  const container = (await world.get("deployment", gateway))?.["spec"].template.spec.containers[0];
  expect(container.args[0]).toBe("--proxyPort=8080");
  const env: Any[] = (await world.get("deployment", agent))?.["spec"].template.spec.containers[0].env;
  expect(env.filter(({ name }) => name === "APP_SKIP_COMPASS_TLS_VERIFY")).toEqual([
    { name: "APP_SKIP_COMPASS_TLS_VERIFY", value: "false" },
  ]);
  for (const name of [gateway, validator]) {
    const { managedFields = [] } = ((await world.get("deployment", name)) as Any).metadata;
    const ours = managedFields.filter(({ manager }) => manager === "application-connector-manager");
    expect(JSON.stringify(ours)).not.toContain("f:replicas");
  }
}

/** The fewest pods that were available of what carries calls and events. */
function watchAvailability(world: World) {
  const fewest: Record<string, number> = {};
  let ends = false;
  const watching = (async () => {
    while (!ends) {
      for (const name of [gateway, validator]) {
        const available = (await world.get("deployment", name))?.["status"]?.availableReplicas ?? 0;
        fewest[name] = Math.min(fewest[name] ?? Number.POSITIVE_INFINITY, available);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      ends = true;
      await watching;
      return fewest;
    },
  };
}
