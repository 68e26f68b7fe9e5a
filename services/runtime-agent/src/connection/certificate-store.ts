import { type CallOptions, type Client, find, type Secret, secrets } from "@application-connector/kube";
import { authorityBundle, type PreviousAuthorities, previousAfter } from "./authority-bundle.ts";
import { authoritiesOf, type Credentials, credentials, sameCredentials } from "./credentials.ts";
import { mergeSecret } from "./merge-secret.ts";
import { type SecretName, secretNameText } from "./secret-name.ts";

/** Addresses of UCL for clients with a certificate. */
export interface ManagementUrls {
  readonly connectorUrl: string;
  readonly directorUrl: string;
}

/** What pairing has brought, as it is kept in the client Secret. */
export interface StoredConnection {
  readonly credentials: Credentials;
  /** As UCL told them last; undefined where upstream's agent has paired. */
  readonly urls: ManagementUrls | undefined;
  readonly previous: PreviousAuthorities | undefined;
}

export interface CertificateStore {
  /**
   * What is stored. A Secret that is gone or spoilt is written again as long as this process knows what was in it.
   *
   * @returns a sentence where nothing usable is stored
   */
  load(options?: CallOptions): Promise<StoredConnection | string>;
  /** Stores new credentials, and whom the ingress is to trust from now on. What could not be stored is kept for `load`. */
  save(credentials: Credentials, urls: ManagementUrls, options?: CallOptions): Promise<void>;
  noteUrls(urls: ManagementUrls, options?: CallOptions): Promise<void>;
  /** Makes the Secret of the authorities what the stored chain says. */
  ensureAuthorities(stored: StoredConnection, options?: CallOptions): Promise<void>;
}

const annotation = {
  connectorUrl: "compass.kyma-project.io/connector-url",
  directorUrl: "compass.kyma-project.io/director-url",
  previous: "compass.kyma-project.io/previous-ca",
  previousUntil: "compass.kyma-project.io/previous-ca-until",
} as const;

export interface StoreNames {
  readonly client: SecretName;
  readonly authorities: SecretName;
}

export function createCertificateStore(client: Client, names: StoreNames, overlapMs: number): CertificateStore {
  const where = `Secret ${secretNameText(names.client)}`;
  let known: StoredConnection | undefined;
  /** What is known did not reach the Secret. */
  let isUnsaved = false;

  async function write(stored: StoredConnection, options: CallOptions): Promise<void> {
    known = stored;
    isUnsaved = true;
    await mergeSecret(client, names.client, contentOf(stored), options);
    isUnsaved = false;
  }

  async function ensureAuthorities(stored: StoredConnection, options: CallOptions): Promise<void> {
    const wanted = authorityBundle(authoritiesOf(stored.credentials), stored.previous, Date.now());
    const present = await find(client, secrets, names.authorities, options);
    if (present !== undefined && textIn(present, "cacert") === wanted) return;
    await mergeSecret(client, names.authorities, { data: { cacert: wanted } }, options);
  }

  return {
    async load(options = {}) {
      const secret = await find(client, secrets, names.client, options);
      const found = secret === undefined ? `there is no ${where}` : storedIn(secret, where);
      if (typeof found !== "string" && !isUnsaved) {
        known = found;
        return found;
      }
      if (known === undefined) return found;
      await write(known, options);
      return known;
    },
    async save(fresh, urls, options = {}) {
      const overlap = { now: Date.now(), overlapMs };
      const before = known && authoritiesOf(known.credentials);
      const previous = previousAfter(before, authoritiesOf(fresh), known?.previous, overlap);
      const stored = { credentials: fresh, urls, previous };
      await write(stored, options);
      await ensureAuthorities(stored, options);
    },
    async noteUrls(urls, options = {}) {
      if (known === undefined || sameUrls(known.urls, urls)) return;
      await write({ ...known, urls }, options);
    },
    ensureAuthorities: (stored, options = {}) => ensureAuthorities(stored, options),
  };
}

export const sameUrls = (a: ManagementUrls | undefined, b: ManagementUrls): boolean =>
  a?.connectorUrl === b.connectorUrl && a.directorUrl === b.directorUrl;

export const sameStored = (a: StoredConnection | undefined, b: StoredConnection): boolean =>
  sameCredentials(a?.credentials, b.credentials);

function storedIn(secret: Secret, where: string): StoredConnection | string {
  const missing = ["crt", "key", "crtChain"].find((key) => textIn(secret, key) === "");
  if (missing !== undefined) return `${where} has no key ${missing}`;
  const { annotations = {} } = secret.metadata;
  const { [annotation.connectorUrl]: connectorUrl, [annotation.directorUrl]: directorUrl } = annotations;
  const untilMs = Date.parse(annotations[annotation.previousUntil] ?? "");
  const pem = annotations[annotation.previous];
  try {
    return {
      credentials: credentials(textIn(secret, "crt"), textIn(secret, "key"), textIn(secret, "crtChain"), where),
      urls: connectorUrl && directorUrl ? { connectorUrl, directorUrl } : undefined,
      previous: pem && !Number.isNaN(untilMs) ? { pem, untilMs } : undefined,
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function contentOf({ credentials: { certificate, key, chain }, urls, previous }: StoredConnection) {
  return {
    data: { crt: certificate, key, crtChain: chain },
    annotations: {
      [annotation.connectorUrl]: urls?.connectorUrl ?? null,
      [annotation.directorUrl]: urls?.directorUrl ?? null,
      [annotation.previous]: previous?.pem ?? null,
      [annotation.previousUntil]: previous ? new Date(previous.untilMs).toISOString() : null,
    },
  };
}

const textIn = ({ data = {} }: Secret, key: string): string => Buffer.from(data[key] ?? "", "base64").toString("utf8");
