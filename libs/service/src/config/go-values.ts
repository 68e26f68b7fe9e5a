// Values as Go's flag package reads them, so that every command line that worked upstream works here.

const unitsInMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5, the micro sign
  μs: 1e-3, // U+03BC, the Greek letter
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
// Escapes, as one character beyond Latin-1 would double what V8 needs for the text of a whole bundle.
const durationShape = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/;
const integerShape = /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/;

/** A Go duration (`45s`, `1m30s`, `-1.5h`) in milliseconds, or undefined. */
export function parseGoDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!durationShape.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([^\d.]+)/g))
    sum += Number(amount) * (unitsInMs[unit ?? ""] ?? 0);
  return text.startsWith("-") ? -sum : sum;
}

/** Milliseconds as Go prints a duration: `90000` is `1m30s`. */
export function formatGoDuration(ms: number): string {
  if (ms < 0) return `-${formatGoDuration(-ms)}`;
  if (ms === 0) return "0s";
  if (ms < 1000) return `${ms}ms`;
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms % 60_000) / 1000];
  return [
    hours > 0 ? `${hours}h` : "",
    minutes > 0 ? `${minutes}m` : "",
    seconds > 0 ? `${Number(seconds.toFixed(6))}s` : "",
  ].join("");
}

/** An integer as Go's `flag.Int` reads it (decimal, 0x, 0o, 0b, digits grouped by `_`), or undefined. */
export function parseGoInteger(text: string): number | undefined {
  if (!integerShape.test(text)) return undefined;
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  const magnitude = Number(/^0\d/.test(digits) ? `0o${digits}` : digits);
  if (!Number.isSafeInteger(magnitude)) return undefined;
  return text.startsWith("-") && magnitude !== 0 ? -magnitude : magnitude;
}

/** A decimal number as Go's `strconv.ParseFloat` reads it, or undefined; infinity and NaN are of no use here. */
export function parseGoDecimal(text: string): number | undefined {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A truth value as Go's `strconv.ParseBool` reads it, or undefined. */
export function parseGoBoolean(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  return undefined;
}
