import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { ListenerTls } from "@application-connector/forward";
import { ConfigError } from "@application-connector/service";
import {
  formatName,
  fromPem,
  type RevocationList,
  RevocationListError,
  readRevocationList,
  readSubject,
  readSubjectBytes,
  toPem,
} from "@application-connector/x509";
import type { Config } from "../config.ts";
import { type DenyList, DenyListError, parseDenyList } from "./deny-list.ts";
import { createTrust, type Trust } from "./trust.ts";

export type CertificateFiles = Pick<
  Config,
  "mtlsCertFile" | "mtlsKeyFile" | "mtlsClientCaFile" | "mtlsCrlFile" | "mtlsDenyFile"
>;

/** What the listener for mutual TLS needs, as the files have it. */
export interface MutualTls {
  readonly tls: Pick<ListenerTls, "cert" | "key"> & Required<Pick<ListenerTls, "ca">> & Pick<ListenerTls, "crl">;
  readonly trust: Trust;
  /** All that was read, to tell whether it has changed. */
  readonly content: string;
  /** When each of them is over, in ms since the epoch. */
  readonly expiries: Expiries;
}

export interface Expiries {
  readonly server: number;
  /** The first of the authorities. */
  readonly authority: number;
  /** The first of the revocation lists; undefined without any, or when none says. */
  readonly revocationList: number | undefined;
}

/** Reads all files anew. Throws a `ConfigError` when what is needed is not in them. */
export async function readCertificateFiles(files: CertificateFiles): Promise<MutualTls> {
  const { mtlsCertFile, mtlsKeyFile, mtlsClientCaFile, mtlsCrlFile, mtlsDenyFile } = files;
  const [cert, key, ca, crl, deny] = await Promise.all([
    read(mtlsCertFile, "CERTIFICATE-----"),
    read(mtlsKeyFile, "PRIVATE KEY-----"),
    read(mtlsClientCaFile, "CERTIFICATE-----"),
    mtlsCrlFile === "" ? "" : read(mtlsCrlFile, "X509 CRL-----"),
    mtlsDenyFile === "" ? "" : read(mtlsDenyFile),
  ]);
  const authorities = certificatesIn(ca, mtlsClientCaFile);
  expectRoot(authorities, mtlsClientCaFile);
  const lists = revocationListsIn(crl, mtlsCrlFile, authorities);
  const tls = { cert, key, ca, ...(lists.length === 0 ? {} : { crl: lists.map(({ der }) => toPem("X509 CRL", der)) }) };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw new ConfigError([`${mtlsCertFile} and ${mtlsKeyFile} are no usable pair: ${messageOf(cause)}`], { cause });
  }
  const [server] = certificatesIn(cert, mtlsCertFile);
  const due = lists.flatMap(({ nextUpdate }) => (nextUpdate === undefined ? [] : [nextUpdate.getTime()]));
  return {
    tls,
    trust: createTrust(authorities, lists, denyListIn(deny, mtlsDenyFile)),
    content: JSON.stringify([cert, key, ca, crl, deny]),
    expiries: {
      server: server?.validToDate.getTime() ?? 0,
      authority: Math.min(...authorities.map(({ validToDate }) => validToDate.getTime())),
      revocationList: due.length === 0 ? undefined : Math.min(...due),
    },
  };
}

/** The settings of the listener; what came before decides about connections that are open. */
export function listenerTls({ tls, trust }: MutualTls, before?: MutualTls): ListenerTls {
  return {
    ...tls,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    admits: trust.admits,
    ...(before === undefined ? {} : { keeps: (certificate) => trust.keeps(certificate, before.trust) }),
  };
}

async function read(file: string, content = ""): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, content === "" ? "utf8" : "latin1");
  } catch (cause) {
    throw new ConfigError([`${file} cannot be read: ${messageOf(cause)}`], { cause });
  }
  // Node takes an empty file for none, and for want of an authority the system's: any public certificate would do.
  if (!text.includes(content)) throw new ConfigError([`${file} holds no ${content.replaceAll("-", "").toLowerCase()}`]);
  return text;
}

/**
 * OpenSSL reads authorities up to the first broken one and says nothing: a file that is half written would lock out
 * everybody whose authority is in its other half.
 */
function certificatesIn(pem: string, file: string): X509Certificate[] {
  const broken = new ConfigError([`${file} holds a broken certificate`]);
  const blocks = fromPem(pem, "CERTIFICATE");
  if (blocks.length !== pem.split("-----BEGIN CERTIFICATE-----").length - 1) throw broken;
  try {
    return blocks.map((der) => new X509Certificate(der));
  } catch {
    throw broken;
  }
}

/** A chain must end at an authority that signed itself: with others alone, nobody could connect, and nobody would say why. */
function expectRoot(authorities: readonly X509Certificate[], file: string): void {
  if (authorities.some(({ issuer, subject }) => issuer === subject)) return;
  const [first] = authorities.map(({ raw }) => formatName(readSubject(raw)));
  throw new ConfigError([`${file} holds no root authority, so that nobody could connect; add the one above ${first}`]);
}

/** With lists, the handshake asks for one of every authority: whoever's is missing would be locked out unseen. */
function revocationListsIn(pem: string, file: string, authorities: readonly X509Certificate[]): RevocationList[] {
  if (file === "") return [];
  const blocks = fromPem(pem, "X509 CRL");
  if (blocks.length !== pem.split("-----BEGIN X509 CRL-----").length - 1)
    throw new ConfigError([`${file} holds a broken revocation list`]);
  const lists = blocks.map((der) => {
    try {
      return readRevocationList(der);
    } catch (cause) {
      if (cause instanceof RevocationListError) throw new ConfigError([`${file}: ${cause.message}`], { cause });
      throw cause;
    }
  });
  for (const authority of authorities) {
    const own = lists.filter(({ issuer }) => issuer === readSubjectBytes(authority.raw));
    if (own.some((list) => list.isSignedBy(authority))) continue;
    const name = formatName(readSubject(authority.raw));
    throw new ConfigError([
      own.length === 0
        ? `${file} has no list of ${name}, so that nobody of it could connect; add one, if only an empty one`
        : `${file}: the list of ${name} is not signed by it, or in a way that is not supported`,
    ]);
  }
  return lists;
}

function denyListIn(text: string, file: string): DenyList {
  try {
    return parseDenyList(text);
  } catch (cause) {
    if (cause instanceof DenyListError) throw new ConfigError([`${file}: ${cause.message}`], { cause });
    throw cause;
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
