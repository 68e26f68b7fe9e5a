/** Where API servers find the webhook. */
export type WebhookAddress =
  | { readonly service: { readonly namespace: string; readonly name: string } }
  | { readonly url: URL };

export const conversionPath = "/convert";

/** The names that the certificate has to have. */
export function namesOf(address: WebhookAddress): { dnsNames: string[]; ipAddresses: string[] } {
  if ("service" in address) {
    const { namespace, name } = address.service;
    return { dnsNames: [`${name}.${namespace}.svc`], ipAddresses: [] };
  }
  const host = address.url.hostname.replace(/^\[|\]$/g, "");
  const isAddress = /^[\d.]+$|:/.test(host);
  return { dnsNames: isAddress ? [] : [host], ipAddresses: isAddress ? [host] : [] };
}

/** `spec.conversion` of the definition, as a merge patch: what is not wanted is null. */
export function conversionPatch(address: WebhookAddress, authorities: string | undefined): object {
  const place =
    "service" in address
      ? { service: { ...address.service, path: conversionPath, port: 443 }, url: null }
      : { url: address.url.href, service: null };
  const caBundle = authorities === undefined ? {} : { caBundle: Buffer.from(authorities).toString("base64") };
  return {
    strategy: "Webhook",
    webhook: { clientConfig: { ...place, ...caBundle }, conversionReviewVersions: ["v1"] },
  };
}

/** `namespace/name`. */
export function parseServiceName(text: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^([a-z0-9][-a-z0-9]*)\/([a-z0-9][-a-z0-9]*)$/.exec(text) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** API servers call https only. */
export function parseWebhookUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" && url.username === "" && url.search === "" && url.hash === "" ? url : undefined;
}
