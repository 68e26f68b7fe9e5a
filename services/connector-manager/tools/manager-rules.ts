import type { BundleEntry } from "../src/bundle/render.ts";
import type { KubernetesObject } from "../src/bundle/settings.ts";
import { webhookSecret } from "../src/names.ts";

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Rules of the manager, without a namespace and in each of its namespaces. */
export interface ManagerRules {
  readonly cluster: readonly Rule[];
  readonly namespaces: Readonly<Record<string, readonly Rule[]>>;
}

/** As fill() knows it: the namespace of the module. */
const moduleNamespace = "@{namespace}";
const follows = ["list", "watch"];
const writes = ["get", "create", "patch", "delete"];

/** What upstream has installed and the manager removes. */
const obsolete = [
  "ClusterRole application-connector-application-connector",
  "ClusterRoleBinding application-connector-application-connector",
];

/** What the manager reads and writes beside the objects that it installs. */
const own: ManagerRules = {
  cluster: [
    {
      apiGroups: ["operator.kyma-project.io"],
      resources: ["applicationconnectors"],
      verbs: ["get", "list", "watch", "patch"],
    },
    { apiGroups: ["operator.kyma-project.io"], resources: ["applicationconnectors/status"], verbs: ["patch"] },
    // Which namespaces may call the gateway.
    { apiGroups: [""], resources: ["namespaces"], verbs: follows },
  ],
  namespaces: {
    [moduleNamespace]: [
      // What all its objects are remembered by.
      { apiGroups: [""], resources: ["configmaps"], verbs: [...writes, ...follows] },
      // The webhook's certificate. Whoever creates an object cannot be told by its name.
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: [webhookSecret], verbs: ["patch", ...follows] },
    ],
    "kube-system": [
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["shoot-info"], verbs: ["get", ...follows] },
    ],
  },
};

/**
 * Everything the manager may do: follow and write the objects of the bundle, grant what the roles among them grant, and
 * what it needs itself. Objects without a namespace are named one by one, so that it cannot touch those of others.
 */
export function managerRules(bundle: readonly BundleEntry[], definitions: readonly string[]): ManagerRules {
  const objects = bundle.map(({ object }) => object as KubernetesObject);
  const names = new Map<string, Set<string>>();
  const name = (kind: string, one: string) => names.set(kind, (names.get(kind) ?? new Set()).add(one));
  for (const { apiVersion, kind, metadata } of objects) {
    if (metadata.namespace === undefined) name(`${groupOf(apiVersion)} ${kind}`, metadata.name);
  }
  for (const text of obsolete) name(`rbac.authorization.k8s.io ${text.split(" ")[0]}`, text.split(" ")[1] ?? "");
  for (const definition of definitions) name("apiextensions.k8s.io CustomResourceDefinition", definition);

  const cluster = [...names].flatMap(([text, found]): Rule[] => {
    const [group = "", kind = ""] = text.split(" ");
    const of = { apiGroups: [group], resources: [pluralOf(kind)] };
    return [
      { ...of, verbs: follows },
      { ...of, resourceNames: [...found].sort(), verbs: writes },
    ];
  });
  const namespaces = new Map<string, Rule[]>();
  for (const { apiVersion, kind, metadata } of objects) {
    const { namespace } = metadata;
    if (namespace === undefined) continue;
    const rule = { apiGroups: [groupOf(apiVersion)], resources: [pluralOf(kind)], verbs: [...writes, ...follows] };
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), rule]);
  }
  for (const object of objects) {
    const { kind, metadata, rules = [] } = object as KubernetesObject & { rules?: Rule[] };
    if (kind === "ClusterRole") cluster.push(...rules);
    if (kind === "Role") namespaces.get(metadata.namespace ?? "")?.push(...rules);
  }
  for (const [namespace, rules] of Object.entries(own.namespaces)) {
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), ...rules]);
  }
  return {
    cluster: merged([...cluster, ...own.cluster]),
    namespaces: Object.fromEntries([...namespaces].sort().map(([namespace, rules]) => [namespace, merged(rules)])),
  };
}

/** One rule for each resource and set of names, in a stable order. */
function merged(rules: readonly Rule[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const { apiGroups, resources, resourceNames, verbs } of rules) {
    for (const group of apiGroups) {
      for (const resource of resources) {
        const key = JSON.stringify([group, resource, resourceNames ?? []]);
        const before = found.get(key)?.verbs ?? [];
        const all = [...new Set([...before, ...verbs])].sort();
        found.set(key, {
          apiGroups: [group],
          resources: [resource],
          ...(resourceNames && { resourceNames }),
          verbs: all,
        });
      }
    }
  }
  const everywhere = (rule: Rule) => found.get(JSON.stringify([rule.apiGroups[0], rule.resources[0], []]));
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rule]) => rule)
    .map((rule) =>
      rule.resourceNames
        ? { ...rule, verbs: rule.verbs.filter((verb) => !everywhere(rule)?.verbs.includes(verb)) }
        : rule,
    )
    .filter(({ verbs }) => verbs.length > 0);
}

const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "");

const irregular: Readonly<Record<string, string>> = {
  NetworkPolicy: "networkpolicies",
  AuthorizationPolicy: "authorizationpolicies",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  PriorityClass: "priorityclasses",
};

const pluralOf = (kind: string): string => irregular[kind] ?? `${kind.toLowerCase()}s`;
