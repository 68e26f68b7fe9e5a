import { writeFileSync } from "node:fs";
import path from "node:path";
import { createAuthority, type Issued } from "@application-connector/x509";
import { freePort, type Running } from "./processes.ts";
import { startNginx, targetName } from "./target.ts";

/** A server that asks for client certificates, and the certificates for both ends. */
export interface MutualTlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  /** What a client needs. */
  readonly client: { readonly ca: string; readonly cert: string; readonly key: string; readonly servername: string };
}

export function writeMutualTls(folder: string, commonName: string): MutualTlsFiles {
  const authority = createAuthority({ subject: "CN=Bench mutual TLS CA", keyType: "ec" });
  const server = authority.issue({ subject: "CN=server", usage: ["server"], dnsNames: [targetName], keyType: "ec" });
  const client: Issued = authority.issue({ subject: `CN=${commonName}`, usage: ["client"], keyType: "ec" });
  const file = (name: string, content: string): string => {
    const written = path.join(folder, name);
    writeFileSync(written, content);
    return written;
  };
  return {
    certFile: file("mutual-tls.crt", server.certificate),
    keyFile: file("mutual-tls.key", server.key),
    caFile: file("mutual-tls-ca.crt", authority.certificate),
    client: { ca: authority.certificate, cert: client.certificate, key: client.key, servername: targetName },
  };
}

/** One worker, with the defaults of a distribution but for the client certificates. */
export async function startMutualTlsNginx(folder: string, files: MutualTlsFiles): Promise<Running> {
  const port = await freePort();
  const http = `
    server {
      listen 127.0.0.1:${port} ssl backlog=4096;
      ssl_protocols TLSv1.2 TLSv1.3;
      ssl_certificate ${files.certFile}; ssl_certificate_key ${files.keyFile};
      ssl_client_certificate ${files.caFile}; ssl_verify_client on;
      location / { return 204; }
    }`;
  return { ...(await startNginx("mutual-tls", folder, port, http)), name: "nginx, mutual TLS" };
}
