import type { ApplicationConnector } from "@application-connector/crds";
import {
  type ConfigMap,
  configMaps,
  type Informer,
  type Informers,
  mapped,
  namespaces,
  type Request,
  type Resource,
  type Secret,
  type Source,
  secrets,
} from "@application-connector/kube";
import { agentSecret, shootInfo, statusManager } from "../names.ts";
import { type SecretDigest, secretDigest } from "../settings/agent.ts";
import { storedConnectors } from "../status/write-status.ts";
import { type ForeignKinds, watchForeignKinds } from "./foreign-kinds.ts";

/** Everything in the cluster that decides what is installed. */
export interface Caches {
  readonly connectors: Informer<ApplicationConnector>;
  readonly shootInfo: Informer<ConfigMap>;
  readonly agentSecret: Informer<SecretDigest>;
  readonly foreign: ForeignKinds;
  /** Labels of all namespaces; started when somebody asks. */
  namespaces(): Informer<NamespaceLabels>;
  /** Why something is not known, for people. */
  readonly problem: string | undefined;
  /** All but the objects themselves, for whoever cannot decide before they are known. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** Every change asks for the same look: what is installed is one thing. */
  sources(request: Request): Source[];
}

export interface NamespaceLabels {
  metadata: { name: string; labels?: Record<string, string>; resourceVersion?: string; uid?: string };
}

export function openCaches(all: Informers, onNamespace: () => void): Caches {
  const connectors = all.informer(storedConnectors, { keepManagedFieldsOf: statusManager });
  const shoot = all.informer(configMaps, {
    namespace: shootInfo.namespace,
    fieldSelector: `metadata.name=${shootInfo.name}`,
  });
  const secret = all.informer(digests, {
    namespace: agentSecret.namespace,
    fieldSelector: `metadata.name=${agentSecret.name}`,
    transform: asDigest,
  });
  const foreign = watchForeignKinds(all);
  let labels: Informer<NamespaceLabels> | undefined;
  const needed = () => [shoot, secret, ...foreign.informers, ...(labels ? [labels] : [])];

  return {
    connectors,
    shootInfo: shoot,
    agentSecret: secret,
    foreign,
    namespaces() {
      if (labels === undefined) {
        labels = all.informer(namespaces as unknown as Resource<NamespaceLabels>, { metadataOnly: true });
        labels.subscribe({ add: onNamespace, update: onNamespace, delete: onNamespace });
      }
      return labels;
    },
    get problem() {
      const details = needed().flatMap(({ hasSynced, detail }) => (hasSynced ? [] : [detail ?? "no answer yet"]));
      return details.length === 0 ? undefined : [...new Set(details)].join("; ");
    },
    async waitForSync(signal) {
      await Promise.all(needed().map((informer) => informer.waitForSync(signal)));
    },
    sources: (request) => [
      regularly(
        mapped(connectors, () => [request]),
        request,
      ),
      mapped(shoot, () => [request]),
      mapped(secret, () => [request]),
      ...foreign.sources(request),
    ],
  };
}

/** The regular look is needed whatever there is. */
const regularly = (source: Source, request: Request): Source => ({ ...source, all: () => [request] });

const digests = secrets as unknown as Resource<SecretDigest>;
const asDigest = (raw: SecretDigest): SecretDigest => secretDigest(raw as unknown as Secret);
