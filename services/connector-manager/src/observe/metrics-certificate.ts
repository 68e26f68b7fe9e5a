import { readFileSync } from "node:fs";
import path from "node:path";
import { type ApiTls, ConfigError } from "@application-connector/service";

const days = 3650;

/** What the port of the metrics shows: the files of a folder, read again when they change; else one that signs itself. */
export async function metricsCertificate(folder: string): Promise<ApiTls> {
  if (folder === "") {
    // Loaded by nobody who does not need it.
    const { createAuthority } = await import("@application-connector/x509");
    const authority = createAuthority({ subject: "CN=application-connector-manager", keyType: "ec" });
    const dnsNames = ["application-connector-manager", "localhost"];
    const issued = authority.issue({ subject: "CN=application-connector-manager", usage: ["server"], dnsNames, days });
    const pair = { cert: issued.certificate, key: issued.key };
    return { read: () => pair };
  }
  const read = () => ({
    cert: readFileSync(path.join(folder, "tls.crt"), "utf8"),
    key: readFileSync(path.join(folder, "tls.key"), "utf8"),
  });
  try {
    read();
  } catch (cause) {
    throw new ConfigError([`--metrics-cert-path: ${(cause as Error).message}`], { cause });
  }
  return { read };
}
