/**
 * `npm run images [-- SERVICE…]`: an OCI layout of each program in dist/images, for this machine's architecture, without an
 * engine. The same sources, Node and libraries give the same digest.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { CannotBuild, programFiles, systemFiles, tarOf } from "./image-files.ts";
import { writeLayout } from "./oci-layout.ts";

const workspace = path.resolve(import.meta.dirname, "..");
const published = ["application-gateway", "connectivity-validator", "runtime-agent", "connector-manager"].filter(
  (name) => existsSync(path.join(workspace, "services", name, "src/main.ts")),
);
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const chart = readFileSync(path.join(workspace, "charts/application-connector/Chart.yaml"), "utf8");
const { appVersion } = parse(chart) as { appVersion: string };

const wanted = process.argv.slice(2);
const scratch = mkdtempSync(path.join(tmpdir(), "images-"));
try {
  const unknown = wanted.find((name) => !published.includes(name));
  if (unknown !== undefined)
    throw new CannotBuild(`there is no image of ${unknown}; there are ${published.join(", ")}`);
  const system = path.join(scratch, "system");
  systemFiles(system, process.execPath);
  const lower = tarOf(system);
  for (const name of wanted.length > 0 ? wanted : published) {
    const program = path.join(scratch, name);
    programFiles(program, path.join(workspace, "services", name), process.execPath);
    const folder = path.join(workspace, "dist/images", name);
    rmSync(folder, { recursive: true, force: true });
    const { digest } = writeLayout(folder, {
      name: `application-connector/${name}:${appVersion}`,
      architecture: architectures[process.arch] ?? process.arch,
      labels: {
        "org.opencontainers.image.title": name,
        "org.opencontainers.image.version": appVersion,
        "org.opencontainers.image.licenses": "Apache-2.0",
      },
      user: "65532:65532",
      environment: ["NODE_ENV=production"],
      entrypoint: ["/nodejs/bin/node", "/app/main.mjs"],
      layers: [lower, tarOf(program)],
    });
    console.log(`dist/images/${name} ${digest}`);
  }
} catch (error) {
  if (!(error instanceof CannotBuild)) throw error;
  console.error(`no images were built: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
