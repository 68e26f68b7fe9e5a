import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from "node:tls";

/** PEM files, empty for those that there are not. */
export interface NatsTlsFiles {
  /** Authorities of the servers' certificates; empty: those that Node.js knows. */
  readonly caFile: string;
  /** The validator's own certificate with its chain, and its key. */
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * What TLS to these servers needs; undefined when nothing asks for TLS, though a server may. The files are read for every
 * connection, and before the client opens it: while it reads files itself nobody listens to its socket's errors.
 */
export function natsTls({ caFile, certFile, keyFile }: NatsTlsFiles, servers: readonly string[]): object | undefined {
  const files = Object.entries({ ca: caFile, cert: certFile, key: keyFile }).filter(([, file]) => file !== "");
  if (files.length === 0 && !servers.some((server) => server.startsWith("tls:"))) return undefined;
  const tls: ConnectionOptions = { checkServerIdentity: identityOf(servers) };
  for (const [name, file] of files)
    Object.defineProperty(tls, name, { enumerable: true, get: () => readFileSync(file, "utf8") });
  return tls;
}

/**
 * The client names no server that is addressed by number, and Node takes `localhost` for one without a name: such a
 * server's certificate must have one of the numbers that were given.
 */
function identityOf(servers: readonly string[]) {
  const names = servers.map((server) => new URL(server.replace(/^\w+:/, "http:")).hostname.replace(/^\[(.*)\]$/, "$1"));
  const numbers = names.filter((name) => isIP(name) !== 0);
  return (name: string, certificate: PeerCertificate): Error | undefined => {
    if (name !== "localhost" || names.includes(name) || numbers.length === 0)
      return checkServerIdentity(name, certificate);
    const mistakes = numbers.map((number) => checkServerIdentity(number, certificate));
    return mistakes.includes(undefined) ? undefined : mistakes[0];
  };
}
