import type { Lease } from "../resources/types.ts";

/** How a lease is held, as far as it says. */
export interface LeaseTerms {
  namespace: string;
  name: string;
  identity: string;
  durationMs: number;
}

/** A lease that nobody has made yet, in our hands. */
export function newLease({ namespace, name, identity, durationMs }: LeaseTerms, now: Date): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: seconds(durationMs),
      acquireTime: microTime(now),
      renewTime: microTime(now),
      leaseTransitions: 0,
    },
  };
}

/** The lease in our hands: taken when it was somebody else's or nobody's, renewed when it was ours. */
export function claimed(lease: Lease, { identity, durationMs }: LeaseTerms, now: Date): Lease {
  const { spec = {} } = lease;
  const isOurs = spec.holderIdentity === identity;
  return {
    ...lease,
    spec: {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: seconds(durationMs),
      renewTime: microTime(now),
      ...(isOurs ? {} : { acquireTime: microTime(now), leaseTransitions: (spec.leaseTransitions ?? 0) + 1 }),
    },
  };
}

/** The lease in nobody's hands, so that whoever waits need not wait. */
export const released = (lease: Lease, now: Date): Lease => ({
  ...lease,
  spec: { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(now) },
});

/** metav1.MicroTime: six digits, no more, no less. */
export const microTime = (date: Date): string => `${date.toISOString().slice(0, -1)}000Z`;

const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));
