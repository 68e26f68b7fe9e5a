import { accessOf } from "../policy/access.ts";
import { Admission } from "../policy/admission.ts";
import { type Callers, callerTokenHeader } from "../policy/callers.ts";
import type { BucketLease, RateLimits } from "../resilience/rate-limits.ts";
import { basePath } from "../target/join.ts";
import type { Api } from "./api.ts";
import type { Candidate } from "./candidate.ts";
import { type CredentialContext, compileCredential, compileParameters } from "./compile-credential.ts";
import { compileTargetUrl, leaseTarget, type TargetContext, type TargetDefaults } from "./compile-target.ts";
import { droppedHeaders, type HeaderRules, responseRules } from "./header-rules.ts";
import { type Limits, limitsOf } from "./limits.ts";
import type { Mistake } from "./mistake.ts";

export interface CompileContext extends CredentialContext, TargetContext {
  readonly callers: Callers;
  readonly rateLimits: RateLimits;
  readonly defaults: Defaults;
}

/** What holds where annotations say nothing. */
export interface Defaults extends TargetDefaults {
  readonly limits: Limits;
  readonly stripMeshHeaders: boolean;
  readonly retries: number;
}

/** Makes an entry ready to be called, or throws the `Problem` that its calls are answered with. */
export function compileApi(candidate: Candidate, context: CompileContext): Api {
  const { values } = candidate.settings;
  const { defaults } = context;
  const { credential, ...views } = compileCredential(candidate, context);
  const parameters = compileParameters(candidate, context);
  const url = compileTargetUrl(candidate, context.rules);
  const lease = leaseTarget(candidate, url, credential, context);
  const bucket = leaseBucket(candidate, context);
  const drop = requestRules(candidate, credential.replaces, context);
  const times = values.retries ?? defaults.retries;
  let isReplaced = false;
  return {
    get target() {
      return lease.target;
    },
    url,
    base: basePath(url.path, candidate.encodeUrl),
    encodeUrl: candidate.encodeUrl,
    keepsTrailingSlash: values.preserveTrailingSlash ?? false,
    allowsDotSegments: values.allowDotSegments ?? false,
    redirects: values.redirects ?? "rewrite",
    limits: limitsOf(values, defaults.limits),
    credential,
    purgeCodes: values.tokenPurgeCodes ?? [],
    parameters,
    strip: { drop },
    stripWithExternalToken: { drop: requestRules(candidate, [...credential.replaces, ...externalToken], context) },
    forwardsAddress: !drop.has("x-forwarded-for"),
    responseHeaders: responseRules(values.deniedResponseHeaders, values.allowedResponseHeaders),
    admission: admissionFor(candidate, bucket, context),
    circuit: lease.circuit,
    retry: times === 0 ? undefined : { times, budget: lease.retryBudget },
    warnings: warningsOf(candidate, parameters.ignoredHeaders, context),
    ...views,
    get isReplaced() {
      return isReplaced;
    },
    hold: lease.hold,
    letGo: lease.letGo,
    release() {
      isReplaced = true;
      lease.release();
      bucket?.release();
    },
  };
}

/** What a caller's own token takes the place of. */
const externalToken = ["access-token", "authorization"];
const meshHeaders = ["x-forwarded-client-cert", "x-envoy-*"];

function requestRules(
  { settings: { values } }: Candidate,
  replaced: readonly string[],
  { callers, defaults }: CompileContext,
): Pick<HeaderRules, "has"> & ReadonlySet<string> {
  const denied = ["host", "x-request-id", ...replaced, ...(values.deniedRequestHeaders ?? [])];
  if (callers.takeTokens) denied.push(callerTokenHeader);
  if (values.stripMeshHeaders ?? defaults.stripMeshHeaders) denied.push(...meshHeaders);
  return droppedHeaders({ denied, allowed: values.allowedRequestHeaders });
}

/** Those who share a limit are those for whom it stands in the same annotation. */
function leaseBucket(
  { application, settings: { values, sources } }: Candidate,
  { rateLimits }: CompileContext,
): BucketLease | undefined {
  if (values.rateLimit === undefined) return undefined;
  const { perMs } = values.rateLimit;
  const burst = values.rateLimitBurst ?? Math.max(1, Math.floor(perMs * 1000));
  return rateLimits.lease([application, sources.rateLimit ?? ""], { perMs, burst });
}

function admissionFor(
  { application, serviceSegment, settings: { values } }: Candidate,
  bucket: BucketLease | undefined,
  { callers }: CompileContext,
): Admission | undefined {
  const access = accessOf(values.allowedNamespaces, values.allowedPrincipals);
  if (access === undefined && bucket === undefined) return undefined;
  const api = `service with name ${serviceSegment} of application ${application}`;
  return new Admission({ access, callers, bucket: bucket?.bucket, api });
}

function warningsOf(
  { skipVerify, requestParametersSecret, settings: { values } }: Candidate,
  ignoredHeaders: readonly string[],
  { callers }: CompileContext,
): Mistake[] {
  const warnings = ignoredHeaders.map(
    (name): Mistake => ({
      reason: "SecretPartIgnored",
      message: `secret '${requestParametersSecret}': header '${name}' is never sent from a Secret`,
    }),
  );
  if (skipVerify) {
    const message =
      "skipVerify is on: nobody checks who answers; name the authority by the annotation ca-secret instead";
    warnings.push({ reason: "TlsNotVerified", message });
  }
  const isRestricted = values.allowedNamespaces !== undefined || values.allowedPrincipals !== undefined;
  if (isRestricted && callers.knowNobody) {
    const message =
      "calls are restricted to some callers, and the gateway knows none: set --meshIdentityFrom or --callerTokenAudience";
    warnings.push({ reason: "CallersUnknown", message });
  }
  return warnings;
}
