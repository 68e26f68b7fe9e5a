import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { ListenerTls } from "@application-connector/forward";
import { ConfigError } from "@application-connector/service";
import { fromPem } from "@application-connector/x509";
import type { Config } from "../config.ts";

export type CertificateFiles = Pick<Config, "mtlsCertFile" | "mtlsKeyFile" | "mtlsClientCaFile">;

/** What the listener for mutual TLS needs: its own pair, and whom it believes. Throws when that is not in the files. */
export async function readCertificateFiles(files: CertificateFiles): Promise<ListenerTls> {
  const { mtlsCertFile, mtlsKeyFile, mtlsClientCaFile } = files;
  const [cert, key, ca] = await Promise.all([
    read(mtlsCertFile, "CERTIFICATE"),
    read(mtlsKeyFile, "PRIVATE KEY"),
    read(mtlsClientCaFile, "CERTIFICATE"),
  ]);
  if (!areCertificates(ca)) throw new ConfigError([`${mtlsClientCaFile} holds a broken certificate`]);
  try {
    createSecureContext({ cert, key, ca });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([`${mtlsCertFile} and ${mtlsKeyFile} are no usable pair: ${message}`], { cause });
  }
  return { cert, key, ca, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.2" };
}

async function read(file: string, content: "CERTIFICATE" | "PRIVATE KEY"): Promise<string> {
  let pem: string;
  try {
    pem = await readFile(file, "latin1");
  } catch (cause) {
    throw new ConfigError([`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`], {
      cause,
    });
  }
  // Node takes an empty file for none, and for want of an authority the system's: any public certificate would do.
  if (!pem.includes(`${content}-----`)) throw new ConfigError([`${file} holds no ${content.toLowerCase()}`]);
  return pem;
}

/**
 * OpenSSL reads authorities up to the first broken one and says nothing: a file that is half written would lock out
 * everybody whose authority is in its other half.
 */
function areCertificates(pem: string): boolean {
  const blocks = fromPem(pem, "CERTIFICATE");
  if (blocks.length !== pem.split("-----BEGIN CERTIFICATE-----").length - 1) return false;
  try {
    return blocks.map((der) => new X509Certificate(der)).length > 0;
  } catch {
    return false;
  }
}
