import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { build } from "esbuild";
import { application, manifestFlags } from "../world.ts";

const source = fileURLToPath(new URL("../../../../services/connectivity-validator/src/main.ts", import.meta.url));

export interface Replica {
  readonly port: number;
  readonly healthPort: number;
  start(flags: readonly string[]): void;
  /** Ends it, and resolves with its status. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
  /** Whether it takes events, and knows what to do when it is told to end. */
  isReady(): Promise<boolean>;
  /** What it has logged so far. */
  readonly log: string;
}

export interface Programs {
  readonly folder: string;
  replica(): Promise<Replica>;
  stop(): Promise<void>;
}

/** The validator as it is shipped, one file that starts fast, and an API server with these Applications. */
export async function buildPrograms(applications: readonly string[]): Promise<Programs> {
  const folder = await mkdtemp(join(tmpdir(), "validators-"));
  const outdir = join(folder, "dist");
  const banner = "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);";
  await build({
    entryPoints: [source],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    banner: { js: banner },
  });
  const kubeApi = await startKubeApi({ crds: customResourceDefinitions });
  for (const name of applications) kubeApi.create(application(name) as Parameters<typeof kubeApi.create>[0]);
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeApi.kubeconfig(), { mode: 0o600 });
  const children = new Set<ChildProcess>();
  return {
    folder,
    async replica() {
      const [port, healthPort] = await freePorts();
      let child: ChildProcess | undefined;
      let log = "";
      return {
        port,
        healthPort,
        get log() {
          return log;
        },
        start(flags) {
          const own = manifestFlags.filter((flag) => !/^--(proxyPort|externalAPIPort|logLevel)/.test(flag));
          const ports = [`--proxyPort=${port}`, `--externalAPIPort=${healthPort}`];
          const args = [
            join(outdir, "main.mjs"),
            ...own,
            ...ports,
            `--kubeconfig=${kubeconfig}`,
            "--logLevel=warn",
            ...flags,
          ];
          child = spawn(process.execPath, args, {
            env: { PATH: process.env["PATH"] },
            stdio: ["ignore", "ignore", "pipe"],
          });
          children.add(child);
          child.stderr?.on("data", (chunk) => {
            log = (log + chunk).slice(-100_000);
          });
        },
        isReady: () =>
          fetch(`http://127.0.0.1:${healthPort}/readyz`).then(
            async (response) => {
              await response.arrayBuffer();
              return response.ok;
            },
            () => false,
          ),
        async end(signal) {
          if (child === undefined) throw new Error("the replica was not started");
          const closed = once(child, "close");
          child.kill(signal);
          const [status] = await closed;
          children.delete(child);
          return status;
        },
      };
    },
    async stop() {
      await Promise.all(
        [...children].map(async (child) => {
          const closed = once(child, "close");
          if (child.kill("SIGKILL")) await closed;
        }),
      );
      await kubeApi.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Two that are free now, and are used again and again by the same replica. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer().listen(0, "127.0.0.1"), createServer().listen(0, "127.0.0.1")];
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number];
}
