import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { runsAlone, workspace } from "./programs.ts";

test("a program runs in a folder with nothing but its bundle", { timeout: 60_000 }, () =>
  runsAlone("application-gateway"),
);

test("what there is no image of is said, with what there is", () => {
  const attempt = () =>
    execFileSync(process.execPath, ["tools/images.ts", "gateway"], { cwd: workspace, encoding: "utf8", stdio: "pipe" });
  expect(attempt).toThrow(/there is no image of gateway; there are application-gateway/);
});
