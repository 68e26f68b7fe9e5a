import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";

/** What a client shows of itself in the handshake, both PEM. The chain begins with the client's own certificate. */
export interface ClientIdentity {
  readonly chain: string;
  readonly key: string;
}

export interface TrustSettings {
  /** Takes any server certificate: `APP_SKIP_COMPASS_TLS_VERIFY`. */
  readonly insecure: boolean;
  /** PEM of authorities that are trusted beside those that Node trusts. */
  readonly ca: string | undefined;
}

const connectTimeoutMs = 10_000;
const idleMs = 30_000;
const longestHeaderBytes = 64 * 1024;

/** Connections that all show the same identity; through the proxy that `HTTPS_PROXY` and `NO_PROXY` name, if any. */
export function createDispatcher(
  identity: ClientIdentity | undefined,
  trust: TrustSettings,
  limits: { timeoutMs: number; longestAnswerBytes: number; reuse: boolean },
): Dispatcher {
  const tls = { secureContext: contextOf(identity, trust), rejectUnauthorized: !trust.insecure };
  const connect = { ...tls, timeout: connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: 30_000 };
  const options: Agent.Options = {
    connections: 8,
    // 0 ends the connection behind each answer.
    pipelining: limits.reuse ? 1 : 0,
    allowH2: false,
    keepAliveTimeout: idleMs,
    headersTimeout: limits.timeoutMs,
    bodyTimeout: limits.timeoutMs,
    maxHeaderSize: longestHeaderBytes,
    maxResponseSize: limits.longestAnswerBytes,
  };
  if (hasProxyEnvironment()) return new EnvHttpProxyAgent({ ...options, connect, requestTls: tls });
  return new Agent({ ...options, connect });
}

/** Made once for all connections: reading a hundred authorities for each would take milliseconds every time. */
function contextOf(identity: ClientIdentity | undefined, { ca }: TrustSettings): SecureContext {
  return createSecureContext({
    ...(identity === undefined ? {} : { cert: identity.chain, key: identity.key }),
    ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }),
  });
}

function hasProxyEnvironment(): boolean {
  const { env } = process;
  return Boolean(env["HTTPS_PROXY"] || env["https_proxy"] || env["HTTP_PROXY"] || env["http_proxy"]);
}
