import { type CallOptions, type Client, find, KubeError, type Secret, secrets } from "@application-connector/kube";
import type { SecretName } from "./secret-name.ts";

export interface SecretContent {
  /** Plain texts by key. */
  readonly data: Readonly<Record<string, string>>;
  /** Null takes an annotation away. */
  readonly annotations?: Readonly<Record<string, string | null>>;
}

const fieldManager = "compass-runtime-agent";

/** Writes keys and annotations into a Secret and leaves everything else in it as it is; makes it where there is none. */
export async function mergeSecret(
  client: Client,
  name: SecretName,
  content: SecretContent,
  options: CallOptions = {},
): Promise<void> {
  if (!(await changeSecret(client, name, content, options))) await createSecret(client, name, content, options);
}

/** The same, where there is one; false when there is none. */
export async function changeSecret(
  client: Client,
  name: SecretName,
  content: SecretContent,
  options: CallOptions = {},
): Promise<boolean> {
  const { annotations } = content;
  const patch = { data: encoded(content.data), ...(annotations ? { metadata: { annotations } } : {}) };
  try {
    const contentType = "application/merge-patch+json";
    await client.patch(secrets, name, patch, { ...options, contentType, fieldManager });
    return true;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.isNotFound) return false;
    // Upstream's role allows update and not patch.
    if (error.isForbidden) return await replaceSecret(client, name, content, options);
    throw error;
  }
}

async function createSecret(client: Client, name: SecretName, content: SecretContent, options: CallOptions) {
  const given = Object.entries(content.annotations ?? {}).filter(([, value]) => value !== null);
  const metadata = { ...name, ...(given.length > 0 ? { annotations: Object.fromEntries(given) as never } : {}) };
  const secret: Secret = { metadata, type: "Opaque", data: encoded(content.data) };
  await client.create(secrets, secret, { ...options, fieldManager });
}

const mostTries = 5;

async function replaceSecret(
  client: Client,
  name: SecretName,
  content: SecretContent,
  options: CallOptions,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const secret = await find(client, secrets, name, options);
    if (secret === undefined) return false;
    const annotations = Object.fromEntries(
      Object.entries({ ...secret.metadata.annotations, ...content.annotations }).filter(([, value]) => value !== null),
    ) as Record<string, string>;
    const metadata = { ...secret.metadata, annotations };
    const merged = { ...secret, metadata, data: { ...secret.data, ...encoded(content.data) } };
    try {
      await client.replace(secrets, merged, { ...options, fieldManager });
      return true;
    } catch (error) {
      if (tries === mostTries || !(error instanceof KubeError && error.isConflict)) throw error;
    }
  }
}

const encoded = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
