import type { SecureContextOptions } from "node:tls";
import type { ListenerOptions, ListenerTls } from "./door.ts";

/** What of a listener's TLS can change while it runs. */
export function secureOptions({ cert, key, ca, crl, minVersion = "TLSv1.2" }: ListenerTls): SecureContextOptions {
  return {
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
    ...(crl === undefined ? {} : { crl: [...crl] }),
    minVersion,
  };
}

/** What clients may choose from. */
export const protocols = ({ http2 }: ListenerOptions): string[] => (http2 ? ["h2", "http/1.1"] : ["http/1.1"]);
