import { forbidden } from "../status.ts";
import type { Store } from "../store/store.ts";
import { type Attributes, isAllowed } from "./rbac.ts";
import type { User } from "./user.ts";

/** Throws the 403 the real authorizer would answer. */
export function authorize(store: Store, user: User, attributes: Attributes): void {
  if (isAllowed(store, user, attributes)) return;
  throw forbidden(attributes, attributes.name, refusal(user, attributes));
}

export function refusal(user: User, { verb, group, resource, subresource, namespace, path }: Attributes): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (path !== undefined) return sanitized(`${who} path ${JSON.stringify(path)}`);
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : "at the cluster scope";
  return sanitized(`${who} resource ${what} in API group ${JSON.stringify(group)} ${where}`);
}

/** Nothing in the message may look like HTML. */
function sanitized(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
