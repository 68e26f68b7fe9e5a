import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const workspace = path.resolve(import.meta.dirname, "..");

interface Project {
  readonly name: string;
  readonly root: string;
  readonly imports: readonly string[];
}

/** What a kind of project may import, by the kind of what it imports. Everything may raise a Problem. */
const mayImport: Record<string, readonly string[]> = {
  crds: [],
  lib: ["lib", "crds"],
  emulator: ["lib", "crds"],
  service: ["lib", "crds"],
  playground: ["service", "emulator", "lib", "crds"],
  tools: ["playground", "service", "lib", "crds"],
  test: ["playground", "service", "emulator", "lib", "crds"],
};

/** The libraries with a narrower rule than their kind, as in the architecture: these and nothing else of ours. */
const narrower: Record<string, readonly string[]> = {
  "libs/problem": [],
  "libs/service": ["libs/problem"],
  "libs/kube": ["crds"],
  "libs/forward": [],
  "libs/credentials": ["libs/forward", "libs/problem"],
  "libs/x509": [],
  "libs/ucl": [],
};

function kindOf(root: string): string {
  if (root === "services/playground") return "playground";
  if (root.startsWith("services/")) return "service";
  if (root.startsWith("libs/emulators/")) return "emulator";
  if (root.startsWith("libs/")) return "lib";
  return root;
}

/** One sentence for each import that points the wrong way. */
function violations(projects: readonly Project[]): string[] {
  const rootOf = new Map(projects.map((project) => [project.name, project.root]));
  return projects.flatMap(({ root, imports }) =>
    imports.flatMap((name) => {
      const target = rootOf.get(name) ?? name;
      if (narrower[root] && !narrower[root].includes(target)) {
        return [
          `${root} imports ${target}, but may import ${narrower[root].length > 0 ? `only ${narrower[root].join(" and ")}` : "nothing of ours"}.`,
        ];
      }
      if (mayImport[kindOf(root)]?.includes(kindOf(target))) return [];
      return [`${root} imports ${target}, but dependencies point one way: services → libs → crds.`];
    }),
  );
}

function readProjects(): Project[] {
  const output = execFileSync("npx", ["nx", "graph", "--print"], {
    cwd: workspace,
    env: { ...process.env, NX_DAEMON: "false", NX_NO_CLOUD: "true" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { graph } = JSON.parse(output) as {
    graph: {
      nodes: Record<string, { name: string; data: { root: string } }>;
      dependencies: Record<string, { target: string }[]>;
    };
  };
  return Object.values(graph.nodes).map(({ name, data }) => ({
    name,
    root: data.root,
    imports: (graph.dependencies[name] ?? []).map(({ target }) => target).filter((target) => target in graph.nodes),
  }));
}

test("dependencies point one way: services → libs → crds", { timeout: 120_000 }, () => {
  const projects = readProjects();
  expect(projects.map(({ root }) => root)).toEqual(
    expect.arrayContaining(["crds", "libs/kube", "services/application-gateway", "test"]),
  );
  expect(violations(projects)).toEqual([]);

  const references = projects.flatMap(({ root, imports }) => {
    const file = path.join(workspace, root, "tsconfig.json");
    const { references = [] } = JSON.parse(readFileSync(file, "utf8")) as { references?: { path: string }[] };
    const referenced = new Set(references.map((entry) => path.posix.join(root, entry.path)));
    const rootOf = new Map(projects.map((project) => [project.name, project.root]));
    return imports
      .map((name) => rootOf.get(name) ?? name)
      .filter((target) => !referenced.has(target))
      .map((target) => `${root}/tsconfig.json does not reference ${target}, which ${root} imports.`);
  });
  expect(references).toEqual([]);
});

test.each([
  {
    title: "a service importing another service",
    from: "services/application-gateway",
    to: "services/connectivity-validator",
    says: "services/application-gateway imports services/connectivity-validator, but dependencies point one way: services → libs → crds.",
  },
  {
    title: "a library importing a service",
    from: "libs/tunnel",
    to: "services/application-gateway",
    says: "libs/tunnel imports services/application-gateway, but dependencies point one way: services → libs → crds.",
  },
  {
    title: "a service importing an emulator",
    from: "services/application-gateway",
    to: "libs/emulators/kube-api",
    says: "services/application-gateway imports libs/emulators/kube-api, but dependencies point one way: services → libs → crds.",
  },
  {
    title: "the forwarding engine importing the Kubernetes client",
    from: "libs/forward",
    to: "libs/kube",
    says: "libs/forward imports libs/kube, but may import nothing of ours.",
  },
])("$title is said in one sentence", ({ from, to, says }) => {
  const projects = [
    { name: "from", root: from, imports: ["to"] },
    { name: "to", root: to, imports: [] },
  ];
  expect(violations(projects)).toEqual([says]);
});

test("the lockfile is complete and names no registry", () => {
  const lock = JSON.parse(readFileSync(path.join(workspace, "package-lock.json"), "utf8")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }>;
  };
  const present = new Set(Object.keys(lock.packages).map((location) => location.replace(/^.*node_modules\//, "")));
  const missing = Object.values(lock.packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !present.has(name));
  expect(missing, "optional packages of other platforms that npm ci would miss").toEqual([]);
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual([]);
});

test("every workspace of the root is a project with a door that exists", () => {
  const { references } = JSON.parse(readFileSync(path.join(workspace, "tsconfig.json"), "utf8")) as {
    references: { path: string }[];
  };
  const doors = references.flatMap(({ path: root }) => {
    const { exports = {} } = JSON.parse(readFileSync(path.join(workspace, root, "package.json"), "utf8")) as {
      exports?: Record<string, string>;
    };
    return Object.values(exports).map((door) => path.join(root, door));
  });
  expect(doors.length).toBeGreaterThan(10);
  expect(doors.filter((door) => !existsSync(path.join(workspace, door)))).toEqual([]);
});
