import type { CustomResourceDefinitionObject, KubeObject } from "@application-connector/kube";
import { managerVersionAnnotation } from "../names.ts";

/** A definition on the server is of a release that this one knows nothing of. */
export class DowngradeRefusedError extends Error {
  override readonly name = "DowngradeRefusedError";
}

/**
 * Refuses to touch a definition of a newer manager, and to take away a version in which objects may be stored: they could
 * not be read any more.
 *
 * @throws {DowngradeRefusedError}
 */
export function refuseDowngrade(live: KubeObject, wanted: KubeObject, version: string): void {
  const { name, annotations = {} } = live.metadata;
  const other = annotations[managerVersionAnnotation];
  if (other !== undefined && isNewer(other, version)) {
    throw new DowngradeRefusedError(
      `CustomResourceDefinition ${name} was installed by version ${other}, which is newer than this one, ${version}: run that one, or a newer one`,
    );
  }
  const { status } = live as CustomResourceDefinitionObject;
  const offered = new Set((wanted as CustomResourceDefinitionObject).spec.versions.map(({ name }) => name));
  const lost = (status?.storedVersions ?? []).filter((stored) => !offered.has(stored));
  if (lost.length > 0) {
    throw new DowngradeRefusedError(
      `CustomResourceDefinition ${name} stores objects as ${lost.join(", ")}, which version ${version} does not know: run the manager that installed it`,
    );
  }
}

/** By the numbers of semantic versions; what comes behind them (`-rc.1`) is older than nothing. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const place of [0, 1, 2]) {
    const difference = (left.numbers[place] ?? 0) - (right.numbers[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  if (left.rest === right.rest) return false;
  if (left.rest === "" || right.rest === "") return left.rest === "";
  return left.rest.localeCompare(right.rest, "en", { numeric: true }) > 0;
}

function partsOf(version: string): { numbers: number[]; rest: string } {
  const [core = "", ...rest] = version.replace(/^v/, "").split("+")[0]?.split("-") ?? [];
  return { numbers: core.split(".").map((part) => Number.parseInt(part, 10) || 0), rest: rest.join("-") };
}
