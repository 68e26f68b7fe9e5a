import type { KubeObject } from "@application-connector/kube";
import { failureOf } from "../install/errors.ts";
import type { Installed } from "../install/install.ts";
import { isObjectReady, progressOf, type Workload } from "../install/readiness.ts";
import { type Finding, failed } from "../status/finding.ts";

/** What an installation amounts to. */
export function verify({ objects, failures, waitsFor }: Installed): Finding {
  const failure = failureOf(failures);
  if (failure !== undefined) return failure;
  const stalled = objects.find((object) => isDeployment(object) && progressOf(object as Workload) === "Stalled");
  if (stalled !== undefined) {
    const message = `the rollout of Deployment ${stalled.metadata.name} does not get on: see its pods; what ran before goes on`;
    return failed("Error", "RolloutStalled", message);
  }
  if (waitsFor !== undefined) {
    return { kind: "verifying", detail: `the upgrade goes on when Deployment ${waitsFor} is ready` };
  }
  const waiting = objects.filter((object) => isObjectReady(object) === false);
  if (waiting.length === 0) return { kind: "ready" };
  const names = waiting.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return { kind: "verifying", detail: `not ready yet: ${names.join(", ")}` };
}

const isDeployment = ({ kind }: KubeObject): boolean => kind === "Deployment";
