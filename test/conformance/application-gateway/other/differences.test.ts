import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { differences, portableFiles, shownElsewhere, titlePattern } from "./expected-differences.ts";

const suite = path.resolve(import.meta.dirname, "..");
const workspace = path.resolve(suite, "../../..");
const sourceOf = (file: string): string => readFileSync(path.join(suite, file), "utf8");

test("every expected difference names a test that is there", () => {
  const lost = differences.filter(({ file, title }) => {
    return !(portableFiles as readonly string[]).includes(file) || !sourceOf(file).includes(`"${title}"`);
  });
  expect(lost.map(({ file, title }) => `${file}: ${title}`)).toEqual([]);
});

test("every required deviation is an expected difference, or shown elsewhere", () => {
  const named = new Set(differences.flatMap(({ because }) => because.match(/DV-\d+/g) ?? []));
  const all = Array.from({ length: 23 }, (_, index) => `DV-${index + 1}`);
  expect(all.filter((id) => !named.has(id) && !(id in shownElsewhere))).toEqual([]);
});

test("the title of a table fits what the test runner makes of it", () => {
  const pattern = titlePattern("AG-39 takes expires_in %j");
  expect(pattern.test('AG-39 takes expires_in "60"')).toBe(true);
  expect(pattern.test("AG-39 takes expires_in")).toBe(false);
});

test("pointed at our own program, the suite passes, and reports each expected difference that it does not find", {
  timeout: 120_000,
}, async () => {
  const flags = "--kubeConfig={kubeConfig} --proxyPort={proxyPort} --proxyPortCompass={proxyPortCompass}";
  const more = "--externalAPIPort={externalAPIPort} --proxyTimeout={proxyTimeout} --listenAddress=127.0.0.1";
  const command = `exec '${process.execPath}' services/application-gateway/src/main.ts ${flags} ${more}`;
  const { code, output } = await vitest("lookup.test.ts", { GATEWAY_COMMAND: command });
  expect(code).toBe(1);
  const notShown = output.slice(output.indexOf("have not shown"));
  expect(notShown).toContain("AG-60 is never mixed up with one whose names join to the same text: DV-23");
  const [passed, failed] = /(\d+) passed, (\d+) failed/.exec(output)?.slice(1).map(Number) ?? [];
  const expected = notShown.match(/^ {2}lookup\.test\.ts > /gm)?.length;
  expect(failed).toBe(expected);
  expect(passed).toBeGreaterThan(10);
});

function vitest(file: string, env: Record<string, string>): Promise<{ code: number; output: string }> {
  const args = ["vitest", "run", "--config", path.join(import.meta.dirname, "vitest.config.ts"), file];
  // The variables of this run's own worker are none of the child's business.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name));
  return new Promise((resolve) => {
    const options = { cwd: workspace, env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env } };
    execFile("npx", args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });
}
