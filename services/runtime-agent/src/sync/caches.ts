import type { Application } from "@application-connector/crds";
import type { Client, Informer, Informers, Secret } from "@application-connector/kube";
import { type LiveApplication, liveApplication, liveApplications } from "./live/live-application.ts";
import { bundleLabel, type LiveSecret, liveSecret, liveSecrets } from "./live/live-secret.ts";
import { byOwner, polledSecrets, type SecretSource, watchedSecrets } from "./live/secret-source.ts";
import { fieldManager } from "./mapping/desired.ts";

/** The Applications and Secrets of the cluster, as small as what is done with them allows. */
export interface Caches {
  readonly applications: Informer<LiveApplication>;
  /** Undefined where Secrets may not be watched. */
  readonly watchedSecrets: Informer<LiveSecret> | undefined;
  readonly secrets: SecretSource;
}

export function openCaches(informers: Informers, client: Client, namespace: string, watchesSecrets: boolean): Caches {
  const applicationInformer = informers.informer(liveApplications, {
    keepManagedFieldsOf: fieldManager,
    transform: transformApplication,
    indexers: { uid: ({ metadata: { uid } }) => (uid === undefined ? [] : [uid]) },
  });
  const secretInformer = watchesSecrets
    ? informers.informer(liveSecrets, {
        namespace,
        labelSelector: bundleLabel,
        transform: transformSecret,
        indexers: byOwner,
      })
    : undefined;
  return {
    applications: applicationInformer,
    watchedSecrets: secretInformer,
    secrets: secretInformer ? watchedSecrets(client, secretInformer, namespace) : polledSecrets(client, namespace),
  };
}

// What comes from the wire has the shape of the kind; what is kept of it has not. One function each, as the informers know
// those who ask for the same by it.
const transformApplication = (raw: LiveApplication): LiveApplication => liveApplication(raw as unknown as Application);
const transformSecret = (raw: LiveSecret): LiveSecret => liveSecret(raw as unknown as Secret);
