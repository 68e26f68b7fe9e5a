import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkConfig, schema, start } from "@application-connector/connectivity-validator";
import { defaultSettings, render } from "@application-connector/connector-manager/bundle";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { loadConfig } from "@application-connector/service";
import { expect, onTestFinished, test } from "vitest";
import { application, manifestFlags } from "./world.ts";

const account = "system:serviceaccount:kyma-system:central-application-connectivity-validator";

test("the rights that are installed are enough for all that the validator does, and none is left over", async () => {
  const cluster = await startKubeApi({ crds: customResourceDefinitions });
  onTestFinished(() => cluster.stop());
  cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kyma-system" } });
  const installed = render(defaultSettings).filter(
    ({ kind, metadata }) => /Role/.test(kind) && metadata.name.startsWith("central-application-connectivity-validator"),
  );
  for (const object of installed) cluster.apply({ ...object, metadata: { ...object.metadata } });
  cluster.addUser({ token: "token-of-the-validator", name: account });
  const folder = await mkdtemp(path.join(tmpdir(), "validator-rights-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const kubeconfig = path.join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig("token-of-the-validator"));
  cluster.apply(
    application(
      "mistaken",
      {},
      { annotations: { "inbound.applicationconnector.kyma-project.io/max-body-bytes": "x" } },
    ),
  );

  const config = loadConfig(schema, [...manifestFlags, `--kubeconfig=${kubeconfig}`], {}, checkConfig);
  const validator = await start(config);
  onTestFinished(() => validator.stop());
  const asked = () => cluster.requests.list({ user: account });
  await expect
    .poll(() => asked().some(({ resource, verb }) => resource === "events" && verb === "create"), { timeout: 15_000 })
    .toBe(true);
  // Lists are for servers that do not stream them, gets for whoever looks at one, patches for Events that come again.
  expect(new Set(asked().map(({ verb, resource }) => `${verb} ${resource}`))).toEqual(
    new Set(["watch applications", "create events"]),
  );
  expect(asked().filter(({ status }) => status === 403)).toEqual([]);
});
