import path from "node:path";
import { type BundleSettings, defaultSettings, render } from "@application-connector/connector-manager/bundle";
import { chart } from "@application-connector/connector-manager/chart";
import { knownTypes } from "@application-connector/credentials";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, hasApiServer, startCluster } from "./cluster.ts";
import { installations, installed } from "./rendered.ts";

/** In the version that needs no manager to be read. */
const stored = "applicationconnectors.v1alpha1.operator.kyma-project.io";
const example = path.resolve(import.meta.dirname, "../../docs/examples/application-connector.yaml");

describe.skipIf(!hasApiServer)("at a real API server", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  test.for(Object.keys(installations))("CM-54 every object is accepted: %s", async (name) => {
    // The object that the release makes when its definition is there; the next test sees it.
    const objects = (await installed(name)).filter(({ kind }) => kind !== "ApplicationConnector");
    const answer = await cluster.kubectl(["apply", "--dry-run=server", "--validate=strict", "-f", "-"], { objects });
    const lines = answer.split("\n").filter((line) => line !== "");
    expect(lines.filter((line) => !line.includes("(server dry run)"))).toEqual([]);
    expect(lines.length).toBe(objects.length);
  });

  test("a release is installed, upgraded and removed; what decides about data stays", async () => {
    await cluster.helm("install", "ac", chart, "--set=defaultCR.create=true,domainName=first.example");
    const read = (field: string) =>
      cluster.kubectl(["get", stored, "default", "-n", "kyma-system", `-o=jsonpath={${field}}`]);
    expect(await read(".spec.domainName")).toBe("first.example");
    const uid = await read(".metadata.uid");
    const examples = ["apply", "--dry-run=server", "--validate=strict", `-f=${example}`];
    expect(await cluster.kubectl(examples)).toContain("applicationconnector.operator.kyma-project.io/default");

    await cluster.helm("upgrade", "ac", chart, "--set=defaultCR.create=true,domainName=second.example");
    expect([await read(".metadata.uid"), await read(".spec.domainName")]).toEqual([uid, "first.example"]);

    await cluster.helm("uninstall", "ac");
    expect(await read(".metadata.uid")).toBe(uid);
    const left = await cluster.kubectl([
      "get",
      "deployment,clusterrole",
      "-A",
      "-l",
      "control-plane=controller-manager",
      "-o=name",
    ]);
    expect(left.trim()).toBe("");

    await cluster.helm("install", "ac", chart, "--set=defaultCR.create=true,domainName=third.example");
    expect([await read(".metadata.uid"), await read(".spec.domainName")]).toEqual([uid, "first.example"]);
    await cluster.helm("uninstall", "ac");
  }, 120_000);

  test("with the manager's rights everything that it installs can be installed, followed and removed", async () => {
    await cluster.helm("install", "ac", chart);
    const everything: BundleSettings = {
      ...defaultSettings,
      domainName: "example.com",
      gateway: { ...defaultSettings.gateway, allowedNamespaces: { selector: { matchLabels: { a: "b" } }, names: [] } },
    };
    const shapes: BundleSettings[] = [
      { ...everything, networkPolicies: { mode: "DefaultDeny", externalCIDRs: [], apiServerPorts: [] } },
      { ...everything, networkPolicies: { mode: "Allow", externalCIDRs: [], apiServerPorts: [] } },
      { ...everything, ingress: { ...everything.ingress, mode: "GatewayAPI", gatewayClassName: "any" } },
      { ...everything, ingress: { ...everything.ingress, mode: "BuiltIn" } },
    ];
    const apply = [
      "apply",
      "--server-side",
      "--field-manager=application-connector-manager",
      "--validate=strict",
      "-f",
      "-",
    ];
    for (const settings of shapes) {
      const objects = render(settings);
      const answer = await cluster.kubectl(apply, { as: "manager", objects });
      expect(answer.split("\n").filter((line) => /serverside-applied/.test(line)).length).toBe(objects.length);
    }
    const objects = shapes.flatMap(render).filter(({ kind }) => kind !== "CustomResourceDefinition");
    await cluster.kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], { as: "manager", objects });

    const can = async (...request: string[]) =>
      (
        await cluster.kubectl(["auth", "can-i", ...request], { as: "manager" }).catch((error: Error) => error.message)
      ).trim();
    for (const request of [
      ["list", "secrets", "--all-namespaces"],
      ["get", "secrets", "-n", "default"],
      ["get", "secrets", "-n", "istio-system"],
      ["patch", "clusterrole/cluster-admin"],
      ["delete", "crd/gateways.networking.istio.io"],
      ["create", "clusterrolebindings"],
      ["delete", "namespaces"],
      ["create", "deployments", "-n", "default"],
      ["escalate", "clusterroles"],
    ]) {
      expect(await can(...request), request.join(" ")).toMatch(/\bno\b/);
    }
  }, 120_000);

  test("whoever writes an Application that cannot work is warned, and not refused", async () => {
    const objects = render(defaultSettings).filter(({ kind }) => /Definition$|^ValidatingAdmissionPolicy/.test(kind));
    await cluster.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], { objects });
    await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
    const entry = (type: string, more: object = {}) => ({
      type: "API",
      credentials: { type, secretName: "s" },
      ...more,
    });
    const service = (name: string, displayName: string, ...entries: object[]) => {
      return { id: name, name, displayName, description: "", providerDisplayName: "", entries };
    };
    const written = (...services: object[]) =>
      cluster.kubectl(["apply", "--dry-run=server", "-f", "-"], {
        objects: [
          {
            apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
            kind: "Application",
            metadata: { name: "warned" },
            spec: { services },
          },
        ],
      });
    const target = { targetUrl: "https://example.com" };
    const bad = [service("a", "Orders API", entry("Basic")), service("a", "orders-api", entry("Basik", target))];
    // It takes the server a moment to notice a policy.
    await expect.poll(() => written(...bad), { timeout: 30_000, interval: 500 }).toContain("has no targetUrl");
    const answer = await written(...bad);
    expect(answer).toContain("two services have the same name");
    expect(answer).toContain("display names that are the same");
    expect(answer).toContain("a type that the gateway does not know");
    expect(answer).toContain("warned created (server dry run)");
    const good = [...knownTypes].map((type, index) => service(`s${index}`, `S ${index}`, entry(type, target)));
    expect(await written(...good)).not.toContain("Warning");
  }, 60_000);
});
