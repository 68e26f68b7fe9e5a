import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const kubectl = process.env["KUBECTL"] ?? join(process.env["KUBEBUILDER_ASSETS"] ?? "", "kubectl");

let api: KubeApi;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubectl-"));
  api = await startKubeApi({ crds: customResourceDefinitions, users: [{ token: "limited", name: "limited" }] });
  await writeFile(join(folder, "config"), api.kubeconfig());
  await writeFile(join(folder, "limited"), api.kubeconfig("limited"));
});

afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  code: number | null;
  out: string;
  error: string;
}

function start(args: readonly string[], config = "config"): ChildProcess {
  const flags = [`--kubeconfig=${join(folder, config)}`, `--cache-dir=${join(folder, "cache")}`];
  return spawn(kubectl, [...flags, ...args], { stdio: ["pipe", "pipe", "pipe"] });
}

async function run(args: string, { input = "", config = "config" } = {}): Promise<Ran> {
  const child = start(args.split(" "), config);
  const ran: Ran = { code: null, out: "", error: "" };
  child.stdout?.on("data", (chunk) => {
    ran.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    ran.error += chunk;
  });
  child.stdin?.end(input);
  ran.code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  return ran;
}

/** What it printed, when it went well. */
async function printed(args: string, input = ""): Promise<string> {
  const { code, out, error } = await run(args, { input });
  expect(code, `kubectl ${args}: ${error}`).toBe(0);
  return out.trim();
}

const application = (description: string) => `
apiVersion: applicationconnector.kyma-project.io/v1alpha1
kind: Application
metadata: {name: crm}
spec:
  description: ${description}
  services: []
`;

const config = (data: object) =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" }, data });

if (!existsSync(kubectl)) {
  console.log(`no kubectl at ${kubectl}: it is not tried against the emulated API server`);
}

