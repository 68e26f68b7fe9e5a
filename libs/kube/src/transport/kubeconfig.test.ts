import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadCluster } from "./cluster.ts";
import { chooseSource, KubeConfigError, loadConfig } from "./kubeconfig.ts";

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const one = `
current-context: one
clusters: [{ name: one, cluster: { server: "https://one.example:6443/", certificate-authority: pki/ca.crt } }]
users: [{ name: me, user: { tokenFile: token, as: someone, as-groups: [a, b] } }]
contexts: [{ name: one, context: { cluster: one, user: me, namespace: mine } }]
`;

test("a kubeconfig file names server, namespace, and files beside it", async () => {
  const folder = await folderWith({ config: one });
  const cluster = loadCluster({ kubeconfig: join(folder, "config") });
  expect(cluster).toMatchObject({ server: "https://one.example:6443", namespace: "mine", insecure: false });
  expect(cluster.load()).toMatchObject({
    cluster: { caFile: join(folder, "pki/ca.crt") },
    user: { tokenFile: join(folder, "token"), impersonateUser: "someone", impersonateGroups: ["a", "b"] },
  });
});

test("of several files the first that says something wins", async () => {
  const other = one.replaceAll("one", "two").replace("current-context: two", "");
  const folder = await folderWith({ first: other, second: one });
  const env = { KUBECONFIG: `${join(folder, "first")}:${join(folder, "second")}` };
  expect(loadConfig(chooseSource({}, env)).cluster.server).toBe("https://one.example:6443");
});

test("in a Pod the service account is used", async () => {
  const folder = await folderWith({ token: "t", "ca.crt": "c", namespace: "pods-own\n" });
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  expect(loadConfig(chooseSource({}, env, folder))).toMatchObject({
    cluster: { server: "https://[fd00::1]:443", caFile: join(folder, "ca.crt") },
    user: { tokenFile: join(folder, "token") },
    namespace: "pods-own",
  });
});

test("an address alone is enough, and overrides the one of a kubeconfig", () => {
  expect(loadConfig(chooseSource({ server: "http://127.0.0.1:8001" }, {})).user).toBeUndefined();
  const cluster = loadCluster({ kubeconfigText: one, server: "https://elsewhere:6443/k8s/" });
  expect(cluster.server).toBe("https://elsewhere:6443/k8s");
});

test.each([
  { text: one.replace("https:", "http:"), says: "without TLS" },
  { text: one.replace("https:", "ftp:"), says: "not an http or https URL" },
  { text: one.replace("current-context: one", ""), says: "current-context is not set" },
  { text: one.replace("current-context: one", "current-context: none"), says: 'no context "none"' },
  { text: one.replace("cluster: one, user", "cluster: none, user"), says: "no known cluster" },
  { text: "clusters: [{}]", says: "name is missing" },
  { text: "a: [", says: "kubeconfig" },
])("a kubeconfig that cannot be used says why: $says", ({ text, says }) => {
  expect(() => loadCluster({ kubeconfigText: text })).toThrow(KubeConfigError);
  expect(() => loadCluster({ kubeconfigText: text })).toThrow(says);
});

test("nothing configured is an error that names the ways out", () => {
  expect(() => chooseSource({}, {})).toThrow("set KUBECONFIG");
  expect(() => loadCluster({ kubeconfig: "/does/not/exist" })).toThrow("kubeconfig /does/not/exist: ENOENT");
});
