import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { conditionTypes, metrics, schema, settingsPage } from "@application-connector/application-gateway";
import * as validator from "@application-connector/connectivity-validator";
import { knownTypes } from "@application-connector/credentials";
import * as agent from "@application-connector/runtime-agent";
import { describe, expect, test } from "vitest";

const workspace = path.resolve(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md", "libs/*/README.md", "charts/*.md"], { cwd: workspace });

test.each(pages)("every link of %s leads somewhere", (page) => {
  const text = readFileSync(path.join(workspace, page), "utf8");
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link));
  expect(broken).toEqual([]);
});

describe("the guide of the Application Gateway", () => {
  const guide = readFileSync(path.join(workspace, "docs/application-gateway.md"), "utf8");

  test("names flags, metrics and annotations as they are", () => {
    const flags = new Set(Object.values(schema).map(({ name }) => name));
    const named = [...guide.matchAll(/`--([A-Za-z0-9]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !flags.has(name))).toEqual([]);

    const families = new Set(Object.values(metrics).map(({ name }) => name));
    const queried = [...guide.matchAll(/agw_\w+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""));
    expect(queried.filter((name) => !families.has(name))).toEqual([]);

    const reference = settingsPage("");
    const others = ["kyma-system", "my-orders-api-v2"];
    const annotations = [...guide.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)+)`/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !others.includes(name));
    expect(annotations.length).toBeGreaterThan(8);
    expect(annotations.filter((name) => !reference.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test("tells of every condition", () => {
    expect(conditionTypes.filter((type) => !guide.includes(`| \`${type}\` |`))).toEqual([]);
  });
});

describe("the guide of credentials", () => {
  const guide = readFileSync(path.join(workspace, "docs/credentials.md"), "utf8");
  const sections = new Map(guide.split(/^(?=#{2,3} )/m).map((text) => [/^#+ (.*)/.exec(text)?.[1] ?? "", text]));

  test.each([...knownTypes])("tells of %s, with an example of its Secret", (type) => {
    expect(guide).toContain(`| [\`${type}\`](#${type.toLowerCase()}) |`);
    expect(sections.get(type)).toContain("```yaml\nstringData:");
  });

  test("names flags and annotations as they are", () => {
    const flags = new Set(Object.values(schema).map(({ name }) => name));
    const named = [...guide.matchAll(/`--([A-Za-z0-9]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !flags.has(name))).toEqual([]);
    const annotations = [...guide.matchAll(/`(token-[a-z-]+)`/g)].map(([, name = ""]) => name);
    expect(annotations.length).toBeGreaterThan(2);
    expect(annotations.filter((name) => !settingsPage("").includes(`| \`${name}\` |`))).toEqual([]);
  });
});

describe("the guide of the Connectivity Validator", () => {
  const guide = readFileSync(path.join(workspace, "docs/connectivity-validator.md"), "utf8");

  test("names flags, metrics and annotations as they are", () => {
    const flags = new Set(Object.values(validator.schema).map(({ name }) => name));
    const named = [...guide.matchAll(/`--([A-Za-z]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !flags.has(name))).toEqual([]);

    const families = new Set(Object.values(validator.metrics).map(({ name }) => name));
    const queried = [...guide.matchAll(/connectivity_validator_\w+/g)].map(([name]) => name);
    expect(queried.length).toBeGreaterThan(8);
    expect(queried.filter((name) => !families.has(name))).toEqual([]);

    const reference = validator.annotationsPage("");
    const annotations = [...guide.matchAll(/annotation(?:s)? `([a-z0-9-]+)`/g)].map(([, name = ""]) => name);
    expect(annotations.length).toBeGreaterThan(4);
    expect(annotations.filter((name) => !reference.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? path.join(workspace, page) : path.resolve(workspace, path.dirname(page), file);
  if (!existsSync(target)) return false;
  if (anchor === undefined || !target.endsWith(".md")) return true;
  const headings = readFileSync(target, "utf8").matchAll(/^#+ (.*)$/gm);
  return [...headings].some(([, heading = ""]) => anchorOf(heading) === anchor);
}

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

describe("the guide of the Runtime Agent", () => {
  const guide = readFileSync(path.join(workspace, "docs/runtime-agent.md"), "utf8");

  test("names variables and metrics as they are", () => {
    const variables = new Set(Object.values(agent.schema).flatMap(({ environment }) => environment));
    const named = [...guide.matchAll(/`(APP_[A-Z_]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);

    const families = new Set(Object.values(agent.metrics).map(({ name }) => name));
    const queried = [...guide.matchAll(/runtime_agent_\w+/g)].map(([name]) => name);
    expect(queried.length).toBeGreaterThan(2);
    expect(queried.filter((name) => !families.has(name))).toEqual([]);
  });

  test("tells what to do in every state", () => {
    expect(agent.connectionStates.filter((state) => !guide.includes(`| \`${state}\` |`))).toEqual([]);
  });
});
