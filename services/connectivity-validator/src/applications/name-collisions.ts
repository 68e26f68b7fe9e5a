import { cleaned } from "../policy/event-policy.ts";

interface Named {
  readonly name: string;
  readonly typeLabel: string | undefined;
}

/**
 * Finds Applications whose events Eventing cannot tell apart: it reduces names to letters and digits where they become a
 * part of a type. Two that share a label do so on purpose.
 */
export class NameCollisions {
  private readonly groups = new Map<string, Map<string, Named>>();
  private readonly keys = new Map<string, string>();

  /** Adds an Application, or what it is called now; the others that it collides with. */
  put(application: Named): string[] {
    const { name } = application;
    const key = cleaned(application.typeLabel ?? name);
    if (this.keys.get(name) !== key) this.remove(name);
    this.keys.set(name, key);
    let group = this.groups.get(key);
    if (group === undefined) {
      group = new Map();
      this.groups.set(key, group);
    }
    group.set(name, application);
    return [...group.values()].filter((other) => collide(application, other)).map((other) => other.name);
  }

  remove(name: string): void {
    const key = this.keys.get(name);
    if (key === undefined) return;
    this.keys.delete(name);
    const group = this.groups.get(key);
    group?.delete(name);
    if (group?.size === 0) this.groups.delete(key);
  }
}

function collide(one: Named, other: Named): boolean {
  return one.name !== other.name && (one.typeLabel === undefined || one.typeLabel !== other.typeLabel);
}
