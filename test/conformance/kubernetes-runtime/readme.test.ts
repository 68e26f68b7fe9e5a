import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { configMaps, leases } from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { createWorld } from "./world.ts";

const library = path.resolve(import.meta.dirname, "../../../libs/kube");
const example = path.join(library, "examples/greeter.ts");

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

test("the controller of the README is the example", async () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(await readFile(path.join(library, "README.md"), "utf8")) ?? [];
  expect(shown).toBe(await readFile(example, "utf8"));
});

test("the example greets, once, and gives its lease back when it is told to end", async () => {
  const { admin, namespace } = await createWorld(server);
  const folder = await mkdtemp(path.join(tmpdir(), "greeter-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const kubeconfig = path.join(folder, "config");
  await writeFile(kubeconfig, server.kubeconfig());
  const metadata = { name: "ada", namespace, labels: { greet: "" } };
  await admin.create(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata });

  const child = spawn(process.execPath, [example], {
    env: { KUBECONFIG: kubeconfig, NAMESPACE: namespace },
    stdio: "inherit",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const read = () => admin.get(configMaps, { name: "ada", namespace });
  await expect.poll(async () => (await read()).data, { timeout: 30_000 }).toEqual({ greeting: "Hello, ada!" });
  const contentType = "application/merge-patch+json" as const;
  const patched = await admin.patch(configMaps, metadata, { data: { more: "x" } }, { contentType });

  const exited = once(child, "exit");
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  expect((await admin.get(leases, { name: "greeter", namespace })).spec?.holderIdentity).toBe("");
  expect((await read()).metadata.resourceVersion).toBe(patched.metadata.resourceVersion);
});
