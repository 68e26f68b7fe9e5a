const spiffeId = /^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/;
const workload = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;

/** A workload identity as a list of allowed callers names it: a SPIFFE id, or `namespace/serviceaccount` of this cluster. */
export function parsePrincipal(text: string): string | undefined {
  return text.length <= 2048 && (spiffeId.test(text) || workload.test(text)) ? text : undefined;
}
