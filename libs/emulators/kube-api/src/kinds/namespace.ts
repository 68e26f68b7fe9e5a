import type { Behaviour } from "./kind.ts";
import { dnsLabel } from "./names.ts";

export const namespace: Behaviour = {
  validName: dnsLabel,
  selectable: ["status.phase"],
  initialStatus: () => ({ phase: "Active" }),
  defaults({ metadata }) {
    metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
  },
  prepare(object, previous) {
    // Only /finalize may change them, so that content cannot outlive its namespace.
    object["spec"] = previous ? previous["spec"] : { finalizers: ["kubernetes"] };
  },
};
