import { formation, type World } from "../world.ts";
import type { Administration } from "./formation.ts";
import { plain, type SecretObject } from "./world.ts";

interface Described {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly bundles: {
    readonly data: readonly {
      readonly id: string;
      readonly defaultInstanceAuth: null | {
        readonly credential: null | { readonly username: string; readonly password: string };
        readonly additionalHeaders: Readonly<Record<string, readonly string[]>> | null;
      };
    }[];
  };
}

/** What UCL says of the applications of the formation, to an administrator. */
async function described(admin: Administration): Promise<Described[]> {
  const { data } = await admin.ask<{ data: (Described & { labels: { scenarios?: string[] } })[] }>(
    `{ result: applications(first: 200) { data {
      id name description labels
      bundles { data { id defaultInstanceAuth { credential { ... on BasicCredentialData { username password } } additionalHeaders } } }
    } } }`,
    {},
  );
  return data.filter(({ labels }) => labels.scenarios?.includes(formation));
}

/** Secrets of Applications: those that there are, and those that there should be; name and plain data. */
export async function mirroredState({ cluster }: World, admin: Administration) {
  const secrets: Record<string, Record<string, string>> = {};
  const found = cluster.list<SecretObject>({ apiVersion: "v1", kind: "Secret", namespace: "kyma-system" });
  for (const { metadata, data } of found) {
    if (metadata.ownerReferences !== undefined) secrets[metadata.name ?? ""] = plain(data);
  }
  const wanted: Record<string, Record<string, string>> = {};
  for (const { name, bundles } of await described(admin)) {
    for (const { id, defaultInstanceAuth } of bundles.data) {
      const { credential, additionalHeaders } = defaultInstanceAuth ?? {};
      const application = `mp-${name}`;
      if (credential) {
        const { username, password } = credential;
        wanted[`${application.slice(0, 26)}-${id}`] = { username, password };
      }
      if (additionalHeaders) {
        wanted[`${`params-${application}`.slice(0, 26)}-${id}`] = { headers: JSON.stringify(additionalHeaders) };
      }
    }
  }
  return { secrets, wanted };
}

/** Every application of the formation is there as UCL describes it, and none beside them. */
export async function isMirrored(world: World, admin: Administration): Promise<boolean> {
  const { status } = world.connection() ?? {};
  if (status?.connectionState !== "Synchronized") return false;
  const managed = world.applications().filter(({ spec }) => spec?.compassMetadata !== undefined);
  const is = managed.map(({ metadata, spec, status }) =>
    JSON.stringify([
      spec?.compassMetadata?.applicationId,
      metadata.name,
      spec?.description,
      (status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions?.[0]?.status,
    ]),
  );
  const wanted = (await described(admin)).map(({ id, name, description }) =>
    JSON.stringify([id, `mp-${name}`, description || "Description not provided", "True"]),
  );
  const { secrets, wanted: wantedSecrets } = await mirroredState(world, admin);
  const sameSecrets = JSON.stringify(sorted(secrets)) === JSON.stringify(sorted(wantedSecrets));
  return is.sort().join("\n") === wanted.sort().join("\n") && sameSecrets;
}

const sorted = (secrets: Record<string, object>) =>
  Object.entries(secrets).sort(([one], [other]) => (one < other ? -1 : 1));
