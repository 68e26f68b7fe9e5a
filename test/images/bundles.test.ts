import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { expect, onTestFailed, onTestFinished, test } from "vitest";

const workspace = path.resolve(import.meta.dirname, "../..");

/** What each program is given to be ready, on ports that the system chooses. */
const programs: Readonly<Record<string, (kubeconfig: string) => string[]>> = {
  "application-gateway": (kubeconfig) => [
    `--kubeConfig=${kubeconfig}`,
    "--proxyPort=0",
    "--proxyPortCompass=0",
    "--externalAPIPort=0",
    "--reportStatus=false",
  ],
  "connectivity-validator": (kubeconfig) => [
    `--kubeconfig=${kubeconfig}`,
    "--proxyPort=0",
    "--externalAPIPort=0",
    "--logLevel=info",
    "--drainDelay=0s",
  ],
  "runtime-agent": (kubeconfig) => [`--kubeconfig=${kubeconfig}`, "--healthPort=0", "--metricsPort=0"],
};

test.for(Object.keys(programs))(
  "%s runs in a folder with nothing but its bundle",
  { timeout: 60_000 },
  async (name) => {
    const folder = temporary();
    bundle(name, path.join(folder, "app"));
    const { kubeconfig } = await cluster();
    await readyWhen(process.execPath, [path.join(folder, "app/main.mjs")], programs[name]?.(kubeconfig) ?? [], {
      cwd: folder,
    });
  },
);

const isRoot = process.getuid?.() === 0;

test.skipIf(process.platform !== "linux" || !isRoot)(
  "an image has all that its program needs, and is the same every time",
  { timeout: 120_000 },
  async () => {
    const name = "runtime-agent";
    const digests = [1, 2].map(() => {
      const output = execFileSync(process.execPath, ["tools/images.ts", name], { cwd: workspace, encoding: "utf8" });
      return output.split(" ").at(-1);
    });
    expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(digests[1]).toBe(digests[0]);

    const root = temporary();
    const config = unpacked(path.join(workspace, "dist/images", name), root);
    expect(config).toMatchObject({ User: "65532:65532", Entrypoint: ["/nodejs/bin/node", "/app/main.mjs"] });
    for (const shell of ["bin", "usr/bin", "sbin"]) expect(existsSync(path.join(root, shell))).toBe(false);
    const { kubeconfig } = await cluster();
    writeFileSync(path.join(root, "kubeconfig"), readFileSync(kubeconfig));
    const inside = ["--userspec=1000:1000", root, ...config.Entrypoint];
    await readyWhen("chroot", inside, programs[name]?.("/kubeconfig") ?? [], { env: {} });
  },
);

test("what there is no image of is said, with what there is", () => {
  const attempt = () =>
    execFileSync(process.execPath, ["tools/images.ts", "gateway"], { cwd: workspace, encoding: "utf8", stdio: "pipe" });
  expect(attempt).toThrow(/there is no image of gateway; there are application-gateway/);
});

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "image-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function bundle(name: string, folder: string): void {
  const cwd = path.join(workspace, "services", name);
  execFileSync(process.execPath, [path.join(workspace, "tools/bundle.ts"), folder], { cwd });
}

/** The layers of the one image of a layout, one over the other, and how its program is started. */
function unpacked(layout: string, root: string): { Entrypoint: string[]; User: string } {
  const blob = (digest: string) => readFileSync(path.join(layout, "blobs", digest.replace(":", "/")));
  const json = (digest: string) => JSON.parse(blob(digest).toString());
  expect(JSON.parse(readFileSync(path.join(layout, "oci-layout"), "utf8"))).toEqual({ imageLayoutVersion: "1.0.0" });
  const index = JSON.parse(readFileSync(path.join(layout, "index.json"), "utf8"));
  const manifest = json(index.manifests[0].digest);
  mkdirSync(root, { recursive: true });
  for (const { digest } of manifest.layers) {
    execFileSync("tar", ["-C", root, "-xpf", "-"], { input: gunzipSync(blob(digest)) });
  }
  expect(readdirSync(root).sort()).toEqual(expect.arrayContaining(["app", "etc", "nodejs", "tmp"]));
  return json(manifest.config.digest).config;
}

async function cluster(): Promise<{ kubeconfig: string }> {
  const api = await startKubeApi({ crds: customResourceDefinitions });
  onTestFinished(() => api.stop());
  const kubeconfig = path.join(temporary(), "kubeconfig");
  writeFileSync(kubeconfig, api.kubeconfig());
  return { kubeconfig };
}

/** Starts a program and ends it as soon as one of the ports that it names says that it is ready. */
async function readyWhen(
  program: string,
  args: string[],
  flags: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const child = spawn(program, [...args, ...flags], { stdio: ["ignore", "pipe", "pipe"], ...options });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const isReady = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output}`);
    const ports = [...output.matchAll(/"port":\s*"?(\d+)/g)].map(([, port]) => port);
    const answers = ports.map((port) =>
      fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    return (await Promise.all(answers)).includes(true);
  };
  onTestFailed(() => console.error(output));
  await expect.poll(isReady, { timeout: 40_000, interval: 200, message: "ready" }).toBe(true);
}
