/**
 * Writes the pages of docs/reference from the declarations in the code: `node tools/reference.ts [--check]`.
 * With --check nothing is written, and a page that differs fails.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  errorsPage,
  schema as gateway,
  metrics as gatewayMetrics,
  settingsPage,
} from "@application-connector/application-gateway";
import {
  schema as validator,
  annotationsPage as validatorAnnotationsPage,
  errorsPage as validatorErrorsPage,
  metrics as validatorMetrics,
} from "@application-connector/connectivity-validator";
import { schema as manager, metrics as managerMetrics } from "@application-connector/connector-manager";
import { createKubeMetrics, createWriterMetrics } from "@application-connector/kube";
import { schema as playground } from "@application-connector/playground";
import { schema as agent, metrics as agentMetrics } from "@application-connector/runtime-agent";
import { createService, type Metric, metricsIn, metricsTable, optionsTable } from "@application-connector/service";

const folder = path.resolve(import.meta.dirname, "../docs/reference");
const remedy = "run `npm run generate`";

const programs = [
  { name: "application-gateway", schema: gateway },
  { name: "connectivity-validator", schema: validator },
  { name: "runtime-agent", schema: agent },
  { name: "connector-manager", schema: manager },
  { name: "playground", schema: playground },
];

const flagPages = programs.map(({ name, schema }) => ({
  file: `${name}-flags.md`,
  text: `# Flags of ${name}

Generated from the program's declaration; ${remedy} after a change. Each can be given as \`-name=value\`, \`--name=value\`
or \`--name value\`, or by its environment variable; the flag wins.

${optionsTable(schema).trim()}
`,
}));

const kubernetes = kubernetesMetrics();

const metricPages = [
  { name: "application-gateway", metrics: gatewayMetrics },
  { name: "connectivity-validator", metrics: validatorMetrics },
  { name: "runtime-agent", metrics: agentMetrics },
  { name: "connector-manager", metrics: managerMetrics },
].map(({ name, metrics }) => ({
  file: `${name}-metrics.md`,
  text: `# Metrics of ${name}

Generated from the program's declaration; ${remedy} after a change. \`GET /metrics\` shows them in Prometheus' text format.
A histogram \`x\` has the series \`x_bucket\` (with the label \`le\`), \`x_sum\` and \`x_count\`.

${metricsTable(Object.values<Metric>(metrics)).trim()}

Every program has these as well, about its connection to the Kubernetes API; those of applies and Events if it writes any:

${metricsTable(kubernetes).trim()}

and those of the Node.js process that [prom-client](https://github.com/siimon/prom-client) collects: \`process_cpu_*\`,
\`process_resident_memory_bytes\`, \`process_open_fds\`, \`nodejs_eventloop_lag_*\`, \`nodejs_gc_duration_seconds\`,
\`nodejs_heap_*\` and others.
`,
}));

const gatewayPages = [
  { file: "application-gateway-annotations.md", text: settingsPage(remedy) },
  { file: "application-gateway-errors.md", text: errorsPage() },
];

const validatorPages = [
  { file: "connectivity-validator-annotations.md", text: validatorAnnotationsPage(remedy) },
  { file: "connectivity-validator-errors.md", text: validatorErrorsPage() },
];

const pages = [...flagPages, ...metricPages, ...gatewayPages, ...validatorPages];

if (process.argv.includes("--check")) {
  const stale = pages.filter(({ file, text }) => readOr(path.join(folder, file)) !== text);
  for (const { file } of stale) console.error(`docs/reference/${file} is not what the code declares; ${remedy}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of pages) writeFileSync(path.join(folder, file), text);
}

/** What clients and writers of the Kubernetes API add to the registry of their program. */
function kubernetesMetrics(): Metric[] {
  const { metrics } = createService("reference", { logLevel: "silent" });
  const ofProcess = new Set(metricsIn(metrics).map(({ name }) => name));
  createKubeMetrics(metrics);
  createWriterMetrics(metrics);
  return metricsIn(metrics).filter(({ name }) => !ofProcess.has(name));
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
