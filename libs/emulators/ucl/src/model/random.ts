import { createHash, randomBytes } from "node:crypto";

/** Where ids and tokens come from. */
export interface Random {
  bytes(count: number): Buffer;
  uuid(): string;
}

/** Real randomness, or with a seed the same sequence every time. */
export function createRandom(seed?: string): Random {
  let counter = 0;
  const bytes = (count: number): Buffer => {
    if (seed === undefined) return randomBytes(count);
    const blocks: Buffer[] = [];
    for (let length = 0; length < count; length += 64) {
      blocks.push(createHash("sha512").update(`${seed}/${counter++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, count);
  };
  return {
    bytes,
    uuid() {
      const raw = bytes(16);
      raw[6] = ((raw[6] as number) & 0x0f) | 0x40;
      raw[8] = ((raw[8] as number) & 0x3f) | 0x80;
      const hex = raw.toString("hex");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    },
  };
}
