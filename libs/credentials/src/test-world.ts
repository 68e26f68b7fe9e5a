import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
// biome-ignore lint/correctness/noUndeclaredDependencies: only tests use this file
import { onTestFinished } from "vitest";
import type { Credential, OutgoingCall } from "./credential.ts";
import { credentialFor } from "./credential-for.ts";
import { RefreshTokens } from "./refresh-tokens.ts";
import type { Secret } from "./secret.ts";
import { TokenCache } from "./token-cache.ts";
import type { TokenSettings } from "./token-client.ts";

export function secretOf(texts: Readonly<Record<string, string | Buffer>>, name = "crm"): Secret {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { name, data: Object.fromEntries(data) as Record<string, string> };
}

/** A call as a program that uses credentials makes it. */
export function callOf(parts: Partial<OutgoingCall> = {}): OutgoingCall {
  return {
    method: "GET",
    origin: "http://target",
    path: "/",
    headers: [],
    clientHeaders: [],
    body: undefined,
    ...parts,
  };
}

/** A credential of a Secret with these texts. */
export function credentialOf(
  type: string,
  texts: Readonly<Record<string, string | Buffer>>,
  settings: Partial<TokenSettings> = {},
): Credential {
  return credentialFor(type, secretOf(texts), settingsOf(settings));
}

export function settingsOf(settings: Partial<TokenSettings> = {}): TokenSettings {
  return {
    tokenUrl: "http://idp/token",
    skipVerify: false,
    timeoutMs: 1_000,
    tokens: new TokenCache(),
    userTokens: new TokenCache(),
    refreshTokens: new RefreshTokens(),
    keySets: new TokenCache(),
    ...settings,
  };
}

/** What a credential makes of a call, from its first touch to its last. */
export async function prove(credential: Credential, parts: Partial<OutgoingCall> = {}): Promise<OutgoingCall> {
  const call = callOf({ headers: [], ...parts });
  await credential.authorize(call);
  credential.seal?.(call);
  return call;
}

/** A request as a token endpoint got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly form: Readonly<Record<string, string>>;
  readonly body: string;
}

export type AnswerToken = (received: Received, response: ServerResponse) => unknown;

/** A token endpoint; with `tls` over TLS. */
export async function tokenServer(answer: AnswerToken = giveToken("t"), tls?: ServerOptions) {
  const requests: Received[] = [];
  const handle: RequestListener = async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { method = "", url = "", headers } = request;
    const received = { method, url, headers, form: Object.fromEntries(new URLSearchParams(body)), body };
    requests.push(received);
    answer(received, response);
  };
  const port = await listening(tls === undefined ? createServer(handle) : createHttpsServer(tls, handle));
  const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { origin, url: `${origin}/token`, requests };
}

export function giveToken(token: string, more: object = {}): AnswerToken {
  return (_, response) => response.end(JSON.stringify({ access_token: token, expires_in: 60, ...more }));
}

/** Its port; it ends with the test. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
