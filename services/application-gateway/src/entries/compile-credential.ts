import {
  type Credential,
  type CsrfSession,
  credentialFor,
  type KeySet,
  knownTypes,
  none,
  noParameters,
  type Reach,
  type RefreshTokens,
  type RequestParameters,
  requestParameters,
  type Secret,
  showUrl,
  type TokenCache,
  type TokenView,
  withCsrf,
  withoutToken,
} from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";
import type { TargetRules } from "../protection/target-rules.ts";
import type { Settings } from "../settings/settings.ts";
import type { ProxyFor } from "../target/environment-proxies.ts";
import type { Api } from "./api.ts";
import { authoritiesIn } from "./authorities.ts";
import type { Candidate } from "./candidate.ts";

export interface CredentialContext {
  readonly secret: (name: string) => Secret | undefined;
  /** Make this API's view of what is shared by all. */
  readonly tokens: (url: string) => TokenView;
  readonly userTokens: (url: string) => TokenView;
  readonly keySets: TokenCache<KeySet>;
  readonly refreshTokens: RefreshTokens;
  readonly csrfSessions: (url: string) => TokenView<CsrfSession>;
  readonly callerSessions: (url: string) => TokenView<CsrfSession>;
  readonly tokenTimeoutMs: number;
  readonly rules: TargetRules;
  /** Where annotations say nothing. */
  readonly proxyFor: ProxyFor;
}

/** How an entry proves who calls, or the `Problem` that its calls are answered with. */
export function compileCredential(
  candidate: Candidate,
  context: CredentialContext,
): { credential: Credential } & Pick<Api, "tokens" | "sessions"> {
  if (candidate.credentials === undefined) return { credential: none() };
  const { type, secretName, tokenUrl } = candidate.credentials;
  const secret = findSecret(candidate, secretName, context);
  for (const url of [tokenUrl, candidate.csrfUrl]) checkUrl(url, context.rules);
  const ca = trustedAuthorities(candidate, context);
  const settings = {
    checkUrl: (url: string) => checkUrl(url, context.rules),
    keySets: context.keySets,
    refreshTokens: context.refreshTokens,
    defaultLifeMs: candidate.settings.values.tokenDefaultLife,
    eagerExpiryMs: candidate.settings.values.tokenEagerExpiry,
    skipVerify: candidate.skipVerify,
    ca,
    timeoutMs: context.tokenTimeoutMs,
    optionsFor: reachOf(candidate, context),
  };
  let view: TokenView | undefined;
  const forTokens = {
    ...settings,
    tokenUrl,
    // Made when it is wanted: most methods have no tokens.
    get tokens() {
      view ??= context.tokens(tokenUrl);
      return view;
    },
    get userTokens() {
      view ??= context.userTokens(tokenUrl);
      return view;
    },
  };
  const strict = forService(candidate, () => credentialFor(type, secret, forTokens));
  const credential = candidate.settings.values.whenNoToken === "pass-through" ? withoutToken(strict) : strict;
  const tokens = view === undefined ? {} : { tokens: view };
  if (candidate.csrfUrl === "" || !knownTypes.has(type)) return { credential, ...tokens };
  const { application, serviceId, serviceSegment, entrySegment } = candidate;
  const sessions = context.csrfSessions(candidate.csrfUrl);
  const api = [application, serviceId, serviceSegment, entrySegment];
  const callerSessions = context.callerSessions(candidate.csrfUrl);
  const csrf = { ...settings, url: candidate.csrfUrl, api, sessions, callerSessions };
  const withSession = withCsrf(credential, secret, csrf);
  return { credential: withSession, ...tokens, sessions: credential.userOf === undefined ? sessions : callerSessions };
}

/** What a Secret adds to the calls of an entry. */
export function compileParameters(candidate: Candidate, context: Pick<CredentialContext, "secret">): RequestParameters {
  if (candidate.requestParametersSecret === "") return noParameters;
  const secret = findSecret(candidate, candidate.requestParametersSecret, context);
  return forService(candidate, () => requestParameters(secret));
}

/** The authorities that an entry's servers are checked against in place of the system's; undefined for those. */
export function trustedAuthorities(
  candidate: Candidate,
  context: Pick<CredentialContext, "secret">,
): string | undefined {
  const { credentials, settings } = candidate;
  const own = credentials && authoritiesIn(findSecret(candidate, credentials.secretName, context), "ca");
  const { caSecret } = settings.values;
  if (caSecret === undefined) return own;
  const named = authoritiesIn(findSecret(candidate, caSecret, context), "ca", "ca.crt");
  if (named === undefined) throw new Problem("SECRET_INVALID", `secret '${caSecret}' has no key 'ca' or 'ca.crt'`);
  return (own ?? "") + named;
}

/** How token and CSRF servers are reached. */
function reachOf(
  { settings }: Candidate,
  { rules: { checkAddress }, proxyFor }: CredentialContext,
): Reach["optionsFor"] {
  const own = proxyOf(settings.values, proxyFor);
  const check = checkAddress === undefined ? {} : { checkAddress };
  return (origin) => {
    const proxy = own(origin);
    return proxy === undefined ? check : { ...check, proxy };
  };
}

/** An annotation takes the place of the environment. */
export function proxyOf({ httpsProxy }: Settings, proxyFor: ProxyFor): ProxyFor {
  if (httpsProxy === undefined) return proxyFor;
  return () => (httpsProxy === "none" ? undefined : { origin: httpsProxy });
}

export function findSecret(candidate: Candidate, name: string, { secret }: Pick<CredentialContext, "secret">): Secret {
  const found = secret(name);
  if (found !== undefined) return found;
  const text = `failed to read API for ${candidate.serviceName} service, secret '${name}' not found`;
  throw new Problem("SECRET_NOT_FOUND", text);
}

/** What is no URL fails when it is called, with upstream's words. */
function checkUrl(url: string, rules: TargetRules): void {
  const { origin = "null" } = URL.parse(url) ?? {};
  const refusal = origin === "null" ? undefined : rules.refuseOrigin(origin);
  if (refusal !== undefined) throw new Problem("TARGET_FORBIDDEN", `'${showUrl(url)}' may not be called: ${refusal}`);
}

/** Puts upstream's words before what is wrong with a Secret. */
function forService<T>(candidate: Candidate, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "SECRET_INVALID") throw error;
    const text = `failed to read API for ${candidate.serviceName} service, ${error.message}`;
    throw new Problem("SECRET_INVALID", text, { cause: error });
  }
}
