import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../src/bundle/settings.ts";

export const chart = path.resolve(import.meta.dirname, "../../../charts/application-connector");
/** The newest Kubernetes that the chart was tried with; Helm asks no cluster here. */
export const kubernetesVersion = "1.36.0";

/** The path of Helm's program: `HELM`, beside the programs of a control plane, or on the path. */
export function findHelm(): string | undefined {
  const { HELM, KUBEBUILDER_ASSETS, PATH = "" } = process.env;
  if (HELM) return HELM;
  const folders = [KUBEBUILDER_ASSETS ?? "", ...PATH.split(path.delimiter)].filter((folder) => folder !== "");
  return folders.map((folder) => path.join(folder, "helm")).find((file) => existsSync(file));
}

/** What the chart installs with these values, as printed. */
export async function helmTemplate(helm: string, values: object, ...flags: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "chart-"));
  try {
    const file = path.join(folder, "values.json");
    await writeFile(file, JSON.stringify(values));
    const given = ["template", "application-connector", chart, "--namespace=kyma-system", `--values=${file}`];
    const { stdout } = await promisify(execFile)(helm, [...given, `--kube-version=${kubernetesVersion}`, ...flags], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same as objects. */
export async function helmObjects(
  helm: string,
  values: object,
  ...flags: readonly string[]
): Promise<KubernetesObject[]> {
  const documents = parseAllDocuments(await helmTemplate(helm, values, ...flags));
  return documents.map((document) => document.toJS() as KubernetesObject | null).filter((object) => object !== null);
}
