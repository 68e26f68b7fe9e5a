// Runs before start and test, so that one command does for a clean clone. Plain JavaScript: Node 20 may run it.
import { execSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const installed = "node_modules/.package-lock.json";
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync("package-lock.json").mtimeMs) {
  execSync("npm install --loglevel=error", { stdio: "inherit" });
}
