import { parsePrincipal } from "./principal.ts";

/** Who calls, as far as it was proven. */
export interface Caller {
  /** Its SPIFFE id. */
  readonly id: string;
  /** Of a workload of this cluster only; in another trust domain the same name is somebody else. */
  readonly namespace?: string;
  /** `namespace/serviceaccount`, likewise. */
  readonly workload?: string;
}

const path = /^\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** The caller behind a SPIFFE id as meshes of Kubernetes write it. Undefined for what is no SPIFFE id. */
export function callerOfSpiffeId(id: string, trustDomain: string): Caller | undefined {
  if (!id.startsWith("spiffe://") || parsePrincipal(id) === undefined) return undefined;
  const own = `spiffe://${trustDomain}`;
  const [, namespace, account] = (id.startsWith(`${own}/`) && path.exec(id.slice(own.length))) || [];
  if (namespace === undefined || account === undefined) return { id };
  return { id, namespace, workload: `${namespace}/${account}` };
}

/** The caller behind a user name of the Kubernetes API. Undefined for what is no service account. */
export function callerOfUser(name: string, trustDomain: string): Caller | undefined {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (namespace === undefined || account === undefined) return undefined;
  return callerOfSpiffeId(`spiffe://${trustDomain}/ns/${namespace}/sa/${account}`, trustDomain);
}
