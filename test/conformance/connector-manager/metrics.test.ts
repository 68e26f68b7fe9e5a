import { serviceAccounts } from "@application-connector/kube";
import { Agent, request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { createWorld, moduleNamespace, until, type World } from "./world.ts";

test("B32 metrics are told over TLS to whom the cluster lets get them, and to nobody else", async () => {
  const world = await createWorld({ definitions: [] });
  const manager = await world.manager({ metricsSecure: true });
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  onTestFinished(() => dispatcher.destroy());
  const ask = async (authorization?: string) => {
    const { statusCode, body } = await request(`https://127.0.0.1:${manager.ports.metrics}/metrics`, {
      dispatcher,
      headers: authorization === undefined ? {} : { authorization },
    });
    return [statusCode, await body.text()] as const;
  };
  const statusFor = async (token: string) => (await ask(`Bearer ${token}`))[0];

  expect(await ask()).toEqual([401, ""]);
  expect(await ask("Basic YTpi")).toEqual([401, ""]);
  expect(await statusFor("made.up.token")).toBe(401);
  const [stranger, scraper] = [await tokenOf(world, "stranger"), await tokenOf(world, "scraper")];
  await world.create("clusterRole", {
    metadata: { name: "scraper" },
    rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }],
  });
  await world.create("clusterRoleBinding", {
    metadata: { name: "scraper" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "scraper" },
    subjects: [{ kind: "ServiceAccount", name: "scraper", namespace: moduleNamespace }],
  });
  expect(await statusFor(stranger)).toBe(403);
  await until(async () => (await statusFor(scraper)) === 200);
  expect((await ask(`Bearer ${scraper}`))[1]).toContain("acm_reconcile_total");
  await expect(fetch(`http://127.0.0.1:${manager.ports.metrics}/metrics`)).rejects.toThrow();

  // Who was let in is known for a minute, whatever becomes of the API server; others are not let in meanwhile.
  await world.server.kill();
  expect(await statusFor(scraper)).toBe(200);
  expect(await statusFor("another.made.up")).toBe(503);
}, 60_000);

async function tokenOf(world: World, name: string): Promise<string> {
  await world.create("serviceAccount", { metadata: { name } });
  const { body } = await world.client.send<{ status: { token: string } }>({
    verb: "create",
    method: "POST",
    resource: serviceAccounts,
    target: { namespace: moduleNamespace, name, subresource: "token" },
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  return body.status.token;
}
