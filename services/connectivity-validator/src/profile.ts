import type { Config } from "./config.ts";
import type { Validation } from "./events/gate.ts";
import { type ElementCount, parseElementCount } from "./identity/element-count.ts";
import type { CertificatePolicy } from "./identity/evidence.ts";
import type { SourcePolicy } from "./policy/settings.ts";

/** The settings that a profile decides unless a flag does. */
export interface Profile {
  readonly elements: ElementCount;
  readonly certificate: CertificatePolicy;
  readonly emptyClientIds: "name" | "deny";
  readonly tenantGroup: "ignore" | "ifset";
  readonly validation: Validation;
  readonly sourcePolicy: SourcePolicy;
  readonly methods: "any" | "events";
  /** 0: no limit. */
  readonly maxInFlight: number;
  readonly circuitBreaker: "off" | "on";
  readonly connectTimeoutMs: number;
  readonly proxyTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

const profiles = {
  /** As upstream, but for what would let somebody in as somebody else. */
  compat: {
    elements: { min: 1, max: 2 },
    certificate: "verify",
    emptyClientIds: "name",
    tenantGroup: "ignore",
    validation: "off",
    sourcePolicy: "any",
    methods: "any",
    maxInFlight: 0,
    circuitBreaker: "off",
    connectTimeoutMs: 30_000,
    proxyTimeoutMs: 60_000,
    headersTimeoutMs: 10_000,
    bodyTimeoutMs: 60_000,
    idleTimeoutMs: 75_000,
  },
  strict: {
    elements: { min: 2, max: 2 },
    certificate: "require",
    emptyClientIds: "deny",
    tenantGroup: "ifset",
    validation: "enforce",
    sourcePolicy: "match",
    methods: "events",
    maxInFlight: 400,
    circuitBreaker: "on",
    connectTimeoutMs: 5_000,
    proxyTimeoutMs: 30_000,
    headersTimeoutMs: 10_000,
    bodyTimeoutMs: 30_000,
    idleTimeoutMs: 75_000,
  },
} as const satisfies Record<string, Profile>;

/** What the flags say, completed by the profile. */
export function resolveProfile(config: Config): Profile {
  const profile: Profile = profiles[config.securityProfile];
  return {
    elements: parseElementCount(config.xfccElements) ?? profile.elements,
    certificate: chosen(config.xfccCert) ?? profile.certificate,
    emptyClientIds: chosen(config.emptyClientIdsPolicy) ?? profile.emptyClientIds,
    tenantGroup: chosen(config.tenantGroupPolicy) ?? profile.tenantGroup,
    validation: chosen(config.ceValidation) ?? profile.validation,
    sourcePolicy: chosen(config.sourcePolicy) ?? profile.sourcePolicy,
    methods: chosen(config.methodPolicy) ?? profile.methods,
    maxInFlight: config.maxInFlight < 0 ? profile.maxInFlight : config.maxInFlight,
    circuitBreaker: chosen(config.circuitBreaker) ?? profile.circuitBreaker,
    connectTimeoutMs: config.connectTimeoutMs || profile.connectTimeoutMs,
    proxyTimeoutMs: config.proxyTimeoutMs || profile.proxyTimeoutMs,
    headersTimeoutMs: config.headersTimeoutMs || profile.headersTimeoutMs,
    bodyTimeoutMs: config.bodyTimeoutMs || profile.bodyTimeoutMs,
    idleTimeoutMs: config.idleTimeoutMs || profile.idleTimeoutMs,
  };
}

function chosen<V extends string>(value: V): Exclude<V, "profile"> | undefined {
  return value === "profile" ? undefined : (value as Exclude<V, "profile">);
}
