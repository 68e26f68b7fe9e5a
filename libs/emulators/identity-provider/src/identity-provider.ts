import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Authority } from "@application-connector/x509";
import fastify, { type FastifyInstance } from "fastify";
import { createClientAssertions } from "./client-assertion.ts";
import type { RegisteredClient } from "./client-authentication.ts";
import { createFailures, type FailureMode } from "./failures.ts";
import { createRefreshTokens, type RefreshTokens } from "./refresh-tokens.ts";
import { createSamlAuthorities, type SamlIssuer } from "./saml-authorities.ts";
import { tokenRoutes } from "./token-endpoint.ts";
import type { TokenRequest } from "./token-request.ts";
import { createTokenStore, type ExpiresIn, type TokenRecord } from "./token-store.ts";
import { createUserTokens, type UserTokens } from "./user-tokens.ts";

export interface IdentityProviderOptions {
  /** Port of the plain listener; 0 takes a free one. */
  port?: number;
  clients?: readonly RegisteredClient[];
  /** Issues the server certificates of the two TLS listeners and is the one whose client certificates are taken. */
  authority?: Authority;
  tlsPort?: number;
  mtlsPort?: number;
  tokenLifetimeS?: ExpiresIn;
  /** Passwords by user name, for the password grant. */
  users?: Readonly<Record<string, string>>;
  /** Who may vouch for users with SAML assertions. */
  samlIssuers?: readonly SamlIssuer[];
  /** The names that assertions may give it as their audience, beside the URLs of its token endpoints. */
  audiences?: readonly string[];
}

export interface IdentityProvider {
  readonly url: string;
  readonly port: number;
  readonly tokenUrl: string;
  readonly introspectionUrl: string;
  /** With an authority: the token endpoint over TLS. */
  readonly tlsTokenUrl: string | undefined;
  /** With an authority: the token endpoint for clients that show a certificate. */
  readonly mtlsTokenUrl: string | undefined;
  /** The last 10,000 calls of the token endpoint, oldest first. */
  readonly requests: TokenRequest[];
  /** The keys that users' tokens are signed with. */
  readonly jwksUrl: string;
  readonly userTokens: UserTokens;
  readonly refreshTokens: RefreshTokens;
  /** Every issued token still remembered, oldest first. */
  readonly tokens: readonly TokenRecord[];
  /** What `expires_in` says from now on. */
  tokenLifetimeS: ExpiresIn;
  /** Adds a client or replaces the one with this id. */
  register(client: RegisteredClient): void;
  unregister(id: string): void;
  /** Fails the next `times` calls of the token endpoint, or all until `heal()`. */
  fail(mode: FailureMode, times?: number): void;
  heal(): void;
  isValid(token: string): boolean;
  tokenRecord(token: string): TokenRecord | undefined;
  revokeAll(): void;
  /** Forgets requests, tokens and failures; clients stay. */
  reset(): void;
  stop(): Promise<void>;
}

const requestLimit = 10_000;

/** An OAuth 2.0 token server on the loopback interface. */
export async function startIdentityProvider(options: IdentityProviderOptions = {}): Promise<IdentityProvider> {
  const clients = new Map((options.clients ?? []).map((client) => [client.id, client]));
  const tokens = createTokenStore();
  const failures = createFailures();
  const requests: TokenRequest[] = [];
  const stopping = new AbortController();
  let expiresIn: ExpiresIn = "tokenLifetimeS" in options ? options.tokenLifetimeS : 3600;

  const app = createApp();
  const refreshTokens = createRefreshTokens();
  const userTokens = createUserTokens("https://identity-provider.example");
  let urls: string[] = [];
  tokenRoutes(app, {
    known: { clients, assertions: createClientAssertions(), audiences: () => [...urls, ...(options.audiences ?? [])] },
    authorities: {
      users: new Map(Object.entries(options.users ?? {})),
      refreshTokens,
      userTokens,
      saml: createSamlAuthorities(options.samlIssuers ?? []),
    },
    tokens,
    failures,
    stopped: stopping.signal,
    expiresIn: () => expiresIn,
    record(request) {
      requests.push(request);
      if (requests.length > requestLimit) requests.shift();
    },
  });
  await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  const secure = await listenSecurely(app, options).catch(async (error: unknown) => {
    // A port that is taken must not leave the plain listener open.
    await app.close();
    throw error;
  });
  const [tlsTokenUrl, mtlsTokenUrl] = secure.map((server) => `https://localhost:${portOf(server)}/oauth/token`);

  const tokenUrl = `http://127.0.0.1:${port}/oauth/token`;
  urls = [tokenUrl, tlsTokenUrl ?? [], mtlsTokenUrl ?? []].flat();

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    tokenUrl,
    jwksUrl: `http://127.0.0.1:${port}/oauth/jwks`,
    userTokens,
    refreshTokens,
    introspectionUrl: `http://127.0.0.1:${port}/oauth/introspect`,
    tlsTokenUrl,
    mtlsTokenUrl,
    requests,
    get tokens() {
      return tokens.list();
    },
    get tokenLifetimeS() {
      return expiresIn;
    },
    set tokenLifetimeS(value) {
      expiresIn = value;
    },
    register: (client) => void clients.set(client.id, client),
    unregister: (id) => void clients.delete(id),
    fail: failures.fail,
    heal: failures.heal,
    isValid: tokens.isValid,
    tokenRecord: tokens.find,
    revokeAll: tokens.revokeAll,
    reset() {
      requests.length = 0;
      tokens.clear();
      failures.heal();
    },
    async stop() {
      stopping.abort();
      await Promise.all([app.close(), ...secure.map(close)]);
    },
  };
}

function createApp(): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, http: { maxHeaderSize: 1_048_576 } });
  // The endpoint judges content types itself, in RFC 6749's words; Fastify would answer 415 before it is asked.
  for (const method of ["POST", "PUT", "PATCH"]) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  app.get("/healthz", async () => ({ status: "ok" }));
  return app;
}

async function listenSecurely(
  app: FastifyInstance,
  { authority, tlsPort = 0, mtlsPort = 0 }: IdentityProviderOptions,
): Promise<HttpsServer[]> {
  if (authority === undefined) return [];
  const { certificate, key } = authority.issue({
    subject: "CN=identity-provider",
    usage: ["server"],
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
    keyType: "ec",
  });
  const pair = { cert: certificate, key, maxHeaderSize: 1_048_576 };
  const asksForCertificate = { ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
  const plain = await listen(createHttpsServer(pair, app.routing), tlsPort);
  try {
    return [plain, await listen(createHttpsServer({ ...pair, ...asksForCertificate }, app.routing), mtlsPort)];
  } catch (error) {
    await close(plain);
    throw error;
  }
}

function listen(server: HttpsServer, port: number): Promise<HttpsServer> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: HttpsServer): number {
  return (server.address() as AddressInfo).port;
}

function close(server: HttpsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
