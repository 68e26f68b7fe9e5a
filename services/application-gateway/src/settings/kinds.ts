import { formatGoDuration, parseGoDuration } from "@application-connector/service";
import type { Description, Reading, Setting } from "./setting.ts";

/** A Go duration; the value is in milliseconds. Where zero is allowed it means that there is no limit. */
export function duration(
  name: string,
  { min, max, unlimited = false }: { min: string; max: string; unlimited?: boolean },
  about: Description,
): Setting<number> {
  const [least, most] = [parseGoDuration(min) ?? 0, parseGoDuration(max) ?? 0];
  const range = `from ${formatGoDuration(least)} to ${formatGoDuration(most)}`;
  const allowed = `a duration such as 45s or 1m30s, ${range}${unlimited ? ", or 0 for no limit" : ""}`;
  return setting(name, allowed, about, (text) => {
    const ms = parseGoDuration(text);
    if (ms === undefined) return undefined;
    return (unlimited && ms === 0) || (ms >= least && ms <= most) ? ms : undefined;
  });
}

/** A whole number. */
export function count(name: string, { min, max }: { min: number; max: number }, about: Description): Setting<number> {
  return setting(name, `a whole number from ${min} to ${max}`, about, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

const unitBytes: Record<string, number> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** An amount of bytes, written as Kubernetes writes quantities. Zero means that there is no limit. */
export function bytes(name: string, about: Description): Setting<number> {
  const allowed = "a number of bytes such as 1048576, 512Ki, 10Mi or 1Gi, or 0 for no limit";
  return setting(name, allowed, about, (text) => {
    const [, amount, unit = ""] = /^(\d{1,12})(k|M|G|Ki|Mi|Gi)?$/.exec(text) ?? [];
    const value = Number(amount) * (unitBytes[unit] ?? Number.NaN);
    return Number.isSafeInteger(value) ? value : undefined;
  });
}

/** `true` or `false`. */
export function flag(name: string, about: Description): Setting<boolean> {
  return setting(name, "true or false", about, (text) =>
    text === "true" ? true : text === "false" ? false : undefined,
  );
}

/** One of a few words. */
export function choice<const V extends string>(name: string, values: readonly V[], about: Description): Setting<V> {
  return setting(name, `one of ${values.join(", ")}`, about, (text) => values.find((value) => value === text));
}

/**
 * Words separated by commas. A word that is none of those allowed is left out and reported, and the list stands all the
 * same: a list that restricts something must not open it up because of a slip. An empty list is a list.
 */
export function list<T>(
  name: string,
  allowed: string,
  about: Description,
  parse: (word: string) => T | undefined,
): Setting<readonly T[]> {
  return {
    name,
    allowed: `a list, separated by commas, of ${allowed}`,
    ...about,
    read(text) {
      const wrong: string[] = [];
      const value = text
        .split(",")
        .map((word) => word.trim())
        .filter((word) => word !== "")
        .flatMap((word) => {
          const parsed = parse(word);
          if (parsed === undefined) wrong.push(word);
          return parsed === undefined ? [] : [parsed];
        });
      if (wrong.length === 0) return { value };
      const more = wrong.length > mostShown ? ` and ${wrong.length - mostShown} more` : "";
      const words = wrong.slice(0, mostShown).map(shown).join(", ") + more;
      return { value, mistake: `${words} left out: its words must be ${allowed}` };
    },
  };
}

const mostShown = 3;

/** A setting whose text is read as a whole: `parse` gives undefined for what is not allowed. */
export function setting<T>(
  name: string,
  allowed: string,
  about: Description,
  parse: (text: string) => T | undefined,
): Setting<T> {
  return {
    name,
    allowed,
    ...about,
    read(text): Reading<T> {
      const value = parse(text.trim());
      return value === undefined ? { mistake: `${shown(text)} ignored: it must be ${allowed}` } : { value };
    },
  };
}

/** A refused text, cut short and without what may be a password. */
function shown(text: string): string {
  const harmless = text.replace(/\/\/[^/@\s]*@/g, "//…@");
  return JSON.stringify(harmless.length > 80 ? `${harmless.slice(0, 79)}…` : harmless);
}
