/** A field as it stands in a protobuf message: its number, and its value as far as the wire tells. */
export interface WireField {
  number: number;
  value: bigint | Uint8Array;
}

/** Walks the fields of a message (protobuf wire format). Throws on what is no message. */
export function* wireFields(bytes: Uint8Array): IterableIterator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error("protobuf: unexpected end");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new Error("protobuf: number too long");
  };
  const take = (length: number): Uint8Array => {
    if (length < 0 || at + length > bytes.length) throw new Error("protobuf: unexpected end");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(Number(varint())) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        throw new Error(`protobuf: unknown wire type ${tag & 7}`);
    }
  }
}
