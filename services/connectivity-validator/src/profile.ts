import type { Config } from "./config.ts";
import { type ElementCount, parseElementCount } from "./identity/element-count.ts";
import type { CertificatePolicy } from "./identity/evidence.ts";

/** The settings that a profile decides unless a flag does. */
export interface Profile {
  readonly elements: ElementCount;
  readonly certificate: CertificatePolicy;
  readonly emptyClientIds: "name" | "deny";
  readonly tenantGroup: "ignore" | "ifset";
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
