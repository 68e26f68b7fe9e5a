import { type Application, applications } from "@application-connector/crds";
import { type Client, find } from "@application-connector/kube";
import { identityOf, isSettledSecret, leftovers } from "../live/diff-secrets.ts";
import { decided, type LiveApplication } from "../live/live-application.ts";
import type { SecretSource } from "../live/secret-source.ts";
import { type ApplicationRecord, bodyOf } from "../records/record.ts";

/** What of an Application and its Secrets would be written: paths and names, no values. */
export async function plannedChanges(
  client: Client,
  secrets: SecretSource,
  record: ApplicationRecord,
  live: LiveApplication,
): Promise<string[]> {
  const changes: string[] = [];
  if (live.digest !== record.digest) changes.push(...(await changedPaths(client, record, live)));
  const identity = identityOf(record.name);
  for (const secret of record.secrets) {
    const found = await secrets.read(secret.name, false);
    if (found === undefined) changes.push(`Secret ${secret.name}: created`);
    else if (!isSettledSecret(secret, identity, live.metadata.uid, found))
      changes.push(`Secret ${secret.name}: updated`);
  }
  const names = record.secrets.map(({ name }) => name);
  for (const { metadata } of leftovers(record, await secrets.ownedBy(live, names))) {
    changes.push(`Secret ${metadata.name}: deleted`);
  }
  return changes;
}

async function changedPaths(client: Client, record: ApplicationRecord, live: LiveApplication): Promise<string[]> {
  const found: Application | undefined = await find(client, applications, { name: record.name });
  const { labels = {}, annotations = {} } = found?.metadata ?? {};
  const { labels: wantedLabels, annotations: wantedAnnotations, spec } = bodyOf(record);
  const is = decided({ ...found?.spec }, labels, annotations, live.ownLabels) as Record<string, unknown>;
  return [
    ...differences(is["labels"], wantedLabels, "metadata.labels"),
    ...differences(is["annotations"], wantedAnnotations, "metadata.annotations"),
    ...differences(is["spec"], spec, "spec"),
  ];
}

/** The deepest places at which two values differ. */
export function differences(is: unknown, wanted: unknown, path: string): string[] {
  if (Array.isArray(is) && Array.isArray(wanted) && is.length === wanted.length) {
    return wanted.flatMap((item, index) => differences(is[index], item, `${path}[${index}]`));
  }
  if (isFields(is) && isFields(wanted)) {
    const names = new Set([...Object.keys(is), ...Object.keys(wanted)]);
    return [...names].flatMap((name) => differences(is[name], wanted[name], `${path}.${name}`));
  }
  return is === wanted ? [] : [path];
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
