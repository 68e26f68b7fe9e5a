import { createHash } from "node:crypto";
import { type Fields, fieldsAt, isFields } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { Behaviour } from "./kind.ts";
import { dnsLabel1035 } from "./names.ts";

const objectsIn = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

export const networkPolicy: Behaviour = {
  generation: true,
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    if (!spec) return;
    spec["policyTypes"] ??= ["Ingress", ...(spec["egress"] ? ["Egress"] : [])];
    for (const rule of [...objectsIn(spec["ingress"]), ...objectsIn(spec["egress"])]) {
      for (const port of objectsIn(rule["ports"])) port["protocol"] ??= "TCP";
    }
  },
};

/** The same Service always gets the same address; nothing answers there. */
function clusterIp({ metadata }: KubeObject): string {
  const [a = 0, b = 0] = createHash("sha256").update(`${metadata.namespace}/${metadata.name}`).digest();
  return `10.96.${a}.${(b % 253) + 1}`;
}

export const service: Behaviour = {
  validName: dnsLabel1035,
  createOnUpdate: true,
  selectable: ["spec.clusterIP", "spec.type"],
  initialStatus: () => ({ loadBalancer: {} }),
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    if (!spec) return;
    spec["sessionAffinity"] ??= "None";
    spec["type"] ??= "ClusterIP";
    if (spec["type"] !== "ExternalName") spec["internalTrafficPolicy"] ??= "Cluster";
    for (const port of objectsIn(spec["ports"])) {
      port["protocol"] ??= "TCP";
      port["targetPort"] ??= port["port"];
    }
  },
  prepare(object, previous) {
    const spec = fieldsAt(object, "spec");
    if (!spec || spec["type"] === "ExternalName") return;
    spec["clusterIP"] ??= fieldsAt(previous, "spec")?.["clusterIP"] ?? clusterIp(object);
    spec["clusterIPs"] ??= [spec["clusterIP"]];
    spec["ipFamilies"] ??= ["IPv4"];
    spec["ipFamilyPolicy"] ??= "SingleStack";
  },
};
