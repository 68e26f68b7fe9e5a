import { createHash, timingSafeEqual } from "node:crypto";
import { assertionType, type ClientAssertions } from "./client-assertion.ts";
import { OAuthError } from "./oauth-error.ts";
import type { TokenRequest } from "./token-request.ts";

/** A client that may ask for tokens: with a secret, a certificate, a signature, or nothing at all. */
export interface RegisteredClient {
  id: string;
  secret?: string;
  /** PEM of the key that its assertions are signed with (`private_key_jwt`); without one its secret signs them. */
  publicKey?: string;
  /** It proves nothing: its id is enough. */
  isPublic?: boolean;
  /** The only way in which it may prove itself; any that it can, when absent. */
  only?: "basic" | "post" | "assertion" | "certificate";
  /** The common name its certificate must carry; the id when absent. */
  commonName?: string;
}

/** Who is known, and how the server is called by those who name it. */
export interface KnownClients {
  readonly clients: ReadonlyMap<string, RegisteredClient>;
  readonly assertions: ClientAssertions;
  readonly audiences: () => readonly string[];
}

interface Presented {
  id: string;
  secret: string | undefined;
}

/**
 * Who sent this request, or an `OAuthError`. Credentials may stand in the form, in the `Authorization` header or, as
 * Kyma's gateway sends them, in both; then they must agree.
 */
export async function authenticateClient(
  request: TokenRequest,
  form: ReadonlyMap<string, string>,
  { clients, assertions, audiences }: KnownClients,
): Promise<RegisteredClient> {
  const id = form.get("client_id");
  const assertion = form.get("client_assertion");
  if (assertion !== undefined) {
    if (form.get("client_assertion_type") !== assertionType || form.has("client_secret") || authorization(request)) {
      throw new OAuthError("invalid_request", "one way to prove a client at a time");
    }
    const client = clients.get(id ?? "");
    await assertions.check(assertion, client, audiences());
    return only("assertion", client);
  }
  return authenticateBySecret(request, form, clients);
}

function authenticateBySecret(
  request: TokenRequest,
  form: ReadonlyMap<string, string>,
  clients: ReadonlyMap<string, RegisteredClient>,
): RegisteredClient {
  const presented: Presented[] = [];
  const id = form.get("client_id");
  const basic = basicCredentials(request);
  if (basic.length > 0) {
    const fitting = basic.find((candidate) => isKnown(candidate, clients) && (id === undefined || id === candidate.id));
    if (fitting === undefined) throw new OAuthError("invalid_client", "client authentication failed");
    presented.push(fitting);
  }
  const secret = form.get("client_secret");
  if (id !== undefined && (secret !== undefined || presented.length === 0)) presented.push({ id, secret });

  const first = presented[0];
  if (first === undefined) throw new OAuthError("invalid_client", "no client credentials in the request");
  const client = clients.get(first.id);
  const genuine = presented.every((credentials) =>
    credentials.secret === undefined
      ? client?.isPublic === true || holdsCertificateOf(request, client)
      : secretMatches(credentials.secret, client?.secret),
  );
  if (!genuine) throw new OAuthError("invalid_client", "client authentication failed");
  const isInForm = form.has("client_secret");
  if (basic.length > 0 && isInForm) return only(undefined, client);
  return only(basic.length > 0 ? "basic" : isInForm ? "post" : "certificate", client);
}

/** The client, if it may prove itself in this way. */
function only(way: RegisteredClient["only"], client: RegisteredClient | undefined): RegisteredClient {
  if (client === undefined || (client.only !== undefined && client.only !== way)) {
    throw new OAuthError("invalid_client", "client authentication failed");
  }
  return client;
}

/** Compared as digests, so that neither the content nor the length of the secret shows in the time it takes. */
export function secretMatches(given: string, expected: string | undefined): boolean {
  const equal = timingSafeEqual(digest(given), digest(expected ?? ""));
  return equal && expected !== undefined;
}

function holdsCertificateOf(request: TokenRequest, client: RegisteredClient | undefined): boolean {
  return client !== undefined && request.clientCommonName === (client.commonName ?? client.id);
}

function isKnown(candidate: Presented, clients: ReadonlyMap<string, RegisteredClient>): boolean {
  return candidate.secret !== undefined && secretMatches(candidate.secret, clients.get(candidate.id)?.secret);
}

/**
 * Both readings of the header: RFC 6749 wants id and secret form-encoded before base64, many clients (Kyma's gateway
 * among them) send them raw.
 */
function basicCredentials(request: TokenRequest): Presented[] {
  const header = authorization(request);
  if (header === undefined) return [];
  const text = Buffer.from(header.replace(/^basic +/i, ""), "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (!/^basic /i.test(header) || colon < 0) {
    throw new OAuthError("invalid_client", "the authorization header holds no Basic credentials");
  }
  const raw = { id: text.slice(0, colon), secret: text.slice(colon + 1) };
  const decoded = { id: formDecode(raw.id), secret: formDecode(raw.secret) };
  return decoded.id === undefined || decoded.secret === undefined
    ? [raw]
    : [raw, { id: decoded.id, secret: decoded.secret }];
}

function authorization(request: TokenRequest): string | undefined {
  return request.headers.find(([name]) => name.toLowerCase() === "authorization")?.[1];
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
