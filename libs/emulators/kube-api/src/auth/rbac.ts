import type { KubeObject } from "../objects.ts";
import { keyOf } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import type { User } from "./user.ts";

/** What somebody wants to do (authorization.k8s.io attributes). */
export interface Attributes {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** For requests that are not about resources; then the fields above but verb are empty. */
  path?: string;
}

export interface PolicyRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Binding extends KubeObject {
  subjects?: Subject[];
  roleRef: { kind: string; name: string };
}

const rbac = (resource: string) => `rbac.authorization.k8s.io/${resource}`;

/** Whether the roles stored in the cluster allow it. system:masters may do everything. */
export function isAllowed(store: Store, user: User, attributes: Attributes): boolean {
  return whyAllowed(store, user, attributes) !== undefined;
}

/** The sentence that says which binding allows it; undefined when none does. */
export function whyAllowed(store: Store, user: User, attributes: Attributes): string | undefined {
  if (user.groups.includes("system:masters")) return "";
  for (const { rule, binding, subject } of grantsFor(store, user, attributes.namespace)) {
    if (!allows(rule, attributes)) continue;
    const { name, namespace } = binding.metadata;
    const role = `${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)}`;
    const full = JSON.stringify(namespace ? `${name}/${namespace}` : name);
    const account = subject.namespace ? `${subject.name}/${subject.namespace}` : subject.name;
    return `RBAC: allowed by ${binding.kind} ${full} of ${role} to ${subject.kind} ${JSON.stringify(account)}`;
  }
  return undefined;
}

/** All rules that hold for a user in a namespace (and, with none, at the cluster scope). */
export function rulesFor(store: Store, user: User, namespace: string): PolicyRule[] {
  return [...grantsFor(store, user, namespace)].map(({ rule }) => rule);
}

interface Grant {
  rule: PolicyRule;
  binding: Binding;
  subject: Subject;
}

function* grantsFor(store: Store, user: User, namespace: string): IterableIterator<Grant> {
  for (const { object } of store.list(rbac("clusterrolebindings"))) {
    const binding = object as Binding;
    yield* grants(binding, user, "", store.get(rbac("clusterroles"), binding.roleRef.name)?.object);
  }
  if (!namespace) return;
  for (const { object } of store.list(rbac("rolebindings"), namespace)) {
    const binding = object as Binding;
    const { kind, name } = binding.roleRef;
    const role =
      kind === "ClusterRole" ? store.get(rbac("clusterroles"), name) : store.get(rbac("roles"), keyOf(namespace, name));
    yield* grants(binding, user, namespace, role?.object);
  }
}

function* grants(
  binding: Binding,
  user: User,
  namespace: string,
  role: KubeObject | undefined,
): IterableIterator<Grant> {
  const subject = boundSubject(binding, user, namespace);
  const rules = (role?.["rules"] as PolicyRule[] | undefined) ?? [];
  if (subject) yield* rules.map((rule) => ({ rule, binding, subject }));
}

function boundSubject({ subjects = [] }: Binding, user: User, bindingNamespace: string): Subject | undefined {
  return subjects.find(({ kind, name, namespace }) => {
    if (kind === "User") return name === user.name;
    if (kind === "Group") return user.groups.includes(name);
    return user.name === `system:serviceaccount:${namespace || bindingNamespace}:${name}`;
  });
}

const has = (list: readonly string[] | undefined, value: string) =>
  list?.some((item) => item === "*" || item === value) ?? false;

export function allows(rule: PolicyRule, { verb, group, resource, subresource, name, path }: Attributes): boolean {
  if (!has(rule.verbs, verb)) return false;
  if (path !== undefined) return rule.nonResourceURLs?.some((pattern) => pathMatches(pattern, path)) ?? false;
  if (!has(rule.apiGroups, group)) return false;
  const full = subresource ? `${resource}/${subresource}` : resource;
  if (!has(rule.resources, full) && !(subresource && rule.resources?.includes(`*/${subresource}`))) return false;
  return !rule.resourceNames?.length || rule.resourceNames.includes(name);
}

function pathMatches(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1));
}
