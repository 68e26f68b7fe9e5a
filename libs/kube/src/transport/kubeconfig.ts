import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { delimiter, dirname, isAbsolute, join } from "node:path";
// Only the reader of the file format. KubeConfig itself drags in every model of the Kubernetes API (see plugin.ts).
import {
  type Cluster,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";
import { load } from "js-yaml";

const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The configuration does not say which API server to use, or cannot be read. */
export class KubeConfigError extends Error {
  override readonly name = "KubeConfigError";
}

/** What a configuration says about the current context. */
export interface LoadedConfig {
  cluster: Cluster;
  user: UserEntry | undefined;
  namespace: string | undefined;
}

/** A user of a kubeconfig, with the standard fields that client-node does not read. */
export interface UserEntry extends User {
  tokenFile?: string | undefined;
  impersonateUid?: string | undefined;
  impersonateGroups?: string[] | undefined;
  impersonateExtra?: Record<string, string[]> | undefined;
}

/** Where a configuration comes from, so that it can be read again. */
export type ConfigSource =
  | { from: "file"; files: readonly string[] }
  | { from: "text"; text: string }
  | { from: "service account"; folder: string; host: string; port: string }
  | { from: "server"; server: string };

export interface ClusterOptions {
  /** Path of a kubeconfig file. */
  kubeconfig?: string | undefined;
  /** The text of a kubeconfig, instead of a file. */
  kubeconfigText?: string | undefined;
  /** URL of the API server; overrides the one of the configuration. */
  server?: string | undefined;
}

/** Explicit file, then `KUBECONFIG`, then the Pod's service account, then the bare server without credentials. */
export function chooseSource(
  options: ClusterOptions,
  env: NodeJS.ProcessEnv,
  folder = serviceAccountFolder,
): ConfigSource {
  if (options.kubeconfigText) return { from: "text", text: options.kubeconfigText };
  if (options.kubeconfig) return { from: "file", files: [options.kubeconfig] };
  const files = env["KUBECONFIG"]?.split(delimiter).filter((file) => file !== "") ?? [];
  if (files.length > 0) return { from: "file", files };
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = env;
  if (host && existsSync(join(folder, "token"))) return { from: "service account", folder, host, port };
  if (options.server) return { from: "server", server: options.server };
  throw new KubeConfigError(
    "no Kubernetes API server is configured: give a kubeconfig file, set KUBECONFIG, or run inside a cluster",
  );
}

export function loadConfig(source: ConfigSource): LoadedConfig {
  switch (source.from) {
    case "service account":
      return serviceAccount(source.folder, source.host, source.port);
    case "server":
      return {
        cluster: { name: "server", server: source.server, skipTLSVerify: false },
        user: undefined,
        namespace: undefined,
      };
    case "text":
      return currentContext([parse("kubeconfig", source.text, ".")]);
    case "file":
      return currentContext(source.files.map((file) => parse(`kubeconfig ${file}`, readText(file), dirname(file))));
  }
}

function serviceAccount(folder: string, host: string, port: string): LoadedConfig {
  const namespaceFile = join(folder, "namespace");
  return {
    cluster: {
      name: "in-cluster",
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      caFile: join(folder, "ca.crt"),
      skipTLSVerify: false,
    },
    user: { name: "service-account", tokenFile: join(folder, "token") },
    namespace: existsSync(namespaceFile) ? readFileSync(namespaceFile, "utf8").trim() : undefined,
  };
}

interface Parsed {
  clusters: Cluster[];
  users: UserEntry[];
  contexts: Context[];
  current: string | undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new KubeConfigError(`kubeconfig ${file}: ${(cause as Error).message}`, { cause });
  }
}

function parse(what: string, text: string, folder: string): Parsed {
  try {
    const raw = (load(text) ?? {}) as Record<string, unknown>;
    const extras = new Map((raw["users"] as RawUser[] | undefined)?.map(({ name, user }) => [name, user ?? {}]));
    const absolute = (file: string | undefined): string | undefined =>
      file && (isAbsolute(file) ? file : join(folder, file));
    return {
      clusters: newClusters(raw["clusters"]).map(
        (cluster) => ({ ...cluster, caFile: absolute(cluster.caFile) }) as Cluster,
      ),
      users: newUsers(raw["users"]).map((user) => {
        const extra = extras.get(user.name) ?? {};
        return {
          ...user,
          certFile: absolute(user.certFile),
          keyFile: absolute(user.keyFile),
          tokenFile: absolute(extra.tokenFile ?? user.authProvider?.config?.tokenFile),
          impersonateUid: extra["as-uid"],
          impersonateGroups: extra["as-groups"],
          impersonateExtra: extra["as-user-extra"],
        } as UserEntry;
      }),
      contexts: newContexts(raw["contexts"]),
      current: (raw["current-context"] as string | undefined) || undefined,
    };
  } catch (cause) {
    throw new KubeConfigError(`${what}: ${(cause as Error).message}`, { cause });
  }
}

interface RawUser {
  name: string;
  user?: {
    tokenFile?: string;
    "as-uid"?: string;
    "as-groups"?: string[];
    "as-user-extra"?: Record<string, string[]>;
  };
}

/** Of several files, the first that says something wins, as with kubectl. */
function currentContext(files: readonly Parsed[]): LoadedConfig {
  const find = <T extends { name: string }>(pick: (file: Parsed) => T[], name: string | undefined): T | undefined =>
    files.flatMap(pick).find((entry) => entry.name === name);
  const current = files.find((file) => file.current !== undefined)?.current;
  if (current === undefined) throw new KubeConfigError("kubeconfig: current-context is not set");
  const context = find(({ contexts }) => contexts, current);
  if (!context) throw new KubeConfigError(`kubeconfig: there is no context "${current}"`);
  const cluster = find(({ clusters }) => clusters, context.cluster);
  if (!cluster) throw new KubeConfigError(`kubeconfig: context "${current}" names no known cluster`);
  return { cluster, user: find(({ users }) => users, context.user), namespace: context.namespace };
}
