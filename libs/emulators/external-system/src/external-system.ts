import type { Authority } from "@application-connector/x509";
import { createApp } from "./app.ts";
import { tlsSettings } from "./certificates.ts";
import { createDoor } from "./door.ts";
import { awsGuard } from "./guards/aws.ts";
import { type BasicCredential, basicGuard } from "./guards/basic.ts";
import { csrfProtection } from "./guards/csrf.ts";
import { oauthGuard } from "./guards/oauth.ts";
import { createOnce } from "./guards/once.ts";
import { type SignatureKey, signedGuard } from "./guards/signed.ts";
import { type Listener, type ListenerName, type ListenerSettings, listen } from "./listeners.ts";
import { createPauseGate } from "./pause-gate.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { createOrders } from "./routes/orders.ts";

export interface ExternalSystemOptions {
  /** Ports of the listeners; 0 takes a free one. Those with TLS are opened when there is an authority. */
  port?: number;
  tlsPort?: number;
  mtlsPort?: number;
  selfSignedPort?: number;
  authority?: Authority;
  /** Says which bearer tokens open `/oauth/…`; none does without it. */
  verifyToken?: (token: string) => boolean;
  /** Opens `/basic/…`; `demo` / `demo` without it. */
  basic?: BasicCredential;
  /** How long an idle connection stays open. */
  keepAliveTimeoutMs?: number;
}

export interface ExternalSystem {
  /** Plain HTTP. */
  readonly url: string;
  readonly port: number;
  /** TLS with a certificate of the authority. */
  readonly tlsUrl: string | undefined;
  readonly tlsPort: number | undefined;
  /** TLS that takes only clients with a certificate of the authority. */
  readonly mtlsUrl: string | undefined;
  readonly mtlsPort: number | undefined;
  /** TLS with a certificate nobody vouches for. */
  readonly selfSignedUrl: string | undefined;
  readonly selfSignedPort: number | undefined;
  readonly requests: RequestLog;
  /** What opens `/signed/…`, by key id; changes count at once. */
  readonly signatureKeys: Map<string, SignatureKey>;
  /** What opens `/aws/…`: secret access keys by access key id. */
  readonly awsKeys: Map<string, string>;
  readonly connections: { readonly open: number; readonly accepted: number };
  readonly csrfSessions: number;
  /** Ends all CSRF sessions, as a restart of the system would. */
  expireCsrfSessions(): void;
  /** Takes requests and answers none of them until `resume()`. */
  pause(): void;
  /** Ends all connections and refuses new ones until `resume()`. */
  refuse(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the connections that are open now, as a crash would. */
  dropConnections(): void;
  /** Forgets requests, counters of `/once`, CSRF sessions and orders. */
  reset(): void;
  stop(): Promise<void>;
}

/** An ERP or shop as it stands outside the cluster, on the loopback interface: a demo API and a target for tests. */
export async function startExternalSystem(options: ExternalSystemOptions = {}): Promise<ExternalSystem> {
  const log = createRequestLog();
  const gate = createPauseGate();
  const orders = createOrders();
  const csrf = csrfProtection();
  const once = createOnce();
  const signatureKeys = new Map<string, SignatureKey>();
  const awsKeys = new Map<string, string>();
  const app = await createApp(orders);
  const door = createDoor({
    app,
    gate,
    log,
    guards: {
      basic: basicGuard(options.basic ?? { username: "demo", password: "demo" }),
      oauth: oauthGuard(options.verifyToken ?? (() => false)),
      csrf: csrf.guard,
      signed: signedGuard(signatureKeys),
      aws: awsGuard(awsKeys),
      once: once.guard,
    },
  });
  const listeners = await openListeners(options, { ...door, keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? 65_000 });
  const [http, https, mtls, selfSigned] = listeners;
  const sum = (count: (listener: Listener) => number): number =>
    listeners.reduce((total, listener) => total + count(listener), 0);

  return {
    url: `http://127.0.0.1:${http.port}`,
    port: http.port,
    tlsUrl: https && `https://localhost:${https.port}`,
    tlsPort: https?.port,
    mtlsUrl: mtls && `https://localhost:${mtls.port}`,
    mtlsPort: mtls?.port,
    selfSignedUrl: selfSigned && `https://localhost:${selfSigned.port}`,
    selfSignedPort: selfSigned?.port,
    requests: log,
    signatureKeys,
    awsKeys,
    connections: {
      get open() {
        return sum(({ openConnections }) => openConnections);
      },
      get accepted() {
        return sum(({ acceptedConnections }) => acceptedConnections);
      },
    },
    get csrfSessions() {
      return csrf.sessions;
    },
    expireCsrfSessions: csrf.reset,
    pause: gate.shut,
    async refuse() {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
    async resume() {
      gate.open();
      await Promise.all(listeners.map((listener) => listener.open()));
    },
    dropConnections() {
      for (const listener of listeners) listener.dropConnections();
    },
    reset() {
      log.clear();
      once.reset();
      csrf.reset();
      orders.reset();
    },
    async stop() {
      gate.open();
      await Promise.all(listeners.map((listener) => listener.close()));
      await app.close();
    },
  };
}

async function openListeners(
  options: ExternalSystemOptions,
  shared: Omit<ListenerSettings, "name" | "port" | "tls">,
): Promise<[http: Listener, ...secure: Listener[]]> {
  const http = await listen({ ...shared, name: "http", port: options.port ?? 0 });
  if (options.authority === undefined) return [http];
  const tls = tlsSettings(options.authority);
  const ports: [Exclude<ListenerName, "http">, number | undefined][] = [
    ["https", options.tlsPort],
    ["mtls", options.mtlsPort],
    ["selfSigned", options.selfSignedPort],
  ];
  const opened: Listener[] = [];
  try {
    for (const [name, port = 0] of ports) opened.push(await listen({ ...shared, name, port, tls: tls[name] }));
  } catch (error) {
    // A port that is taken must not leave the others open.
    await Promise.all([http, ...opened].map((listener) => listener.close()));
    throw error;
  }
  return [http, ...opened];
}
