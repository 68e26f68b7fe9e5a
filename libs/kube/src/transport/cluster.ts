import { type ClusterOptions, chooseSource, KubeConfigError, type LoadedConfig, loadConfig } from "./kubeconfig.ts";

/** Which API server to speak to, and where its credentials come from. */
export interface Cluster {
  /** The server's URL without a slash at its end; may carry a path. */
  readonly server: string;
  /** The namespace of the context or of the Pod. */
  readonly namespace: string | undefined;
  readonly tlsServerName: string | undefined;
  /** The server's certificate is not verified, as the kubeconfig asks for. */
  readonly insecure: boolean;
  readonly proxyUrl: string | undefined;
  /** Reads the configuration from where it came from, without anything cached. */
  readonly load: () => LoadedConfig;
}

/**
 * Finds the API server: the given kubeconfig file, else `KUBECONFIG`, else the service account of the Pod.
 *
 * @throws {KubeConfigError} when nothing names a server or the configuration cannot be used
 */
export function loadCluster(options: ClusterOptions = {}): Cluster {
  const source = chooseSource(options, process.env);
  const { cluster, user, namespace } = loadConfig(source);
  const server = serverUrl(options.server || cluster.server);
  if (server.startsWith("http:") && user && !cluster.skipTLSVerify) {
    throw new KubeConfigError(
      `credentials are not sent to ${server} without TLS: use https, or set insecure-skip-tls-verify in the kubeconfig`,
    );
  }
  return {
    server,
    namespace,
    tlsServerName: cluster.tlsServerName,
    insecure: cluster.skipTLSVerify,
    proxyUrl: cluster.proxyUrl,
    load: () => loadConfig(source),
  };
}

function serverUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new KubeConfigError(`the API server's address "${text}" is not an http or https URL`);
  }
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, "");
}
