import type { Random } from "../../application-gateway/fuzz/random.ts";

/** Content that is no HTTP, nor the end of a line, by itself. */
export function content(random: Random, length: number): string {
  const text = random.chance(0.3) ? random.bytes(length) : "abcdefghijklmnopqrstuvwxyz".repeat(length / 26 + 1);
  return text.slice(0, length);
}

/** Where bytes are cut: nowhere, here and there, or at every byte of a stretch. */
export function cutsOf(text: string, random: Random): number[] {
  if (text.length < 2 || random.chance(0.6)) return [];
  const cuts = new Set<number>();
  if (random.chance(0.1)) {
    const from = random.below(text.length);
    for (let at = from; at < Math.min(from + 12, text.length); at++) cuts.add(Math.max(1, at));
  } else {
    for (let count = 1 + random.below(4); count > 0; count--) cuts.add(1 + random.below(text.length - 1));
    // Ends of lines and of heads are where parsers differ.
    const lineEnds = [...text.slice(0, 4_000).matchAll(/[\r\n]/g)].map(({ index }) => index + random.below(2));
    const at = lineEnds.length > 0 && random.chance(0.5) ? random.pick(lineEnds) : 0;
    if (at > 0 && at < text.length) cuts.add(at);
  }
  return [...cuts].sort((a, b) => a - b);
}

/** Bytes that are lost, doubled or changed, mostly near the start. */
export function bent(text: string, random: Random): string {
  let result = text;
  for (let changes = 1 + random.below(2); changes > 0; changes--) {
    const at = random.below(random.chance(0.85) ? Math.min(result.length, 400) : result.length);
    const length = 1 + random.below(4);
    const [before, cut, rest] = [result.slice(0, at), result.slice(at, at + length), result.slice(at + length)];
    result = random.pick([
      before + rest,
      before + cut + cut + rest,
      before + random.bytes(length) + rest,
      `${before}${random.pick(["\r\n", "\n", "\r", "\0", ":", " ", "\t", "\r\n\r\n", "\x7f", "\xff"])}${cut}${rest}`,
      before,
    ]);
  }
  return result;
}

export interface ChunkOptions {
  /** Part of the bodies that are coded in an unusual way, right or wrong. */
  readonly odd: number;
  readonly trailers: readonly string[];
}

/** A body in chunks, mostly as it should be. */
export function chunked(body: string, random: Random, { odd, trailers }: ChunkOptions): string {
  const isOdd = random.chance(odd);
  let coded = "";
  for (let at = 0; at < body.length; ) {
    const length = Math.min(body.length - at, 1 + random.below(random.pick([1, 10, body.length])));
    const size = length.toString(16);
    const shown = isOdd ? oddSize(size, random) : random.chance(0.05) ? size.toUpperCase() : size;
    const end = isOdd && random.chance(0.1) ? random.pick(["\n", "", "\r", "x\r\n"]) : "\r\n";
    coded += `${shown}\r\n${body.slice(at, at + length)}${end}`;
    at += length;
  }
  const last = isOdd ? random.pick(["0", "0", "0", "00", "0;last", "", "-0"]) : "0";
  return `${coded}${last}\r\n${trailers.map((line) => `${line}\r\n`).join("")}${isOdd && random.chance(0.1) ? "\n" : "\r\n"}`;
}

function oddSize(size: string, random: Random): string {
  return random.pick([
    size,
    size,
    `0${size}`,
    `${"0".repeat(20)}${size}`,
    `${size};a=b`,
    `${size};a="b;c"`,
    `${size};a="b\\"c"`,
    `${size} ;a`,
    `${size} `,
    `${size};`,
    `${size};${"e".repeat(random.pick([10, 5_000, 17_000]))}`,
    `${size};a\nb`,
    `${size};a=\xff`,
    `0x${size}`,
    `+${size}`,
    `-${size}`,
    ` ${size}`,
    `${size}g`,
    "ffffffffffffffffff",
    "7fffffffffffffff",
  ]);
}
