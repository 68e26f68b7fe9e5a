import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { FailingAddresses } from "./failing-addresses.ts";

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
 * taken is up to chance. Every connection asks anew; those that are opened at the same time ask once. What failed lately
 * comes last.
 */
export function checkedLookup(check: CheckAddress | undefined, failing: FailingAddresses): LookupFunction {
  const running = new Map<string, Promise<LookupAddress[]>>();

  const resolve = (host: string, options: LookupAllOptions): Promise<LookupAddress[]> => {
    const key = `${host} ${options.family} ${options.hints}`;
    const shared = running.get(key) ?? lookupAll(host, options).finally(() => running.delete(key));
    running.set(key, shared);
    return shared;
  };

  return (host, options, callback) => {
    resolve(host, { ...options, all: true } as LookupAllOptions).then(
      (all) => {
        const found = failing.last(all);
        const [first] = found;
        const refused = check && found.map(({ address }) => refusedLiteral(address, check)).find(Boolean);
        if (refused !== undefined || first === undefined) callback(refused ?? new Error(`${host} has no address`), "");
        else if (options.all === true) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ""),
    );
  };
}

/** What is wrong with a host that is an address itself and not looked up therefore. */
export function refusedLiteral(host: string, check: CheckAddress): AddressRefused | undefined {
  const address = plainAddress(host);
  const refusal = isIP(address) === 0 ? undefined : check(address);
  return refusal === undefined ? undefined : new AddressRefused(refusal);
}

const mapped = /^::ffff:(?:(\d+(?:\.\d+){3})|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i;

/** An address without its zone, and the IPv4 address in an IPv6 one that only carries it (RFC 4291, 2.5.5.2). */
export function plainAddress(text: string): string {
  const [address = ""] = text.split("%", 1);
  const [, dotted, high, low] = mapped.exec(address) ?? [];
  if (high === undefined || low === undefined) return dotted ?? address;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 0xff, b >> 8, b & 0xff].join(".");
}

function lookupAll(host: string, options: LookupAllOptions): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(host, options, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });
}
