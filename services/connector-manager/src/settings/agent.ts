import { createHash } from "node:crypto";
import type { ApplicationConnector } from "@application-connector/crds";
import type { Secret } from "@application-connector/kube";

/** Whether the Runtime Agent runs, and on which configuration. */
export interface AgentActivation {
  readonly replicas: 0 | 1;
  /** Changes with what the Secret says, and gives nothing of it away; empty without one. */
  readonly secretHash: string;
}

export function agentActivation({ spec }: ApplicationConnector, secret: SecretDigest | undefined): AgentActivation {
  const { enabled = "Auto" } = spec?.runtimeAgent ?? {};
  const runs = enabled === "Always" || (enabled === "Auto" && secret !== undefined);
  return { replicas: runs ? 1 : 0, secretHash: secret?.hash ?? "" };
}

/** All that is kept of the Secret. */
export interface SecretDigest {
  metadata: Secret["metadata"];
  hash: string;
}

export function secretDigest({ metadata, data = {} }: Secret): SecretDigest {
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  const { name, namespace = "", uid = "", resourceVersion = "" } = metadata;
  return {
    metadata: { name, namespace, uid, resourceVersion },
    hash: createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 32),
  };
}
