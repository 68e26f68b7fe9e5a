import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { CompassConnection } from "@application-connector/crds";
import type { KubeApi } from "@application-connector/kube-api-emulator";
import { type RuntimeAgent, schema, start } from "@application-connector/runtime-agent";
import { loadConfig } from "@application-connector/service";
import type { Ucl } from "@application-connector/ucl-emulator";
import type { Pairing } from "./formation.ts";

/** Where Secrets of Applications are. */
export const secretsNamespace = "kyma-system";
const authorities = { namespace: "istio-system", name: "kyma-gateway-certs-cacert" };

/** Writes the Secret that a cluster joins UCL by. */
export function writeConfiguration(kubernetes: KubeApi, ucl: Ucl, { runtimeId, token }: Pairing): void {
  for (const name of [secretsNamespace, authorities.namespace]) {
    kubernetes.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  kubernetes.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "compass-agent-configuration", namespace: secretsNamespace },
    stringData: { CONNECTOR_URL: ucl.urls.connectorURL, TOKEN: token, RUNTIME_ID: runtimeId, TENANT: ucl.tenant },
  });
}

export interface AgentFlags {
  readonly kubeconfig: string;
  readonly uclCaFile: string;
  readonly healthPort: number;
  readonly metricsPort: number;
  readonly inboundPort: number;
  readonly bundlePort: number;
  readonly logLevel: string;
}

/** Starts the agent that pairs with UCL and mirrors the formation, every second so that a person need not wait. */
export async function startAgent(flags: AgentFlags): Promise<RuntimeAgent> {
  const config = loadConfig(
    schema,
    [
      `--kubeconfig=${flags.kubeconfig}`,
      "--listenAddress=127.0.0.1",
      `--healthPort=${flags.healthPort}`,
      `--metricsPort=${flags.metricsPort}`,
      `--uclCAFile=${flags.uclCaFile}`,
      `--caCertificatesSecret=${authorities.namespace}/${authorities.name}`,
      "--leaderElection=false",
      "--controllerSyncPeriod=1s",
      "--minimalCompassSyncTime=500ms",
      `--centralGatewayServiceURL=http://localhost:${flags.bundlePort}`,
      `--runtimeEventsURL=https://localhost:${flags.inboundPort}`,
      "--metricsLoggingTimeInterval=0s",
      "--shutdownTimeout=4s",
      `--logLevel=${flags.logLevel}`,
    ],
    {},
  );
  // Half as long as in a cluster: nobody wants to wait seconds for a playground.
  const makeKey = async () => (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
  return await start(config, undefined, { makeKey });
}

const mirroredWithinMs = 30_000;
const lookEveryMs = 20;

/** Resolves when the formation is mirrored. @throws {Error} that says why it is not */
export async function mirrored(kubernetes: KubeApi): Promise<void> {
  const reference = {
    apiVersion: "compass.kyma-project.io/v1alpha1",
    kind: "CompassConnection",
    name: "compass-connection",
  };
  const end = performance.now() + mirroredWithinMs;
  for (;;) {
    const { status } = kubernetes.get<CompassConnection>(reference) ?? {};
    if (status?.connectionState === "Synchronized") return;
    if (performance.now() > end) {
      const why = status?.connectionStatus.error ?? status?.synchronizationStatus?.error ?? "the agent said nothing";
      throw new Error(`the formation is not mirrored: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Whom external systems' certificates come from, as the agent has written it for the ingress. */
export function authoritiesIn(kubernetes: KubeApi): string {
  const secret = kubernetes.get<{ metadata: object; data?: Record<string, string> }>({
    apiVersion: "v1",
    kind: "Secret",
    ...authorities,
  });
  return Buffer.from(secret?.data?.["cacert"] ?? "", "base64").toString();
}

const followEveryMs = 1_000;

/** Tells of the authorities when the agent has written others, as an ingress would notice. */
export function followAuthorities(kubernetes: KubeApi, changed: (pem: string) => void): { stop(): void } {
  let known = authoritiesIn(kubernetes);
  changed(known);
  const timer = setInterval(() => {
    const now = authoritiesIn(kubernetes);
    if (now === known || now === "") return;
    known = now;
    changed(now);
  }, followEveryMs);
  return { stop: () => clearInterval(timer) };
}
