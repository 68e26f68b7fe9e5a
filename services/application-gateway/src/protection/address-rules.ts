import { BlockList, isIP } from "node:net";

interface AddressRule {
  /** As it was configured. */
  readonly text: string;
  readonly addresses: BlockList;
}

const words: ReadonlyMap<string, readonly string[]> = new Map([
  // Connections to the unspecified address end at the machine itself.
  ["loopback", ["127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"]],
]);

/** Ranges of addresses: CIDRs, single addresses, or the word `loopback`. */
export class AddressRules {
  readonly #rules: readonly AddressRule[];

  /** Throws a sentence about the first text that is no range. */
  constructor(texts: readonly string[]) {
    this.#rules = texts.map((text) => {
      const addresses = new BlockList();
      for (const range of words.get(text) ?? [text]) add(addresses, range);
      return { text, addresses };
    });
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** The range that an address is in, as it was configured. What is no address is in none. */
  match(address: string): string | undefined {
    const [plain = ""] = address.split("%", 1);
    const family = isIP(plain);
    if (family === 0) return undefined;
    return this.#rules.find(({ addresses }) => addresses.check(plain, family === 4 ? "ipv4" : "ipv6"))?.text;
  }
}

/** What is wrong with a list of ranges, for the check of a flag. */
export function rangesMistake(texts: readonly string[]): string | undefined {
  const wrong = texts.find((text) => !words.has(text) && readRange(text) === undefined);
  return wrong === undefined
    ? undefined
    : `must hold CIDRs, addresses or the word loopback, and not ${JSON.stringify(wrong)}`;
}

function readRange(text: string): { network: string; bits: number; family: number } | undefined {
  const [, network = "", length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(network);
  const most = family === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  return family === 0 || bits > most ? undefined : { network, bits, family };
}

function add(addresses: BlockList, text: string): void {
  const range = readRange(text);
  if (range === undefined) throw new Error(`${JSON.stringify(text)} is no CIDR and no address`);
  const { network, bits, family } = range;
  if (family === 6) {
    addresses.addSubnet(network, bits, "ipv6");
    return;
  }
  // An IPv6 address may carry an IPv4 one: mapped (::ffff:0:0/96, which the list itself knows), through NAT64
  // (RFC 6052), compatible (RFC 4291), or 6to4 (RFC 3056).
  addresses.addSubnet(network, bits, "ipv4");
  addresses.addSubnet(`64:ff9b::${network}`, 96 + bits, "ipv6");
  addresses.addSubnet(`::${network}`, 96 + bits, "ipv6");
  const [a = 0, b = 0, c = 0, d = 0] = network.split(".").map(Number);
  addresses.addSubnet(`2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::`, 16 + bits, "ipv6");
}
