import { Problem } from "@application-connector/problem";
import { CallFailure, callWithinOrigin } from "./call-within-origin.ts";
import type { ClientCertificate } from "./credential.ts";
import { showUrl } from "./http-url.ts";
import { encodeForm, type QueryAddition } from "./query.ts";
import type { Reach } from "./reach.ts";
import { addHeaders, type RequestParameters } from "./request-parameters.ts";
import {
  type GrantedToken,
  readErrorCode,
  readTokenResponse,
  TokenRefusal,
  TokenResponseError,
} from "./token-response.ts";

export interface TokenRequest {
  readonly url: string;
  readonly form: readonly QueryAddition[];
  readonly authorization?: string;
  readonly parameters: RequestParameters;
  readonly reach: Reach;
  /** What is shown in the TLS handshake. */
  readonly certificate?: Pick<ClientCertificate, "cert" | "key">;
  /** Life of a token whose endpoint says nothing about it. */
  readonly defaultLifeMs?: number | undefined;
}

/** One try to get a token. Every failure is TOKEN_REQUEST_FAILED and names the URL, without its query. */
export async function requestToken(request: TokenRequest): Promise<GrantedToken> {
  const { url, parameters, reach, certificate } = request;
  const shown = showUrl(url);
  try {
    const { status, body } = await callWithinOrigin({
      url,
      query: parameters.query,
      method: "POST",
      body: encodeForm(request.form),
      headers: headersOf(request),
      reach,
      certificate,
    });
    if (status !== 200) {
      const text = `incorrect response code '${status}' while getting token from ${shown}`;
      const code = readErrorCode(body);
      const cause = new TokenRefusal(status, code);
      throw new Problem("TOKEN_REQUEST_FAILED", code === undefined ? text : `${text} (${code})`, { cause });
    }
    return readTokenResponse(body, Date.now(), request.defaultLifeMs);
  } catch (cause) {
    if (cause instanceof TokenResponseError) {
      const text = `failed to unmarshal token response body: ${cause.message}`;
      throw new Problem("TOKEN_REQUEST_FAILED", text, { cause });
    }
    if (cause instanceof CallFailure) {
      const text = `failed to make a request to '${shown}': ${cause.message}`;
      throw new Problem("TOKEN_REQUEST_FAILED", text, { cause });
    }
    throw cause;
  }
}

function headersOf({ authorization, parameters }: TokenRequest): string[] {
  const headers = ["Content-Type", "application/x-www-form-urlencoded"];
  if (authorization !== undefined) headers.push("Authorization", authorization);
  addHeaders(headers, parameters.headers);
  return headers;
}
