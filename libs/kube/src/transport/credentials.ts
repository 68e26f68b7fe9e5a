import { readFile } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import type { Cluster } from "./cluster.ts";
import type { LoadedConfig } from "./kubeconfig.ts";
import { createPlugin, needsPlugin, type PluginCredentials } from "./plugin.ts";

/** Everything a request needs to be let in. */
export interface Credentials {
  /** Header name, value, name, value… */
  readonly headers: readonly string[];
  readonly tls: TlsMaterial;
}

export interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Kubelet rotates projected tokens long before they expire; ten seconds cost nothing and lose nothing. */
const freshMs = 10_000;

/**
 * Reads tokens, certificates and exec credentials, at most every ten seconds.
 * What was read is kept when a later read fails: files are replaced while we look.
 */
export function createCredentialSource(cluster: Cluster, clock: Clock) {
  let loaded = cluster.load();
  let plugin: ReturnType<typeof createPlugin> | undefined;
  let last: { at: number; credentials: Credentials } | undefined;
  let reading: Promise<Credentials> | undefined;
  let generation = 0;

  const read = async (): Promise<Credentials> => {
    const started = generation;
    try {
      if (needsPlugin(loaded)) plugin ??= createPlugin(loaded);
      const credentials = await readCredentials(loaded, await (await plugin)?.());
      // What was being read when it was refused is not worth keeping.
      last = { at: started === generation ? clock.now() : Number.NEGATIVE_INFINITY, credentials };
      return credentials;
    } catch (error) {
      if (last) return last.credentials;
      throw error;
    } finally {
      if (started === generation) reading = undefined;
    }
  };

  return {
    current(): Promise<Credentials> {
      if (last && clock.now() - last.at < freshMs) return Promise.resolve(last.credentials);
      reading ??= read();
      return reading;
    },
    /** The server refused what we have: forget it, including what exec and OIDC plugins cached. */
    refresh(): void {
      try {
        loaded = cluster.load();
        plugin = undefined;
      } catch {
        // The file is being replaced. What is loaded still names the token files, which are read again.
      }
      generation++;
      reading = undefined;
      if (last) last.at = Number.NEGATIVE_INFINITY;
    },
  };
}

export type CredentialSource = ReturnType<typeof createCredentialSource>;

async function readCredentials({ cluster, user }: LoadedConfig, plugin?: PluginCredentials): Promise<Credentials> {
  const ca = await fileOrData(cluster.caFile, cluster.caData);
  if (!user) return { headers: [], tls: { ca, cert: undefined, key: undefined } };

  const token = user.tokenFile ? (await readFile(user.tokenFile, "utf8")).trim() : user.token;
  const headers: string[] = [];
  if (token) headers.push("authorization", `Bearer ${token}`);
  else if (plugin?.authorization) headers.push("authorization", plugin.authorization);
  else if (user.username) headers.push("authorization", `Basic ${btoa(`${user.username}:${user.password}`)}`);
  if (user.impersonateUser) headers.push("impersonate-user", user.impersonateUser);
  if (user.impersonateUid) headers.push("impersonate-uid", user.impersonateUid);
  for (const group of user.impersonateGroups ?? []) headers.push("impersonate-group", group);
  for (const [name, values] of Object.entries(user.impersonateExtra ?? {})) {
    for (const value of values) headers.push(`impersonate-extra-${encodeURIComponent(name)}`, value);
  }
  const cert = plugin?.cert ?? (await fileOrData(user.certFile, user.certData));
  const key = plugin?.key ?? (await fileOrData(user.keyFile, user.keyData));
  return { headers, tls: { ca, cert, key } };
}

async function fileOrData(file: string | undefined, data: string | undefined): Promise<string | undefined> {
  if (file) return readFile(file, "utf8");
  return data ? Buffer.from(data, "base64").toString("utf8") : undefined;
}
