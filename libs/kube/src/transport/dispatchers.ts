import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent, Socks5ProxyAgent } from "undici";
import type { Cluster } from "./cluster.ts";
import type { TlsMaterial } from "./credentials.ts";

/** Short calls share few connections; every watch has its own and may be silent for long. */
export type Purpose = "api" | "watch";

const answerTimeoutMs = 30_000;
const limits = {
  api: { connections: 4, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs, keepAliveTimeout: 30_000 },
  // Silence is judged by the watchdog of whoever reads, who knows about bookmarks.
  watch: { headersTimeout: answerTimeoutMs, bodyTimeout: 0, keepAliveTimeout: 4_000 },
} as const satisfies Record<Purpose, Agent.Options>;

/** One long-lived dispatcher per purpose, replaced only when CA, certificate or key changed. */
export function createDispatchers(cluster: Cluster) {
  let material: TlsMaterial | undefined;
  let current: Record<Purpose, Dispatcher> | undefined;
  const open = new Set<Dispatcher>();

  const add = (dispatcher: Dispatcher): Dispatcher => {
    open.add(dispatcher);
    return dispatcher;
  };
  const retire = (dispatcher: Dispatcher): void => {
    // Lets what runs on it end; a long watch keeps it until the server ends the watch.
    dispatcher.close().then(
      () => open.delete(dispatcher),
      () => open.delete(dispatcher),
    );
  };

  return {
    for(purpose: Purpose, tls: TlsMaterial): Dispatcher {
      if (!current || !material || !sameMaterial(material, tls)) {
        if (current) for (const old of Object.values(current)) retire(old);
        current = { api: add(build(cluster, tls, "api")), watch: add(build(cluster, tls, "watch")) };
        material = tls;
      }
      return current[purpose];
    },
    async destroy(): Promise<void> {
      await Promise.all([...open].map((dispatcher) => dispatcher.destroy()));
      open.clear();
    },
  };
}

export type Dispatchers = ReturnType<typeof createDispatchers>;

const sameMaterial = (a: TlsMaterial, b: TlsMaterial): boolean => a.ca === b.ca && a.cert === b.cert && a.key === b.key;

function build(cluster: Cluster, material: TlsMaterial, purpose: Purpose): Dispatcher {
  const tls = {
    ...present(material),
    ...(cluster.insecure ? { rejectUnauthorized: false } : {}),
    ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
  };
  const connect = { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 };
  // HTTP/1.1: one broken connection then breaks one watch, and the count of connections is ours to bound.
  const options = { ...limits[purpose], pipelining: 1, allowH2: false };
  const { proxyUrl } = cluster;
  if (proxyUrl?.startsWith("socks")) {
    const proxy = proxyUrl.replace(/^socks5?h?:/, "socks5:");
    return new Socks5ProxyAgent(proxy, { ...options, requestTls: { ...tls, allowH2: false } });
  }
  if (proxyUrl) return new ProxyAgent({ ...options, uri: proxyUrl, requestTls: tls });
  if (hasProxyEnvironment()) return new EnvHttpProxyAgent({ ...options, connect, requestTls: tls });
  return new Agent({ ...options, connect });
}

function hasProxyEnvironment(): boolean {
  const { env } = process;
  return Boolean(env["HTTPS_PROXY"] || env["https_proxy"] || env["HTTP_PROXY"] || env["http_proxy"]);
}

function present(material: TlsMaterial): { ca?: string; cert?: string; key?: string } {
  return Object.fromEntries(Object.entries(material).filter(([, value]) => value !== undefined));
}
