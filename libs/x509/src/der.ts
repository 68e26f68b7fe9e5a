/** The bytes are no DER. */
export class DerError extends Error {
  override readonly name = "DerError";
}

/** One element: `start` is its first byte, `content` the first byte behind the length, `end` the byte behind it. */
export interface Element {
  tag: number;
  start: number;
  content: number;
  end: number;
}

export const Tag = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  Oid: 0x06,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/** The element at `start`, which must end within `limit`. Reads what strangers send: every length is checked. */
export function readElement(bytes: Uint8Array, start: number, limit: number): Element {
  const tag = bytes[start];
  let length = bytes[start + 1];
  if (start + 2 > limit || tag === undefined || length === undefined) throw new DerError(`truncated at byte ${start}`);
  if ((tag & 0x1f) === 0x1f) throw new DerError(`unsupported tag at byte ${start}`);
  let content = start + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 4) throw new DerError(`unsupported length at byte ${start}`);
    length = 0;
    for (const end = content + count; content < end; content++) length = length * 256 + (bytes[content] ?? 0);
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError(`length is not minimal at byte ${start}`);
  }
  if (content + length > limit) throw new DerError(`truncated at byte ${start}`);
  return { tag, start, content, end: content + length };
}

/** As {@link readElement}, for an element that must have a certain tag. */
export function expectElement(bytes: Uint8Array, start: number, limit: number, tag: number): Element {
  const element = readElement(bytes, start, limit);
  if (element.tag !== tag) throw new DerError(`tag ${element.tag} instead of ${tag} at byte ${start}`);
  return element;
}

/** The elements inside another one. */
export function children(bytes: Uint8Array, parent: Element): Element[] {
  const found: Element[] = [];
  for (let at = parent.content; at < parent.end; ) {
    const element = readElement(bytes, at, parent.end);
    found.push(element);
    at = element.end;
  }
  return found;
}

/** The dotted form of an OID's content. Arcs of any size: a wrapped one could pass for another type. */
export function readOid(bytes: Uint8Array, element: Element): string {
  // Far beyond any that is in use; shifting a number of thousands of bytes would take too long.
  if (element.end - element.content > 128) throw new DerError(`object identifier too long at byte ${element.start}`);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (let at = element.content; at < element.end; at++) {
    const byte = bytes[at] as number;
    if (arc === 0n && byte === 0x80) throw new DerError(`object identifier is not minimal at byte ${at}`);
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
    } else if (at + 1 === element.end) throw new DerError(`truncated object identifier at byte ${at}`);
  }
  const [first, ...rest] = arcs;
  if (first === undefined) throw new DerError(`empty object identifier at byte ${element.start}`);
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...rest].join(".");
}
