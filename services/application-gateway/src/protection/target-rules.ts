import { isIP } from "node:net";
import type { AddressRules } from "./address-rules.ts";

export interface TargetRulesOptions {
  readonly schemes: readonly string[];
  /** Ports and ranges of ports; none means all. */
  readonly ports: readonly string[];
  readonly deniedAddresses: AddressRules;
}

const portRange = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/** Where the gateway may call: targets, token and CSRF servers. Each refusal names the flag that is in the way. */
export class TargetRules {
  readonly #schemes: ReadonlySet<string>;
  readonly #ports: readonly (readonly [first: number, last: number])[];
  readonly #denied: AddressRules;

  constructor({ schemes, ports, deniedAddresses }: TargetRulesOptions) {
    this.#schemes = new Set(schemes);
    this.#ports = ports.map((text) => {
      const [, first, last = first] = portRange.exec(text) ?? [];
      return [Number(first), Number(last)];
    });
    this.#denied = deniedAddresses;
  }

  /** Why an origin (`scheme://host[:port]`) may not be called, as far as it says so itself. */
  refuseOrigin(origin: string): string | undefined {
    const { protocol, hostname, port } = new URL(origin);
    const scheme = protocol.slice(0, -1);
    if (!this.#schemes.has(scheme)) return `scheme ${scheme} is not among --allowedTargetSchemes`;
    const number = port === "" ? (scheme === "https" ? 443 : 80) : Number(port);
    const isAllowed =
      this.#ports.length === 0 || this.#ports.some(([first, last]) => number >= first && number <= last);
    if (!isAllowed) return `port ${number} is not among --allowedTargetPorts`;
    const address = hostname.replace(/^\[|\]$/g, "");
    return isIP(address) === 0 ? undefined : this.#refuseAddress(address);
  }

  /** Why the address that a name was resolved to may not be connected to. Absent when all may. */
  get checkAddress(): ((address: string) => string | undefined) | undefined {
    return this.#denied.isEmpty ? undefined : (address) => this.#refuseAddress(address);
  }

  #refuseAddress(address: string): string | undefined {
    const rule = this.#denied.match(address);
    return rule === undefined ? undefined : `address ${address} is in ${rule} of --deniedTargetRanges`;
  }
}

/** What is wrong with a list of ports, for the check of a flag. */
export function portsMistake(texts: readonly string[]): string | undefined {
  const wrong = texts.find((text) => {
    const [, first = "0", last = first] = portRange.exec(text) ?? [];
    return Number(first) < 1 || Number(last) > 65_535 || Number(first) > Number(last);
  });
  return wrong === undefined
    ? undefined
    : `must hold ports such as 443 or ranges such as 8000-8999, and not ${JSON.stringify(wrong)}`;
}

/** What is wrong with a list of schemes, for the check of a flag. */
export function schemesMistake(texts: readonly string[]): string | undefined {
  return texts.length > 0 && texts.every((text) => text === "http" || text === "https")
    ? undefined
    : "must hold http, https or both";
}
