import { once } from "node:events";
import { createServer } from "node:net";
import { type Config, checkConfig, schema, start } from "@application-connector/connector-manager";
import { chart } from "@application-connector/connector-manager/chart";
import { loadConfig } from "@application-connector/service";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Cluster, hasApiServer, startCluster } from "./cluster.ts";

const kind = "applicationconnectors.%.operator.kyma-project.io";
const secret = "application-connector-webhook-cert";
const definition = "crd/applicationconnectors.operator.kyma-project.io";

// What the release installs, run with exactly its rights: only the way from the API server to the manager is another one.
describe.skipIf(!hasApiServer)("the webhook of an installed release", () => {
  let cluster: Cluster;
  let url: string;
  let port: number;
  beforeAll(async () => {
    cluster = await startCluster();
    port = await freePort();
    url = `https://127.0.0.1:${port}/convert`;
    await cluster.helm("install", "ac", chart, `--set=manager.webhook.url=${url}`);
  });
  afterAll(() => cluster.stop());

  const read = async (version: string, name: string): Promise<{ metadata: { annotations?: object }; spec: object }> =>
    JSON.parse(await cluster.kubectl(["get", kind.replace("%", version), name, "-n=kyma-system", "-o=json"]));
  const write = (version: string, name: string, spec: object) =>
    cluster.kubectl(["apply", "--validate=strict", "-f", "-"], {
      objects: [
        {
          apiVersion: `operator.kyma-project.io/${version}`,
          kind: "ApplicationConnector",
          metadata: { name, namespace: "kyma-system" },
          spec,
        },
      ],
    });
  const field = (what: string, path: string) =>
    cluster.kubectl(["get", what, "-n=kyma-system", "--ignore-not-found", `-o=jsonpath={${path}}`]);

  async function manager(overrides: Partial<Config> = {}) {
    const config = {
      ...loadConfig(schema, [`--webhook-url=${url}`, `--webhook-port=${port}`], {}, checkConfig),
      metricsBindAddress: "127.0.0.1:0",
      healthProbeBindAddress: "127.0.0.1:0",
      kubeconfig: cluster.managerKubeconfig,
      ...overrides,
    } as Config;
    const lines: string[] = [];
    const started = await start(config, undefined, { logDestination: { write: (line) => void lines.push(line) } });
    let isStopped = false;
    const stop = async () => {
      if (!isStopped) await started.stop();
      isStopped = true;
    };
    onTestFinished(stop);
    const health = `http://127.0.0.1:${started.ports.health}/readyz`;
    await expect
      .poll(async () => (await fetch(health)).status, { timeout: 30_000, interval: 100, message: lines.join("") })
      .toBe(200);
    return { ...started, stop, metricsUrl: `http://127.0.0.1:${started.ports.metrics}/metrics` };
  }

  test("B25 both versions are read and written, whichever an object was written in; it is stored as v1alpha1", async () => {
    await write("v1alpha1", "first", { domainName: "a.example", networkPoliciesEnabled: true });
    const stored = await read("v1alpha1", "first");
    const { metricsUrl } = await manager();
    await expect.poll(() => read("v1beta1", "first").then(Boolean, String), { timeout: 20_000 }).toBe(true);
    expect((await read("v1beta1", "first")).spec).toMatchObject({
      domainName: "a.example",
      gateway: { proxyTimeout: "10s" },
      networkPolicies: { mode: "Allow" },
    });

    await cluster.kubectl([
      "patch",
      kind.replace("%", "v1beta1"),
      "first",
      "-n=kyma-system",
      "--type=merge",
      '-p={"spec":{"gateway":{"logLevel":"debug"}}}',
    ]);
    const { spec, metadata } = await read("v1alpha1", "first");
    expect(spec).toEqual({
      ...stored.spec,
      appGateway: { ...(stored.spec as { appGateway: object }).appGateway, logLevel: "debug" },
    });
    expect(JSON.stringify(metadata.annotations)).not.toContain("kept-fields");

    await write("v1beta1", "second", { domainName: "b.example", ingress: { mode: "BuiltIn", istio: {} } });
    expect((await read("v1alpha1", "second")).spec).toMatchObject({
      domainName: "b.example",
      networkPoliciesEnabled: false,
      ingress: { mode: "BuiltIn", serviceType: "LoadBalancer" },
    });
    expect((await read("v1beta1", "second")).spec).toMatchObject({ ingress: { istio: {} } });
    const rejected = write("v1beta1", "third", { gateway: { proxyTimeout: "abc" } });
    await expect(rejected).rejects.toThrow("must be a duration such as 10s");
    expect(await field(definition, ".status.storedVersions")).toBe('["v1alpha1"]');
    expect(await (await fetch(metricsUrl)).text()).toMatch(/acm_webhook_conversions_total\{result="success"\} [1-9]/);
  }, 90_000);

  test("B25 a certificate that does not do is replaced, and API servers believe its successor", async () => {
    await write("v1alpha1", "first", { domainName: "a.example" });
    await manager();
    await expect.poll(() => read("v1beta1", "first").then(Boolean, String), { timeout: 20_000 }).toBe(true);
    const before = await field(`secret/${secret}`, ".data.tls\\.crt");
    const bundle = await field(definition, ".spec.conversion.webhook.clientConfig.caBundle");
    await cluster.kubectl(["delete", "secret", secret, "-n=kyma-system"]);
    await expect
      .poll(() => field(definition, ".spec.conversion.webhook.clientConfig.caBundle"), { timeout: 20_000 })
      .not.toBe(bundle);
    expect(await field(`secret/${secret}`, ".data.tls\\.crt")).not.toBe(before);
    // The API server keeps connections that it trusts; a new one must be believed as well.
    await expect.poll(() => read("v1beta1", "first").then(Boolean, String), { timeout: 20_000 }).toBe(true);
    const broken = '{"data":{"tls.crt":"aGVsbG8="}}';
    await cluster.kubectl(["patch", "secret", secret, "-n=kyma-system", "--type=merge", `-p=${broken}`]);
    await expect.poll(() => field(`secret/${secret}`, ".data.tls\\.crt"), { timeout: 20_000 }).not.toBe("aGVsbG8=");
    expect((await read("v1beta1", "first")).spec).toMatchObject({ domainName: "a.example" });
  }, 90_000);

  test("B25 without the webhook v1alpha1 is as before, v1beta1 says what is missing, and another manager heals it", async () => {
    await write("v1alpha1", "first", { domainName: "a.example" });
    const first = await manager();
    await expect.poll(() => read("v1beta1", "first").then(Boolean, String), { timeout: 20_000 }).toBe(true);
    await first.stop();
    await expect
      .poll(() => read("v1beta1", "first").then(JSON.stringify, String), { timeout: 20_000 })
      .toMatch(/conversion webhook for operator.kyma-project.io\/v1alpha1, Kind=ApplicationConnector failed/);
    await write("v1alpha1", "first", { domainName: "changed.example" });
    expect((await read("v1alpha1", "first")).spec).toMatchObject({ domainName: "changed.example" });
    const before = await field(`secret/${secret}`, ".data.tls\\.crt");
    await manager();
    await expect.poll(() => read("v1beta1", "first").then(Boolean, String), { timeout: 20_000 }).toBe(true);
    expect(await field(`secret/${secret}`, ".data.tls\\.crt"), "the certificate outlives the manager").toBe(before);
  }, 90_000);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
