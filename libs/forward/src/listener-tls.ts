import type { SecureContextOptions } from "node:tls";
import type { ListenerTls } from "./door.ts";

/** What of a listener's TLS can change while it runs. */
export function secureOptions({ cert, key, ca, minVersion = "TLSv1.2" }: ListenerTls): SecureContextOptions {
  return { cert, key, ...(ca === undefined ? {} : { ca }), minVersion };
}
