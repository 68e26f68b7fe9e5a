import type { RequestOptions } from "node:https";
import type { LoadedConfig } from "./kubeconfig.ts";

/** What an exec or OIDC plugin hands out. */
export interface PluginCredentials {
  authorization: string | undefined;
  cert: string | undefined;
  key: string | undefined;
}

export const needsPlugin = ({ user }: LoadedConfig): boolean =>
  Boolean(user?.exec || (user?.authProvider && !user.tokenFile));

/**
 * Asks exec and OIDC plugins by way of client-node, which keeps their answers until they expire.
 * It is loaded for that alone: importing it costs fifty megabytes unbundled.
 */
export async function createPlugin({ cluster, user }: LoadedConfig): Promise<() => Promise<PluginCredentials>> {
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user ?? { name: "nobody" });
  return async () => {
    const options: RequestOptions = { headers: {} };
    await config.applyToHTTPSOptions(options);
    const { Authorization: authorization } = options.headers as Record<string, string | undefined>;
    return { authorization, cert: options.cert?.toString(), key: options.key?.toString() };
  };
}
