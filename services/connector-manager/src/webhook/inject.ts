import { isDeepStrictEqual } from "node:util";
import {
  type Applier,
  type Client,
  createApplier,
  customResourceDefinitionsResource,
  type Informer,
  type Reconcile,
  type Secret,
  secrets,
} from "@application-connector/kube";
import { connectorDefinition, moduleNamespace, webhookManager, webhookSecret } from "../names.ts";
import { nextChange, planCertificate, type ServingCertificate } from "./certificate.ts";
import { certificateOf, secretOf } from "./certificate-secret.ts";
import { conversionPatch, namesOf, type WebhookAddress } from "./client-config.ts";
import type { ConvertedDefinition } from "./definition.ts";

export interface InjectParts {
  /** Writes only as long as this process leads. */
  readonly client: Client;
  readonly address: WebhookAddress;
  readonly definition: Informer<ConvertedDefinition>;
  /** The Secret with the certificate; without it somebody else looks after that. */
  readonly secret: Informer<Secret> | undefined;
  /** PEM of the authorities of a certificate that somebody else looks after. */
  readonly authorities: () => string | undefined;
}

/** However far away the next change is: timers cannot count months. */
const longestMs = 12 * 3_600_000;
const shortestMs = 60_000;

/** Keeps a certificate in its Secret, and tells API servers where the webhook is and whom to believe. */
export function createInjection({ client, address, definition, secret, authorities }: InjectParts): Reconcile {
  const applier = createApplier(client, { fieldManager: webhookManager });
  return async (_request, signal) => {
    const live = definition.get(connectorDefinition);
    const serving = secret && (await keepCertificate(applier, secret, address, live?.trusted ?? "", signal));
    if (live !== undefined) await inject(client, live, address, serving?.authorities ?? authorities(), signal);
    if (serving === undefined) return {};
    // What is due while API servers do not know the new authority waits for their definition, which tells when it changes.
    const dueMs = nextChange(serving) - Date.now();
    return { requeueAfterMs: Math.min(longestMs, Math.max(shortestMs, dueMs)) };
  };
}

async function keepCertificate(
  applier: Applier,
  secret: Informer<Secret>,
  address: WebhookAddress,
  trusted: string,
  signal: AbortSignal,
): Promise<ServingCertificate> {
  const live = secret.get(webhookSecret, moduleNamespace);
  const current = live && certificateOf(live);
  const planned = planCertificate(current, { ...namesOf(address), trusted }, Date.now());
  if (planned === current) return planned;
  const { object } = await applier.apply(secrets, secretOf(planned), { live, force: true, signal });
  await secret.expect({ name: webhookSecret, namespace: moduleNamespace }, object.metadata.resourceVersion ?? "");
  return planned;
}

/** A definition that says what is wanted already is left alone, and so is one that serves one version only. */
async function inject(
  client: Client,
  { metadata, conversion, isConverted }: ConvertedDefinition,
  address: WebhookAddress,
  authorities: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!isConverted || metadata.deletionTimestamp !== undefined) return;
  const wanted = conversionPatch(address, authorities);
  if (isDeepStrictEqual(merged(conversion, wanted), conversion)) return;
  const { name, resourceVersion } = metadata;
  await client.patch(
    customResourceDefinitionsResource,
    { name },
    { metadata: { resourceVersion }, spec: { conversion: wanted } },
    { contentType: "application/merge-patch+json", fieldManager: webhookManager, signal },
  );
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const before = typeof target === "object" && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}
