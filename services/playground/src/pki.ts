import path from "node:path";
import { type Authority, createAuthority } from "@application-connector/x509";
import type { LocalFolder } from "./local-folder.ts";

/** The files of one certificate and its key. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The playground's own certificate authority and the files that people and programs need of it. */
export interface Pki {
  readonly authority: Authority;
  readonly caFile: string;
  /** What the inbound listener shows to its clients. */
  readonly server: KeyPairFiles;
  /** Writes what UCL has issued to an external system. */
  writeClient(name: string, issued: { certificate: string; key: string }): KeyPairFiles;
}

const days = 30;

export function createPki(folder: LocalFolder): Pki {
  const authority = createAuthority({ subject: "CN=Playground CA,O=Application Connector", keyType: "ec" });
  const write = (name: string, { certificate, key }: { certificate: string; key: string }): KeyPairFiles => ({
    certificate: folder.write(path.join("pki", `${name}.crt`), certificate),
    key: folder.write(path.join("pki", `${name}.key`), key),
  });
  return {
    authority,
    caFile: folder.write(path.join("pki", "ca.crt"), authority.certificate),
    server: write(
      "server",
      authority.issue({
        subject: "CN=localhost",
        usage: ["server"],
        dnsNames: ["localhost"],
        ipAddresses: ["127.0.0.1", "::1"],
        keyType: "ec",
        days,
      }),
    ),
    writeClient: write,
  };
}
