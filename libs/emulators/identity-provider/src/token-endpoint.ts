import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticateClient, type KnownClients, type RegisteredClient } from "./client-authentication.ts";
import { type Failures, playFailure } from "./failures.ts";
import type { Authorities } from "./grants/grant.ts";
import { grants } from "./grants/grants.ts";
import { OAuthError } from "./oauth-error.ts";
import { readBody } from "./read-body.ts";
import { describeRequest, type TokenRequest } from "./token-request.ts";
import type { ExpiresIn, TokenStore } from "./token-store.ts";

const maxFormBytes = 65_536;

export interface TokenEndpoint {
  known: KnownClients;
  authorities: Authorities;
  tokens: TokenStore;
  failures: Failures;
  record(request: TokenRequest): void;
  expiresIn(): ExpiresIn;
  stopped: AbortSignal;
}

/** OAuth 2.0: the grants of `grants/`, token introspection (RFC 7662), and the keys of users' tokens (RFC 7517). */
export function tokenRoutes(app: FastifyInstance, endpoint: TokenEndpoint): void {
  app.all("/oauth/token", async (request, reply) => {
    const received = await receive(request);
    endpoint.record(received);
    reply.raw.once("finish", () => {
      received.status = reply.raw.statusCode;
    });
    const mode = endpoint.failures.next();
    const failure = mode && (await playFailure(mode, request, reply, endpoint.stopped));
    if (failure && !failure.proceed) return reply;
    return answer(reply, received, async () => {
      const { form, client } = await accept(received, endpoint.known);
      return [failure ? failure.status : 200, await grant(received, form, client, endpoint)];
    });
  });

  app.get("/oauth/jwks", () => endpoint.authorities.userTokens.keys());

  app.all("/oauth/introspect", async (request, reply) => {
    const received = await receive(request);
    return answer(reply, received, async () => {
      const form = strictForm(received);
      await authenticateClient(received, form, endpoint.known);
      const token = form.get("token");
      if (token === undefined) throw new OAuthError("invalid_request", "token is missing");
      return [200, introspection(endpoint.tokens, token)];
    });
  });
}

async function receive(request: FastifyRequest): Promise<TokenRequest> {
  const body = await readBody(request.raw, maxFormBytes);
  return describeRequest(request.raw, body ?? "");
}

async function answer(
  reply: FastifyReply,
  received: TokenRequest,
  decide: () => Promise<[status: number, body: object]>,
): Promise<FastifyReply> {
  // RFC 6749, section 5.1: no cache may keep what is said here.
  reply.header("cache-control", "no-store").header("pragma", "no-cache");
  if (received.method !== "POST") return reply.code(405).header("allow", "POST").send();
  try {
    const [status, body] = await decide();
    return reply.code(status).send(body);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    if (error.status === 401) reply.header("www-authenticate", 'Basic realm="oauth"');
    return reply.code(error.status).send(error.toBody());
  }
}

async function accept(
  received: TokenRequest,
  known: KnownClients,
): Promise<{ form: ReadonlyMap<string, string>; client: RegisteredClient }> {
  const form = strictForm(received);
  if (!form.has("grant_type")) throw new OAuthError("invalid_request", "grant_type is missing");
  return { form, client: await authenticateClient(received, form, known) };
}

/** RFC 6749, section 3.2: parameters must not be included more than once; those without value count as omitted. */
function strictForm(received: TokenRequest): ReadonlyMap<string, string> {
  const contentType = received.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(contentType)) {
    throw new OAuthError("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(received.body)) {
    if (form.has(name)) throw new OAuthError("invalid_request", "a parameter is there more than once");
    if (value !== "") form.set(name, value);
  }
  return form;
}

async function grant(
  received: TokenRequest,
  form: ReadonlyMap<string, string>,
  client: RegisteredClient,
  { tokens, expiresIn, authorities, known }: TokenEndpoint,
): Promise<object> {
  const decide = grants.get(form.get("grant_type") ?? "");
  if (decide === undefined) throw new OAuthError("unsupported_grant_type", "the grant type is not supported");
  // Some servers take these from the query of the token URL; Kyma's `queryParameters` exist for them.
  const parameter = (name: string): string | undefined => form.get(name) ?? received.query[name];
  const { subject, refreshToken, issuedTokenType } = await decide(
    { client, parameter, audiences: known.audiences() },
    authorities,
  );
  const lifetime = expiresIn();
  const [scope, audience, resource] = ["scope", "audience", "resource"].map(parameter);
  const { token } = tokens.issue({ clientId: client.id, subject, scope, audience, resource }, lifetime);
  return {
    access_token: token,
    token_type: "Bearer",
    ...(lifetime === undefined ? {} : { expires_in: lifetime }),
    ...(scope === undefined ? {} : { scope }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(issuedTokenType === undefined ? {} : { issued_token_type: issuedTokenType }),
  };
}

function introspection(tokens: TokenStore, token: string): object {
  const record = tokens.find(token);
  if (record === undefined || !tokens.isValid(token)) return { active: false };
  return {
    active: true,
    client_id: record.clientId,
    ...(record.subject === undefined ? {} : { sub: record.subject }),
    token_type: "Bearer",
    iat: Math.floor(record.issuedAt.getTime() / 1000),
    exp: Math.floor(record.expiresAt.getTime() / 1000),
    ...(record.scope === undefined ? {} : { scope: record.scope }),
    ...(record.audience === undefined ? {} : { aud: record.audience }),
  };
}
