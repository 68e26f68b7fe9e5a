import { leases } from "../resources/builtin.ts";
import type { Lease } from "../resources/types.ts";
import type { Client } from "../transport/client.ts";
import { find } from "../transport/find.ts";
import { claimed, type LeaseTerms, newLease, released } from "./claim.ts";

/** The lease on the server. Every write names the version it is based on; none is repeated behind the caller's back. */
export function createLeaseStore(client: Client, terms: LeaseTerms, timeoutMs: number) {
  const { namespace, name, identity } = terms;
  const options = (signal?: AbortSignal) => ({ signal, timeoutMs, maxTries: 1, urgent: true });

  const read = (signal?: AbortSignal): Promise<Lease | undefined> =>
    find(client, leases, { namespace, name }, options(signal));

  return {
    read,
    /** Takes or renews it; makes it when there is none. */
    claim: (lease: Lease | undefined, signal: AbortSignal): Promise<Lease> =>
      lease
        ? client.replace(leases, claimed(lease, terms, new Date()), options(signal))
        : client.create(leases, newLease(terms, new Date()), options(signal)),
    /** Gives it back when it is ours. A claim that was on its way may have arrived, so that this is looked up. */
    async release(): Promise<void> {
      const lease = await read();
      if (lease?.spec?.holderIdentity !== identity) return;
      await client.replace(leases, released(lease, new Date()), options());
    },
  };
}
