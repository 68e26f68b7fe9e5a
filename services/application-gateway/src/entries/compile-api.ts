import {
  type Credential,
  type CsrfSession,
  credentialFor,
  knownTypes,
  none,
  noParameters,
  type RequestParameters,
  requestParameters,
  type Secret,
  showUrl,
  type TokenView,
  withCsrf,
} from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";
import { basePath } from "../target/join.ts";
import type { TargetLease, TargetPool } from "../target/target-pool.ts";
import { parseTargetUrl, type TargetUrl } from "../target/target-url.ts";
import type { Api } from "./api.ts";
import type { Candidate } from "./candidate.ts";
import type { Mistake } from "./mistake.ts";
import { strip } from "./strip.ts";

export interface CompileContext {
  readonly secret: (name: string) => Secret | undefined;
  readonly targets: TargetPool;
  /** Make this API's view of what is shared by all. */
  readonly tokens: () => TokenView;
  readonly csrfSessions: () => TokenView<CsrfSession>;
  readonly tokenTimeoutMs: number;
}

/** Makes an entry ready to be called, or throws the `Problem` that its calls are answered with. */
export function compileApi(candidate: Candidate, context: CompileContext): Api {
  const { credential, ...views } = readCredential(candidate, context);
  const parameters = readParameters(candidate, context);
  const url = parseTargetUrl(candidate.targetUrl);
  if (typeof url === "string") throw urlProblem(candidate.targetUrl, url);
  const lease = leaseTarget(candidate, url, credential, context);
  let isReplaced = false;
  return {
    get target() {
      return lease.target;
    },
    url,
    base: basePath(url.path, candidate.encodeUrl),
    encodeUrl: candidate.encodeUrl,
    credential,
    parameters,
    strip: strip(["host", "x-request-id", ...credential.replaces]),
    stripWithExternalToken: strip(["host", "x-request-id", "access-token", "authorization", ...credential.replaces]),
    warnings: parameters.ignoredHeaders.map(
      (name): Mistake => ({
        reason: "SecretPartIgnored",
        message: `secret '${candidate.requestParametersSecret}': header '${name}' is never sent from a Secret`,
      }),
    ),
    ...views,
    get isReplaced() {
      return isReplaced;
    },
    hold: lease.hold,
    letGo: lease.letGo,
    release() {
      isReplaced = true;
      lease.release();
    },
  };
}

function readCredential(
  candidate: Candidate,
  context: CompileContext,
): { credential: Credential } & Pick<Api, "tokens" | "sessions"> {
  if (candidate.credentials === undefined) return { credential: none() };
  const { type, secretName, tokenUrl } = candidate.credentials;
  const secret = findSecret(candidate, secretName, context);
  const settings = { skipVerify: candidate.skipVerify, timeoutMs: context.tokenTimeoutMs };
  const tokens = context.tokens();
  const credential = forService(candidate, () => credentialFor(type, secret, { ...settings, tokenUrl, tokens }));
  if (candidate.csrfUrl === "" || !knownTypes.has(type)) return { credential, tokens };
  const { application, serviceId, serviceSegment, entrySegment } = candidate;
  const sessions = context.csrfSessions();
  const api = [application, serviceId, serviceSegment, entrySegment];
  const withSession = withCsrf(credential, secret, { ...settings, url: candidate.csrfUrl, api, sessions });
  return { credential: withSession, tokens, sessions };
}

function readParameters(candidate: Candidate, context: CompileContext): RequestParameters {
  if (candidate.requestParametersSecret === "") return noParameters;
  const secret = findSecret(candidate, candidate.requestParametersSecret, context);
  return forService(candidate, () => requestParameters(secret));
}

function leaseTarget(
  candidate: Candidate,
  url: TargetUrl,
  { clientCertificate }: Credential,
  { targets }: CompileContext,
): TargetLease {
  try {
    return targets.acquire(url, candidate.skipVerify, clientCertificate);
  } catch (cause) {
    if (clientCertificate === undefined) throw cause;
    // It can be read, and yet TLS has its own demands, such as a longer key.
    const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
    const text = `Failed to prepare certificate, secret '${candidate.credentials?.secretName}': TLS refuses it${code}`;
    throw new Problem("CERTIFICATE_INVALID", text, { cause });
  }
}

function findSecret(candidate: Candidate, name: string, context: CompileContext): Secret {
  const secret = context.secret(name);
  if (secret !== undefined) return secret;
  const text = `failed to read API for ${candidate.serviceName} service, secret '${name}' not found`;
  throw new Problem("SECRET_NOT_FOUND", text);
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

function urlProblem(text: string, mistake: Exclude<ReturnType<typeof parseTargetUrl>, TargetUrl>): Problem {
  const shown = showUrl(text);
  return mistake === "unparsable"
    ? new Problem("TARGET_URL_INVALID", `failed to parse target url '${shown}'`)
    : new Problem("TARGET_SCHEME_INVALID", `target url '${shown}' is no http or https URL with a host`);
}
