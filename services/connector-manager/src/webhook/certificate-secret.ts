import type { Secret } from "@application-connector/kube";
import { moduleNamespace, webhookSecret } from "../names.ts";
import type { ServingCertificate } from "./certificate.ts";

/** By the names that cert-manager and Kubernetes use for the same, and one for the authority's key. */
const keys = { authorities: "ca.crt", authorityKey: "ca.key", certificate: "tls.crt", key: "tls.key" } as const;

export function certificateOf({ data = {} }: Pick<Secret, "data">): ServingCertificate {
  const text = (name: string) => Buffer.from(data[name] ?? "", "base64").toString();
  return {
    authorities: text(keys.authorities),
    authorityKey: text(keys.authorityKey),
    certificate: text(keys.certificate),
    key: text(keys.key),
  };
}

export function secretOf(certificate: ServingCertificate): Secret {
  const entries = Object.entries(keys) as [keyof ServingCertificate, string][];
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: webhookSecret,
      namespace: moduleNamespace,
      labels: { "kyma-project.io/module": "application-connector" },
    },
    type: "kubernetes.io/tls",
    data: Object.fromEntries(
      entries.map(([field, name]) => [name, Buffer.from(certificate[field]).toString("base64")]),
    ),
  };
}
