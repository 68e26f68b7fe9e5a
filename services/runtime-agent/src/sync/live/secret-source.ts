import { type Client, find, type Informer, secrets } from "@application-connector/kube";
import type { LiveApplication } from "./live-application.ts";
import { type LiveSecret, liveSecret } from "./live-secret.ts";

/** The Secrets of Applications as they are. */
export interface SecretSource {
  /** From a cache, when there is one: cheap enough to look at all of them. */
  readonly cached: ((name: string) => LiveSecret | undefined) | undefined;
  read(name: string, isFresh: boolean): Promise<LiveSecret | undefined>;
  /** Secrets that belong to an Application, of which some may be of no use any more. */
  ownedBy(application: LiveApplication, known: readonly string[]): Promise<readonly LiveSecret[]>;
}

export const byOwner = { owner: ({ ownerUid }: LiveSecret): string[] => (ownerUid === "" ? [] : [ownerUid]) };

export function watchedSecrets(client: Client, informer: Informer<LiveSecret>, namespace: string): SecretSource {
  const cached = (name: string): LiveSecret | undefined => informer.get(name, namespace);
  return {
    cached,
    read: async (name, isFresh) => (isFresh ? await readSecret(client, name, namespace) : cached(name)),
    ownedBy: async ({ metadata }) => informer.byIndex("owner", metadata.uid ?? ""),
  };
}

/** Without the right to list and watch: each is read when it is looked at. */
export function polledSecrets(client: Client, namespace: string): SecretSource {
  return {
    cached: undefined,
    read: (name) => readSecret(client, name, namespace),
    async ownedBy({ metadata, secretNames }, known) {
      const names = [...new Set([...secretNames, ...known])];
      const found = await Promise.all(names.map((name) => readSecret(client, name, namespace)));
      return found.filter((secret) => secret !== undefined && secret.ownerUid === metadata.uid) as LiveSecret[];
    },
  };
}

async function readSecret(client: Client, name: string, namespace: string): Promise<LiveSecret | undefined> {
  const found = await find(client, secrets, { name, namespace });
  return found && liveSecret(found);
}
