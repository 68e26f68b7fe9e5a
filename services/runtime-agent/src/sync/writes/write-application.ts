import { type Application, applications } from "@application-connector/crds";
import { type Client, find } from "@application-connector/kube";
import { type LiveApplication, liveApplication } from "../live/live-application.ts";
import { fieldManager } from "../mapping/desired.ts";
import { type ApplicationRecord, bodyOf } from "../records/record.ts";
import { deleteExactly } from "./delete-exactly.ts";

const apiVersion = `${applications.group}/${applications.version}`;
const { kind } = applications;

export async function readApplication(client: Client, name: string): Promise<LiveApplication | undefined> {
  const found = await find(client, applications, { name });
  return found && liveApplication(found);
}

/** With all that users may change afterwards: later writes leave those fields alone. */
export async function createApplication(
  client: Client,
  record: ApplicationRecord,
  skipVerify: boolean,
): Promise<LiveApplication> {
  const { labels, annotations, spec } = bodyOf(record);
  const object: Application = {
    apiVersion,
    kind,
    metadata: { name: record.name, labels, annotations },
    spec: { ...spec, skipVerify, encodeUrl: false, displayName: "", providerDisplayName: "", longDescription: "" },
    status: { installationStatus: { status: "", description: "" } },
  };
  return liveApplication(await client.create(applications, object, { fieldManager }));
}

/** The fields that the agent decides, and no other. Only of this very object: a namesake would be made without the rest. */
export async function applyApplication(
  client: Client,
  record: ApplicationRecord,
  live: LiveApplication,
): Promise<LiveApplication> {
  const { labels, annotations, spec } = bodyOf(record);
  const { name, uid } = live.metadata;
  await dropLabels(client, live, labels);
  const metadata = { name, labels, annotations, ...(uid === undefined ? {} : { uid }) };
  const object: Application = { apiVersion, kind, metadata, spec };
  return liveApplication(await client.apply(applications, object, { fieldManager, force: true }));
}

/**
 * Labels that no application of UCL asks for any more. Those that came with the creation belong to that, not to the
 * applies after it, so that leaving them out is not enough.
 */
async function dropLabels(client: Client, live: LiveApplication, wanted: Readonly<Record<string, string>>) {
  const { name, uid } = live.metadata;
  const dropped = live.ownLabels.filter((key) => !(key in wanted));
  if (dropped.length === 0) return;
  const labels = Object.fromEntries(dropped.map((key) => [key, null]));
  const patch = { metadata: { ...(uid === undefined ? {} : { uid }), labels } };
  await client.patch(applications, { name }, patch, { contentType: "application/merge-patch+json", fieldManager });
}

/** Only this very object, not one that took its name. */
export async function deleteApplication(client: Client, live: LiveApplication): Promise<void> {
  await deleteExactly(client, applications, live.metadata);
}
