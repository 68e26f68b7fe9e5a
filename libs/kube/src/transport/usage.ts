import type { Call } from "./transport.ts";

/** One right a client made use of, in the words of RBAC. */
export interface UsedRight {
  verb: string;
  group: string;
  /** `deployments` or `deployments/status`. */
  resource: string;
  namespace: string | undefined;
}

/** Keeps which rights were used, so that a test can compare them with the roles that are shipped. */
export function createUsage() {
  const rights = new Map<string, UsedRight>();
  return {
    add({ verb, resource, target }: Call): void {
      const right: UsedRight = {
        verb: verb === "apply" ? "patch" : verb,
        group: resource.group,
        resource: target.subresource === undefined ? resource.plural : `${resource.plural}/${target.subresource}`,
        namespace: target.namespace,
      };
      rights.set(Object.values(right).join("\n"), right);
    },
    list: (): readonly UsedRight[] => [...rights.values()],
  };
}
