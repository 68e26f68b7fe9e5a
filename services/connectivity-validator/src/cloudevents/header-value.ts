const quoted = /^"((?:[^"\\]|\\.)*)"$/;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const plain = /^[\x20\x21\x23\x24\x26-\x7e]*$/;

/**
 * The text that a header value stands for: quotes are taken off, then one round of percent-encoding is undone
 * (CloudEvents HTTP binding 1.0.2, section 3.1.3.2). Undefined when the bytes stand for no text.
 *
 * `value` holds one character per byte.
 */
export function decodeHeaderValue(value: string): string | undefined {
  if (plain.test(value)) return value;
  let text = value;
  if (value.startsWith('"')) {
    const inside = quoted.exec(value)?.[1];
    // Half a quoted string is read in as many ways as there are readers.
    if (inside === undefined) return undefined;
    text = inside.replaceAll(/\\(.)/g, "$1");
  }
  const bytes = percentDecoded(text);
  if (bytes === undefined) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function percentDecoded(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "latin1");
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] as number;
    if (byte === 0x25) {
      const digits = text.slice(at + 1, at + 3);
      if (!/^[\da-f]{2}$/i.test(digits)) return undefined;
      byte = Number.parseInt(digits, 16);
      at += 2;
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}
