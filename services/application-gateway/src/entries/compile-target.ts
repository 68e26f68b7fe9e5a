import { type Credential, showUrl } from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";
import type { TargetRules } from "../protection/target-rules.ts";
import type { CircuitSettings } from "../resilience/circuit-breaker.ts";
import type { Settings } from "../settings/settings.ts";
import type { TargetLease, TargetPool } from "../target/target-pool.ts";
import { parseTargetUrl, type TargetUrl } from "../target/target-url.ts";
import type { Candidate } from "./candidate.ts";
import { type CredentialContext, proxyOf, trustedAuthorities } from "./compile-credential.ts";

export interface TargetContext extends Pick<CredentialContext, "secret" | "proxyFor"> {
  readonly targets: TargetPool;
  readonly rules: TargetRules;
  readonly defaults: TargetDefaults;
}

/** What holds for a target where annotations say nothing. */
export interface TargetDefaults {
  readonly connectTimeoutMs: number;
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly http2: boolean;
  /** 0: never. */
  readonly circuitFailures: number;
  readonly circuitOpenMs: number;
}

/** Where an entry's calls go, or the `Problem` that they are answered with. */
export function compileTargetUrl({ targetUrl }: Candidate, rules: TargetRules): TargetUrl {
  const url = parseTargetUrl(targetUrl);
  const shown = showUrl(targetUrl);
  if (url === "unparsable") throw new Problem("TARGET_URL_INVALID", `failed to parse target url '${shown}'`);
  if (url === "uncallable") {
    throw new Problem("TARGET_SCHEME_INVALID", `target url '${shown}' is no http or https URL with a host`);
  }
  const refusal = rules.refuseOrigin(url.origin);
  if (refusal !== undefined) {
    throw new Problem("TARGET_FORBIDDEN", `target url '${shown}' may not be called: ${refusal}`);
  }
  return url;
}

/** The connections that an entry's calls use. */
export function leaseTarget(
  candidate: Candidate,
  url: TargetUrl,
  { clientCertificate }: Credential,
  { targets, defaults, secret, proxyFor }: TargetContext,
): TargetLease {
  const { skipVerify, credentials, settings } = candidate;
  const { values } = settings;
  const ca = trustedAuthorities(candidate, { secret });
  try {
    return targets.acquire({
      url,
      skipVerify,
      ca,
      certificate: clientCertificate,
      pins: values.spkiPins,
      http2: values.http2 ?? defaults.http2,
      proxy: proxyOf(values, proxyFor)(url.origin),
      connectTimeoutMs: values.connectTimeout ?? defaults.connectTimeoutMs,
      maxConcurrent: values.maxConcurrentCalls ?? defaults.maxConcurrent,
      maxQueued: values.maxQueuedCalls ?? defaults.maxQueued,
      circuit: circuitOf(values, defaults),
    });
  } catch (cause) {
    if (clientCertificate === undefined) throw cause;
    // It can be read, and yet TLS has its own demands, such as a longer key.
    const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
    const text = `Failed to prepare certificate, secret '${credentials?.secretName}': TLS refuses it${code}`;
    throw new Problem("CERTIFICATE_INVALID", text, { cause });
  }
}

function circuitOf(values: Settings, { circuitFailures, circuitOpenMs }: TargetDefaults): CircuitSettings | undefined {
  const failures = values.circuitFailures ?? circuitFailures;
  return failures === 0 ? undefined : { failures, openMs: values.circuitOpenTime ?? circuitOpenMs };
}
