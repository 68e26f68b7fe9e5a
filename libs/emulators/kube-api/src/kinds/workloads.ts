import { type Fields, fieldsAt, isFields } from "../json.ts";
import type { Behaviour } from "./kind.ts";

/** Sets what is absent. */
function fill(object: Fields | undefined, defaults: Fields): void {
  if (!object) return;
  for (const [key, value] of Object.entries(defaults)) object[key] ??= value;
}

const objectsIn = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

const isLatest = (image: unknown) => !/:[^/]+$/.test(String(image)) || String(image).endsWith(":latest");

function containerDefaults(container: Fields): void {
  fill(container, {
    imagePullPolicy: isLatest(container["image"]) ? "Always" : "IfNotPresent",
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  for (const port of objectsIn(container["ports"])) fill(port, { protocol: "TCP" });
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = fieldsAt(container, name);
    fill(probe, { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 });
    fill(fieldsAt(probe, "httpGet"), { path: "/", scheme: "HTTP" });
  }
  for (const env of objectsIn(container["env"])) fill(fieldsAt(env, "valueFrom", "fieldRef"), { apiVersion: "v1" });
}

const volumeMode = 0o644;

export function podSpecDefaults(spec: Fields | undefined, restartPolicy = "Always"): void {
  fill(spec, {
    dnsPolicy: "ClusterFirst",
    restartPolicy,
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  if (spec?.["serviceAccountName"]) spec["serviceAccount"] ??= spec["serviceAccountName"];
  for (const list of ["containers", "initContainers"]) objectsIn(spec?.[list]).forEach(containerDefaults);
  for (const volume of objectsIn(spec?.["volumes"])) {
    for (const source of ["secret", "configMap", "projected", "downwardAPI"]) {
      fill(fieldsAt(volume, source), { defaultMode: volumeMode });
    }
  }
}

const templateDefaults = (spec: Fields | undefined, restartPolicy?: string) =>
  podSpecDefaults(fieldsAt(spec, "template", "spec"), restartPolicy);

const rollingUpdate = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } };

export const deployment: Behaviour = {
  generation: true,
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    fill(spec, { progressDeadlineSeconds: 600, replicas: 1, revisionHistoryLimit: 10 });
    const strategy = fieldsAt(spec, "strategy");
    const type = strategy?.["type"] ?? "RollingUpdate";
    if (spec && type === "RollingUpdate") {
      const own = fieldsAt(strategy, "rollingUpdate") ?? {};
      spec["strategy"] = { ...rollingUpdate, rollingUpdate: { ...rollingUpdate.rollingUpdate, ...own } };
    }
    templateDefaults(spec);
  },
};

export const replicaSet: Behaviour = {
  generation: true,
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    fill(spec, { replicas: 1 });
    templateDefaults(spec);
  },
};

export const statefulSet: Behaviour = {
  generation: true,
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    fill(spec, { podManagementPolicy: "OrderedReady", replicas: 1, revisionHistoryLimit: 10 });
    fill(fieldsAt(spec, "updateStrategy"), { type: "RollingUpdate", rollingUpdate: { partition: 0 } });
    templateDefaults(spec);
  },
};

export const job: Behaviour = {
  generation: true,
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    fill(spec, { backoffLimit: 6, completionMode: "NonIndexed", completions: 1, parallelism: 1, suspend: false });
    templateDefaults(spec);
  },
};

export const pod: Behaviour = {
  generation: true,
  selectable: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  initialStatus: () => ({ phase: "Pending", qosClass: "BestEffort" }),
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    podSpecDefaults(spec);
    fill(spec, { enableServiceLinks: true });
  },
};
