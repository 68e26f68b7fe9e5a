import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { schema as gateway } from "@application-connector/application-gateway";
import { schema as validator } from "@application-connector/connectivity-validator";
import { schema as manager } from "@application-connector/connector-manager";
import type { KubernetesObject } from "@application-connector/connector-manager/bundle";
import { chart, kubernetesVersion } from "@application-connector/connector-manager/chart";
import { schema as agent } from "@application-connector/runtime-agent";
import { loadConfig, optionsTable, type Schema } from "@application-connector/service";
import { expect, test } from "vitest";
import { byName, helm, helmObjects, helmTemplate } from "./helm.ts";
import { installations, installed, workloads } from "./rendered.ts";

const run = promisify(execFile);
const names = Object.keys(installations);

test("helm lint has nothing to say", async () => {
  const { stdout } = await run(helm, ["lint", "--strict", `--kube-version=${kubernetesVersion}`, chart]);
  expect(stdout).toContain("0 chart(s) failed");
});

test.for(names)("CM-54 the same values give the same bytes: %s", async (name) => {
  const values = installations[name] ?? {};
  expect(await helmTemplate(helm, values)).toBe(await helmTemplate(helm, values));
});

test.for(names)("the objects are called as before: %s", async (name) => {
  expect(Object.keys(byName(await installed(name)))).toMatchSnapshot();
});

