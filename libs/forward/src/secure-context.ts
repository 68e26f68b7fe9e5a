import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { TargetTls } from "./door.ts";

const minVersion = "TLSv1.2";
let shared: SecureContext | undefined;

/** What a target's TLS connections have in common; throws when a certificate or key can't be used. */
export function secureContextOf({ ca, trustsSystem = false, cert, key }: TargetTls): SecureContext {
  // Most targets have nothing of their own, and a context takes 20 KiB and more.
  if (ca === undefined && cert === undefined && key === undefined) {
    shared ??= createSecureContext({ minVersion });
    return shared;
  }
  const own = { minVersion, ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) } as const;
  if (ca === undefined) return createSecureContext(own);
  return trustsSystem ? besideSystem(ca, own) : createSecureContext({ ...own, ca });
}

/**
 * There is no option for authorities beside the system's. To list them all takes 30 ms and a megabyte for each context,
 * for what the native context does in one call where it has it.
 */
function besideSystem(ca: string, own: object): SecureContext {
  const context = createSecureContext(own);
  const native = context.context as { addCACert?: (pem: string) => void };
  if (typeof native.addCACert !== "function") {
    return createSecureContext({ ...own, ca: [...getCACertificates("default"), ca] });
  }
  native.addCACert(ca);
  return context;
}
