import { lookup as resolve } from "node:dns";
import { isIP, type LookupFunction } from "node:net";

/** Why an address may not be connected to; undefined when it may. */
export type CheckAddress = (address: string) => string | undefined;

/** A connection that was not opened, because somebody forbids it. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  readonly code = "ADDRESS_REFUSED";
}

/**
 * Looks names up, and hands out only what may be connected to: the connection goes to the very addresses that were
 * checked, whatever the name leads to a moment later. One that is forbidden spoils the others, because which of them is
 * taken is up to chance.
 */
export function checkedLookup(check: CheckAddress): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = addresses?.map(({ address }) => check(address)).find((why) => why !== undefined);
      const failure = error ?? (refusal === undefined ? null : new AddressRefused(refusal));
      const [first] = addresses ?? [];
      if (options.all === true) callback(failure, failure === null ? addresses : []);
      else callback(failure, first?.address ?? "", first?.family ?? 0);
    });
  };
}

/** What is wrong with a host that is an address itself and not looked up therefore. */
export function refusedLiteral(hostname: string, check: CheckAddress): AddressRefused | undefined {
  const refusal = isIP(hostname) === 0 ? undefined : check(hostname);
  return refusal === undefined ? undefined : new AddressRefused(refusal);
}