describe.runIf(existsSync(kubectl))("a real kubectl works with the emulated API server", () => {
  test("version, cluster resources and raw paths", async () => {
    expect(await printed("version")).toContain("Server Version: v1.36");
    expect(await printed("api-resources --api-group=applicationconnector.kyma-project.io")).toContain("Application");
    expect(await printed("get --raw /readyz")).toBe("ok");
    expect(await printed("get namespaces -o name")).toContain("namespace/default");
    expect(await printed("get crd -o name")).toContain("applications.applicationconnector.kyma-project.io");
  });

  test("create, get in every form, label, patch, edit, delete", async () => {
    expect(await printed("create secret generic s --from-literal=a=b")).toBe("secret/s created");
    expect(await printed("get secret s -o jsonpath={.data.a}")).toBe("Yg==");
    expect(await printed("get secret s -o yaml")).toContain("type: Opaque");
    expect(await printed("get secrets")).toMatch(/NAME +TYPE +DATA +AGE\ns +Opaque +1 +/);
    expect(await printed("label secret s tier=web")).toBe("secret/s labeled");
    expect(await printed("get secrets -l tier=web -o name")).toBe("secret/s");
    expect(await printed('patch secret s -p {"stringData":{"c":"d"}}')).toBe("secret/s patched");
    expect(await printed("annotate secret s note=x")).toBe("secret/s annotated");
    expect(await printed("describe secret s")).toMatch(/a: +1 bytes\nc: +1 bytes/);
    expect(await printed("delete secret s")).toMatch(/^secret "s" deleted/);
    const { code, error } = await run("get secret s");
    expect([code, error.trim()]).toEqual([1, 'Error from server (NotFound): secrets "s" not found']);
  });

  test("client-side apply creates, changes, removes and leaves alone", async () => {
    expect(await printed("apply -f -", config({ a: "1", b: "2" }))).toBe("configmap/cm created");
    expect(await printed("apply -f -", config({ a: "1", b: "2" }))).toBe("configmap/cm unchanged");
    expect(await printed("apply -f -", config({ a: "9" }))).toBe("configmap/cm configured");
    expect(JSON.parse(await printed("get cm cm -o json")).data).toEqual({ a: "9" });
    expect(await run("diff -f -", { input: config({ a: "10" }) })).toMatchObject({
      code: 1,
      out: expect.stringContaining('+  a: "10"'),
    });
  });

  test("server-side apply takes over from client-side apply, conflicts with others, and can be forced", async () => {
    expect(await printed("apply --server-side -f -", config({ a: "10" }))).toBe("configmap/cm serverside-applied");
    const refused = await run("apply --server-side --field-manager=other -f -", { input: config({ a: "11" }) });
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('conflict with "kubectl": .data.a') });
    await printed("apply --server-side --field-manager=other --force-conflicts -f -", config({ a: "11" }));
    expect(JSON.parse(await printed("get cm cm -o json")).data).toEqual({ a: "11" });
  });

  test("custom resources are applied, validated, printed, explained and waited for", async () => {
    expect(await printed("apply -f -", application("first"))).toMatch(/application\S* created/);
    expect(await printed("apply -f -", application("second"))).toMatch(/application\S* configured/);
    expect(await printed("apply --server-side --force-conflicts -f -", application("third"))).toMatch(
      /serverside-applied/,
    );
    expect(await printed("get applications")).toMatch(/^NAME/);
    expect(await printed("get application crm -o jsonpath={.spec.description}")).toBe("third");
    expect(await printed("explain application.spec.description")).toContain("FIELD: description <string>");
    const unknown = await run("apply --validate=strict -f -", { input: application("x\n  colour: red") });
    expect(unknown).toMatchObject({ code: 1, error: expect.stringContaining('unknown field "spec.colour"') });
    const wrong = await run("apply -f -", { input: application("7") });
    expect(wrong).toMatchObject({ code: 1, error: expect.stringContaining("spec.description: Invalid value") });
    expect(await printed("wait --for=condition=Established crd --all --timeout=10s")).toContain("condition met");
    expect(await printed("wait --for=jsonpath={.spec.description}=third application/crm --timeout=10s")).toContain(
      "met",
    );
    expect(await printed("explain secret.data")).toContain("FIELD: data <map[string]string>");
  });

  test("get -w shows changes as they happen", async () => {
    api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "watched" } });
    const child = start(["get", "cm", "watched", "-w", "--output-watch-events"]);
    let out = "";
    child.stdout?.on("data", (chunk) => {
      out += chunk;
    });
    const seen = async (text: RegExp) => expect.poll(() => out, { timeout: 15_000 }).toMatch(text);
    await seen(/ADDED +watched +0/);
    await printed('patch cm watched -p {"data":{"a":"1"}}');
    await seen(/MODIFIED +watched +1/);
    await printed("delete cm watched --wait=false");
    await seen(/DELETED +watched +1/);
    child.kill();
  });

  test("auth can-i and whoami tell rights and names", async () => {
    expect(await printed("auth can-i list secrets")).toBe("yes");
    expect(await run("auth can-i list secrets", { config: "limited" })).toMatchObject({ code: 1, out: "no\n" });
    const refused = await run("get secrets", { config: "limited" });
    expect(refused.error).toContain(
      'User "limited" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    await printed("create role reader --verb=get,list --resource=secrets");
    await printed("create rolebinding reader --role=reader --user=limited");
    expect(await run("auth can-i list secrets", { config: "limited" })).toMatchObject({ code: 0, out: "yes\n" });
    expect((await run("auth whoami", { config: "limited" })).out).toContain("limited");
  });

  test("deployments are created and scaled, namespaces come and go", async () => {
    await printed("create namespace team");
    await printed("create deployment web --image=nginx --replicas=2 -n team");
    expect(await printed("scale deployment web --replicas=3 -n team")).toBe("deployment.apps/web scaled");
    expect(await printed("get deployments -n team")).toMatch(/web +0\/3/);
    expect(await printed("create serviceaccount robot -n team")).toBe("serviceaccount/robot created");
    const token = await printed("create token robot -n team");
    await writeFile(join(folder, "robot"), api.kubeconfig(token));
    expect((await run("auth whoami", { config: "robot" })).out).toContain("system:serviceaccount:team:robot");
    expect(await printed("delete namespace team")).toContain('namespace "team" deleted');
    expect((await run("get namespace team")).code).toBe(1);
  });
});
