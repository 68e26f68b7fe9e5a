import { collected, gauge, reading, type Service } from "@application-connector/service";
import type { FollowedFiles } from "../mtls/follow-files.ts";

/** Families that there are with the mutual TLS port only. */
export const mtlsMetrics = {
  expiry: gauge(
    "connectivity_validator_mtls_expiry_seconds",
    ["file"],
    "Time until the server's certificate or the first of the authorities expires, or the next revocation list is due",
    "min",
  ),
  stale: gauge(
    "connectivity_validator_mtls_files_unusable",
    [],
    "1 while the files of the mutual TLS port cannot be used, so that what they held before counts",
    "max",
  ),
};

export function registerMtlsMetrics(registry: Service["metrics"], followed: FollowedFiles): void {
  collected(registry, mtlsMetrics, () => ({
    expiry: function* () {
      const { server, authority, revocationList } = followed.current.expiries;
      for (const [file, endsMs] of Object.entries({ server, authority, revocationList })) {
        if (endsMs !== undefined) yield { labels: { file }, value: Math.round((endsMs - Date.now()) / 1000) };
      }
    },
    stale: reading(() => (followed.problem === "" ? 0 : 1)),
  }));
}
