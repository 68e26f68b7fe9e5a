import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { expect, onTestFailed, onTestFinished } from "vitest";

export const workspace = path.resolve(import.meta.dirname, "../..");

/** What each program is given to be ready, on ports that the system chooses. */
export const programs: Readonly<Record<string, (kubeconfig: string) => string[]>> = {
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
    "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
    "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
    "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
    "--logLevel=info",
    "--drainDelay=0s",
  ],
  "runtime-agent": (kubeconfig) => [`--kubeconfig=${kubeconfig}`, "--healthPort=0", "--metricsPort=0"],
};

export function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "image-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function bundle(name: string, folder: string): void {
  const cwd = path.join(workspace, "services", name);
  execFileSync(process.execPath, [path.join(workspace, "tools/bundle.ts"), folder], { cwd });
}

/** Bundles a program into an empty folder and starts it there, until it is ready. */
export async function runsAlone(name: string): Promise<void> {
  const cwd = temporary();
  bundle(name, path.join(cwd, "app"));
  const { kubeconfig } = await cluster();
  await readyWhen(process.execPath, [path.join(cwd, "app/main.mjs")], programs[name]?.(kubeconfig) ?? [], { cwd });
}

export async function cluster(): Promise<{ kubeconfig: string }> {
  const api = await startKubeApi({ crds: customResourceDefinitions });
  onTestFinished(() => api.stop());
  const kubeconfig = path.join(temporary(), "kubeconfig");
  writeFileSync(kubeconfig, api.kubeconfig());
  return { kubeconfig };
}

/** Starts a program and ends it as soon as one of the ports that it names says that it is ready. */
export async function readyWhen(
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
