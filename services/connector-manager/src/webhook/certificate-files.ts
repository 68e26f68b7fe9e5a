import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ServingCertificate } from "./certificate.ts";

/** As the Secrets of cert-manager are mounted; `ca.crt` may be absent, when somebody else tells API servers whom to believe. */
const names = { certificate: "tls.crt", key: "tls.key" } as const;

const lookEveryMs = 10_000;

export interface CertificateFiles {
  readonly current: Pick<ServingCertificate, "certificate" | "key"> | undefined;
  readonly authorities: string | undefined;
  /** Why there is none, for people. */
  readonly problem: string | undefined;
  stop(): void;
}

/** Reads a folder's certificate, and again every ten seconds: mounted Secrets change by themselves. */
export async function followCertificateFiles(
  folder: string,
  onChange: (certificate: Pick<ServingCertificate, "certificate" | "key">) => void,
): Promise<CertificateFiles> {
  let current: CertificateFiles["current"];
  let authorities: string | undefined;
  let problem: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const read = (name: string) => readFile(path.join(folder, name), "utf8");
      const [certificate, key, ca] = await Promise.all([
        read(names.certificate),
        read(names.key),
        read("ca.crt").catch(() => undefined),
      ]);
      problem = undefined;
      if (certificate === current?.certificate && key === current.key && ca === authorities) return;
      current = { certificate, key };
      authorities = ca;
      onChange(current);
    } catch (error) {
      problem = (error as Error).message;
    }
  };
  await look();
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return {
    get current() {
      return current;
    },
    get authorities() {
      return authorities;
    },
    get problem() {
      return problem;
    },
    stop: () => clearInterval(timer),
  };
}
