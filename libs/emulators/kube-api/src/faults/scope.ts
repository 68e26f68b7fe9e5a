import type { RequestInfo } from "../http/api-path.ts";

/** Which requests something is about; what is left out matches everything. */
export interface Scope {
  verb?: string;
  /** Plural name, with the subresource after a slash if there is one: `secrets`, `applications/status`. */
  resource?: string;
  user?: string;
  namespace?: string;
  name?: string;
}

export const resourceOf = ({ resource, subresource }: RequestInfo) =>
  subresource ? `${resource}/${subresource}` : resource;

export function isInScope(scope: Scope, info: RequestInfo, userName: string): boolean {
  return (
    (scope.verb === undefined || scope.verb === info.verb) &&
    (scope.resource === undefined || scope.resource === resourceOf(info)) &&
    (scope.user === undefined || scope.user === userName) &&
    (scope.namespace === undefined || scope.namespace === info.namespace) &&
    (scope.name === undefined || scope.name === info.name)
  );
}