test.for(names)("Pod Security `restricted` lets all pods in: %s", async (name) => {
  for (const { name: workload, pod } of workloads(await installed(name))) {
    expect(pod.spec.securityContext, workload).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const { securityContext } of pod.spec.containers) {
      expect(securityContext, workload).toMatchObject({
        runAsNonRoot: true,
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(securityContext["runAsUser"], workload).toBeGreaterThan(0);
    }
    for (const volume of pod.spec.volumes ?? []) expect(Object.keys(volume)).not.toContain("hostPath");
    const mounted = pod.spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    const given = (pod.spec.volumes ?? []).map(({ name }) => name);
    expect(mounted.filter((one) => one !== "spool").sort()).toEqual(given.filter((one) => one !== "spool").sort());
  }
});

const programs: Readonly<Record<string, Schema>> = {
  "central-application-gateway": gateway,
  "central-application-connectivity-validator": validator,
  "compass-runtime-agent": agent,
  "application-connector-controller-manager": manager,
};
/** Upstream's manifest has it; nothing reads it. */
const idle = new Set(["APP_UPLOAD_SERVICE_URL"]);

test.for(names)("every flag and variable is one of the program's, with a value that it takes: %s", async (name) => {
  for (const { name: workload, pod } of workloads(await installed(name))) {
    const schema = programs[workload] as Schema;
    expect(schema, workload).toBeDefined();
    const table = optionsTable(schema);
    for (const { args = [], env = [] } of pod.spec.containers) {
      expect(env.filter(({ name }) => !idle.has(name) && !table.includes(`\`${name}\``))).toEqual([]);
      const variables = Object.fromEntries(env.map(({ name, value = "" }) => [name, value]));
      expect(() => loadConfig(schema, args, variables)).not.toThrow();
      expect(args.map((arg) => arg.split("=")[0])).toEqual([...new Set(args.map((arg) => arg.split("=")[0]))]);
    }
  }
});

test("what the manager is told is what the values say", async () => {
  const told = async (values: object) => {
    const objects = await helmObjects(helm, values);
    const [found] = workloads(objects).filter(({ name }) => name === "application-connector-controller-manager");
    const [{ args = [], env = [] } = {}] = found?.pod.spec.containers ?? [];
    const variables = Object.fromEntries(env.map(({ name, value = "" }) => [name, value]));
    return loadConfig(manager, args, variables);
  };
  expect(await told({})).toMatchObject({
    leaderElect: true,
    metricsBindAddress: ":8080",
    healthProbeBindAddress: ":8081",
    imageGateway: "application-connector/application-gateway:0.1.0",
    imagePullPolicy: "IfNotPresent",
    imagePullSecrets: [],
    validatorSecurityProfile: "strict",
    webhookPort: 9443,
    webhookService: "kyma-system/application-connector-webhook",
    webhookUrl: "",
    webhookCertDir: "",
    logLevel: "info",
  });
  expect(
    await told({
      image: { registry: "registry.example.com", pullPolicy: "Always", pullSecrets: ["one", "two"] },
      manager: { leaderElection: false, logLevel: "debug", webhook: { certificateSecret: "own" } },
      components: { validator: { securityProfile: "compat" }, agent: { image: { reference: "other/agent:1" } } },
    }),
  ).toMatchObject({
    leaderElect: false,
    imageGateway: "registry.example.com/application-connector/application-gateway:0.1.0",
    imageAgent: "other/agent:1",
    imagePullPolicy: "Always",
    imagePullSecrets: ["one", "two"],
    validatorSecurityProfile: "compat",
    webhookCertDir: "/certificates",
    logLevel: "debug",
  });
  expect(await told({ manager: { webhook: { url: "https://10.0.0.1:9443/convert" } } })).toMatchObject({
    webhookUrl: "https://10.0.0.1:9443/convert",
  });
  expect(await told({ manager: { webhook: { enabled: false } } })).toMatchObject({ webhookPort: 0 });
});

test("B25 v1beta1 is served where there is somebody to convert it, and not otherwise", async () => {
  const definition = async (values: object) => {
    const objects = await helmObjects(helm, values);
    const found = objects.find(({ metadata }) => metadata.name.startsWith("applicationconnectors."));
    const { versions, conversion } = (found as KubernetesObject).spec as {
      versions: { name: string; served: boolean; storage: boolean }[];
      conversion?: unknown;
    };
    const service = objects.find(({ metadata }) => metadata.name === "application-connector-webhook");
    return { versions: versions.map(({ name, served, storage }) => [name, served, storage]), conversion, service };
  };
  expect(await definition({})).toMatchObject({
    versions: [
      ["v1alpha1", true, true],
      ["v1beta1", true, false],
    ],
    conversion: {
      strategy: "Webhook",
      webhook: { clientConfig: { service: { namespace: "kyma-system", path: "/convert", port: 443 } } },
    },
    service: { spec: { ports: [{ port: 443, targetPort: "https-webhook" }] } },
  });
  const off = await definition({ manager: { webhook: { enabled: false } } });
  expect(off.versions).toContainEqual(["v1beta1", false, false]);
  expect([off.conversion, off.service]).toEqual([undefined, undefined]);
});

test("only the mesh has sidecars, routes and rights in its namespace", async () => {
  for (const name of ["minimal", "Gateway API", "the validator's own port"]) {
    const text = JSON.stringify(await installed(name));
    expect(text).not.toContain("sidecar.istio.io");
    expect(text).not.toContain('"istio-system"');
    expect(text).not.toContain("istio.io/v1");
  }
  expect(JSON.stringify(await installed("Istio"))).toContain('"sidecar.istio.io/inject":"true"');
});

test("a replica that keeps events on disk has a volume of its own, or one of its Pod when that is wanted", async () => {
  const [durable] = (await installed("events on disk and into the stream")).filter(
    ({ kind }) => kind === "StatefulSet",
  );
  expect(durable?.spec).toMatchObject({
    volumeClaimTemplates: [{ metadata: { name: "spool" }, spec: { storageClassName: "fast" } }],
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
  });
  const objects = await installed("events on disk and into the stream");
  const autoscaler = objects.find(
    ({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name.endsWith("validator"),
  );
  expect(autoscaler?.spec).toMatchObject({ scaleTargetRef: { kind: "StatefulSet" } });
  const [passing] = workloads(await installed("events on a disk of the Pod")).filter(({ name }) =>
    name.endsWith("validator"),
  );
  expect(passing?.pod.spec.volumes).toContainEqual({ name: "spool", emptyDir: { sizeLimit: "2Gi" } });
});

test("the number of replicas is nobody's but the autoscaler's", async () => {
  for (const { kind, metadata, spec } of await installed("Istio")) {
    if (kind === "Deployment" && metadata.name !== "compass-runtime-agent") expect(spec).not.toHaveProperty("replicas");
  }
});

const everythingOn = "operator, everything on";
const workspace = path.resolve(import.meta.dirname, "../..");

/** What the reference pages list, and what every program has from prom-client. */
function knownMetrics(): Set<string> {
  const pages = ["application-gateway", "connectivity-validator", "runtime-agent"].map((name) =>
    readFileSync(path.join(workspace, `docs/reference/${name}-metrics.md`), "utf8"),
  );
  const rows = pages.flatMap((page) => [...page.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)]);
  return new Set([
    "process_resident_memory_bytes",
    ...rows.flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  ]);
}

/** The metrics that an expression asks for: words that are followed by labels, a range or nothing. */
function metricsOf(expression: string): string[] {
  const withoutTexts = expression.replace(/"[^"]*"/g, '""').replace(/\{[^}]*\}/g, "{}");
  const withoutLabels = withoutTexts.replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, "");
  return [...withoutLabels.matchAll(/\b([a-z][a-z0-9]*_[a-z0-9_]+)\b(?!\s*\()/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !["histogram_quantile", "label_values"].includes(name));
}

test("dashboards and alerts ask for metrics that there are", async () => {
  const objects = await installed(everythingOn);
  const boards = objects.filter(({ metadata }) => metadata.name.startsWith("application-connector-dashboard-"));
  const panels = boards
    .flatMap(({ data }) => Object.values(data as Record<string, string>))
    .flatMap((text) => (JSON.parse(text) as { panels: { targets: { expr: string }[] }[] }).panels);
  const rules = objects.filter(({ kind }) => kind === "PrometheusRule").flatMap(rulesOf);
  const asked = [...panels.flatMap(({ targets }) => targets), ...rules].flatMap(({ expr }) => {
    const metrics = metricsOf(expr);
    expect(metrics, expr).not.toEqual([]);
    return metrics;
  });
  expect(boards.length).toBe(4);
  expect(rules.length).toBeGreaterThan(10);
  const known = knownMetrics();
  expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
});

interface AlertRule {
  alert: string;
  expr: string;
  annotations: { runbook_url: string; summary: string };
}

const rulesOf = ({ spec }: KubernetesObject): AlertRule[] =>
  (spec as { groups: { rules: AlertRule[] }[] }).groups.flatMap(({ rules }) => rules);

test("every alert has a section of its runbook", async () => {
  const page = readFileSync(path.join(workspace, "docs/runbooks.md"), "utf8");
  const anchors = [...page.matchAll(/^## (\w+)$/gm)].map(([, title = ""]) => title.toLowerCase());
  const links = (await installed(everythingOn))
    .filter(({ kind }) => kind === "PrometheusRule")
    .flatMap(rulesOf)
    .map(({ annotations }) => annotations.runbook_url.split("#")[1] ?? "");
  expect(links.sort()).toEqual(anchors.sort());
});
