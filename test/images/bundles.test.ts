import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { bundle, cluster, programs, readyWhen, temporary, workspace } from "./programs.ts";

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

test("what there is no image of is said, with what there is", () => {
  const attempt = () =>
    execFileSync(process.execPath, ["tools/images.ts", "gateway"], { cwd: workspace, encoding: "utf8", stdio: "pipe" });
  expect(attempt).toThrow(/there is no image of gateway; there are application-gateway/);
});
