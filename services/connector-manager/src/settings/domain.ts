import type { ApplicationConnector } from "@application-connector/crds";
import type { ConfigMap } from "@application-connector/kube";

/** The domain of the cluster: of the object, else of Gardener's shoot-info, else what the manager was told. */
export function domainOf(
  { spec }: ApplicationConnector,
  shootInfo: ConfigMap | undefined,
  fallback: string,
): string | undefined {
  return spec?.domainName || shootInfo?.data?.["domain"] || fallback || undefined;
}
