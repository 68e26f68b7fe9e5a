import { type Managers, writeManagers } from "../apply/managers.ts";
import { afterUpdate } from "../apply/ownership.ts";
import { type Call, managerOf } from "../http/call.ts";
import { type Fields, fieldsAt } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import { emptyObject } from "../schema/zero-structs.ts";
import type { Store } from "../store/store.ts";
import { type Attributes, rulesFor, whyAllowed } from "./rbac.ts";
import { serverAudience, type Tokens } from "./tokens.ts";
import { authenticated, type User } from "./user.ts";

/** Questions about users and rights: kinds that are answered and not stored. */
export function review(
  store: Store,
  tokens: Tokens,
  kind: Kind,
  call: Call,
  spec: Fields,
  time: string,
): Fields | undefined {
  const manager = managerOf(call);
  const answer = statusOf(store, tokens, kind, call, spec);
  if (!answer) return undefined;
  const { managedFields, ...object } = asked(kind, spec, manager, time);
  const isSelf = kind.kind === "SelfSubjectReview";
  return {
    ...object,
    metadata: isSelf ? { creationTimestamp: time } : { managedFields },
    ...(!isSelf && { spec }),
    status: answer,
  };
}

/** Even a question is tracked in managedFields. */
function asked(kind: Kind, spec: Fields, manager: string, time: string) {
  const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { name: "" }, spec };
  const managers: Managers = new Map();
  afterUpdate(managers, emptyObject(kind.schema), object, { kind, manager, subresource: "", time });
  return { kind: object.kind, apiVersion: object.apiVersion, managedFields: writeManagers(managers) };
}

function statusOf(store: Store, tokens: Tokens, kind: Kind, { user, info }: Call, spec: Fields): Fields | undefined {
  switch (kind.kind) {
    case "SelfSubjectAccessReview":
      return access(store, user, spec);
    case "SubjectAccessReview":
      return access(store, subjectOf(spec), spec);
    case "LocalSubjectAccessReview":
      return access(store, subjectOf(spec), spec, info.namespace);
    case "SelfSubjectRulesReview":
      return rules(store, user, (spec["namespace"] as string | undefined) ?? "");
    case "TokenReview":
      return token(tokens, spec["token"] as string | undefined, spec["audiences"] as string[] | undefined);
    case "SelfSubjectReview":
      return { userInfo: userInfo(user) };
    default:
      return undefined;
  }
}

/** Whoever the review names, and nobody else: no groups are added. */
function subjectOf(spec: Fields): User {
  return { name: (spec["user"] as string | undefined) ?? "", groups: (spec["groups"] as string[] | undefined) ?? [] };
}

function access(store: Store, user: User, spec: Fields, namespace?: string): Fields {
  const attributes = attributesOf(spec, namespace);
  const reason = whyAllowed(store, user, attributes);
  return reason === undefined ? { allowed: false } : { allowed: true, ...(reason && { reason }) };
}

function attributesOf(spec: Fields, namespace?: string): Attributes {
  const about = fieldsAt(spec, "resourceAttributes") ?? {};
  const path = fieldsAt(spec, "nonResourceAttributes");
  const text = (key: string) => String(about[key] ?? "");
  return {
    verb: String((path ?? about)["verb"] ?? ""),
    group: text("group"),
    resource: text("resource"),
    subresource: text("subresource"),
    namespace: namespace ?? text("namespace"),
    name: text("name"),
    ...(path && { path: String(path["path"] ?? "") }),
  };
}

function rules(store: Store, user: User, namespace: string): Fields {
  const found = rulesFor(store, user, namespace);
  if (user.groups.includes("system:masters")) {
    found.push({ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, { verbs: ["*"], nonResourceURLs: ["*"] });
  }
  return {
    resourceRules: found.filter(({ resources }) => resources?.length),
    nonResourceRules: found.filter(({ nonResourceURLs }) => nonResourceURLs?.length),
    incomplete: false,
  };
}

const userInfo = ({ name, uid, groups, extra }: User) => ({
  username: name,
  ...(uid && { uid }),
  groups,
  ...(extra && { extra }),
});

function token(tokens: Tokens, text = "", asked: readonly string[] = []): Fields {
  const found = tokens.review(text, asked.length === 0 ? [serverAudience] : asked);
  if (!found) return { user: {}, error: "invalid bearer token" };
  const { user, audiences } = found;
  return { authenticated: true, user: userInfo(authenticated(user.name, user.groups, user.uid)), audiences };
}
