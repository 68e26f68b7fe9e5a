import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { cluster, programs, readyWhen, runsAlone, temporary, workspace } from "./programs.ts";

test.for(Object.keys(programs))("%s runs in a folder with nothing but its bundle", (name) => runsAlone(name));

const isRoot = process.getuid?.() === 0;

test.skipIf(process.platform !== "linux" || !isRoot)(
  "an image has all that its program needs, and is the same every time",
  { timeout: 300_000 },
  async () => {
    const name = "runtime-agent";
    const digests = [1, 2].map(() => {
      const output = execFileSync(process.execPath, ["tools/images.ts", name], { cwd: workspace, encoding: "utf8" });
      return output.split(" ").at(-1);
    });
    expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(digests[1]).toBe(digests[0]);

    const root = temporary();
    chmodSync(root, 0o755);
    const config = unpacked(path.join(workspace, "dist/images", name), root);
    expect(config).toMatchObject({ User: "65532:65532", Entrypoint: ["/nodejs/bin/node", "/app/main.mjs"] });
    for (const shell of ["bin", "usr/bin", "sbin"]) expect(existsSync(path.join(root, shell))).toBe(false);
    const { kubeconfig } = await cluster();
    writeFileSync(path.join(root, "kubeconfig"), readFileSync(kubeconfig));
    const inside = ["--userspec=1000:1000", root, ...config.Entrypoint];
    await readyWhen("chroot", inside, programs[name]?.("/kubeconfig") ?? [], {
      env: { PATH: process.env["PATH"] },
    });
  },
);

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
