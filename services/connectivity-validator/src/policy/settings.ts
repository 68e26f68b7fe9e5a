import { parseRate, type Rate } from "./rate.ts";
import { parseTypePattern, type TypePattern } from "./type-pattern.ts";

/** Whose `source` an event may have: any, only the Application's own, or always the Application's, whatever it was. */
export type SourcePolicy = "any" | "match" | "rewrite";
export const sourcePolicies: readonly SourcePolicy[] = ["any", "match", "rewrite"];

/** What an admin has laid down for one Application, by annotations or for all by flags. */
export interface InboundSettings {
  /** Undefined: every type. */
  readonly allowedTypes: readonly TypePattern[] | undefined;
  /** Sources that are good besides the Application's own names. */
  readonly allowedSources: ReadonlySet<string>;
  readonly sourcePolicy: SourcePolicy;
  readonly rateLimit: Rate | undefined;
  /** 0: no limit. */
  readonly maxBodyBytes: number;
  /** Digests of the only certificates that may be used; undefined: any of the right name. */
  readonly certSha256: ReadonlySet<string> | undefined;
  readonly paused: boolean;
}

/** What upstream knows of: nothing is restricted. */
export const unrestricted: InboundSettings = {
  allowedTypes: undefined,
  allowedSources: new Set(),
  sourcePolicy: "any",
  rateLimit: undefined,
  maxBodyBytes: 0,
  certSha256: undefined,
  paused: false,
};

export interface SettingMistake {
  /** The annotation's whole name. */
  readonly annotation: string;
  /** What it must be; never what it is. */
  readonly problem: string;
}

interface Kind<K extends keyof InboundSettings> {
  readonly field: K;
  readonly parse: (text: string) => InboundSettings[K] | undefined;
  readonly expected: string;
  readonly meaning: string;
  /** What counts while nobody knows what was meant: whoever restricts is not to be ignored because of a typing error. */
  readonly whenUnreadable: (defaults: InboundSettings) => InboundSettings[K];
}

const kind = <K extends keyof InboundSettings>(entry: Kind<K>): Kind<K> => entry;

const kinds = {
  "allowed-event-types": kind({
    field: "allowedTypes",
    parse: (text) => all(words(text), parseTypePattern),
    expected: "event types separated by commas, with * for one segment and a last ** for the rest",
    meaning:
      "The only types that may be sent: of a CloudEvent its `type`, of a legacy event `<event-type>.<version>`. Others are 403",
    whenUnreadable: () => [],
  }),
  "allowed-sources": kind({
    field: "allowedSources",
    parse: (text) => new Set(words(text)),
    expected: "sources separated by commas",
    meaning:
      "Values of `source` that are good besides the Application's name and its label `application-type`, where `source-policy` is `match` or `rewrite`",
    whenUnreadable: () => new Set<string>(),
  }),
  "source-policy": kind({
    field: "sourcePolicy",
    parse: (text) => sourcePolicies.find((policy) => policy === text),
    expected: "any, match or rewrite",
    meaning:
      "What `source` may be, in place of `--sourcePolicy`: anything; the Application's own or an allowed one, else 403; or the same, but a foreign one is replaced by the Application's name",
    whenUnreadable: () => "match",
  }),
  "rate-limit": kind({
    field: "rateLimit",
    parse: parseRate,
    expected: "a rate such as 100/s, 600/m or 100/s;burst=200",
    meaning: "How many events may come, on each replica. Beyond it 429 with `Retry-After`",
    whenUnreadable: ({ rateLimit }) => rateLimit,
  }),
  "max-body-bytes": kind({
    field: "maxBodyBytes",
    parse: parseBytes,
    expected: "a number of bytes such as 65536, 64Ki or 1Mi",
    meaning: "The largest body, in place of `--maxBodyBytes`; 0 for no limit",
    whenUnreadable: ({ maxBodyBytes }) => maxBodyBytes,
  }),
  "cert-sha256": kind({
    field: "certSha256",
    parse: (text) => {
      const digests = all(words(text), parseDigest);
      return digests && new Set(digests);
    },
    expected: "SHA-256 digests of certificates, 64 hexadecimal digits each, separated by commas",
    meaning: "The only certificates that may be used, of all that have the right name",
    whenUnreadable: () => new Set<string>(),
  }),
  paused: kind({
    field: "paused",
    parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
    expected: "true or false",
    meaning: "Whether the Application is shut out for a while, with 503",
    whenUnreadable: () => true,
  }),
} as const;

/** The names that stand behind the prefix, for the reference page. */
export const settingNames = Object.entries(kinds).map(([name, { expected, meaning }]) => ({ name, expected, meaning }));

/**
 * The settings that annotations make of the defaults. An annotation that cannot be read keeps what it said before;
 * `previous` is what the Application had until now.
 */
export function readSettings(
  annotations: Readonly<Record<string, unknown>>,
  prefix: string,
  defaults: InboundSettings,
  previous: InboundSettings | undefined,
): { settings: InboundSettings; mistakes: SettingMistake[] } {
  const settings: Record<string, unknown> = { ...defaults };
  const mistakes: SettingMistake[] = [];
  for (const [name, { field, parse, expected, whenUnreadable }] of Object.entries(kinds)) {
    const annotation = `${prefix}/${name}`;
    const text = Object.hasOwn(annotations, annotation) ? annotations[annotation] : undefined;
    if (text === undefined) continue;
    const value = typeof text === "string" ? parse(text.trim()) : undefined;
    if (value !== undefined) settings[field] = value;
    else {
      settings[field] = previous === undefined ? whenUnreadable(defaults) : previous[field];
      mistakes.push({ annotation, problem: `must be ${expected}` });
    }
  }
  const own = `${prefix}/`;
  for (const annotation of Object.keys(annotations))
    if (annotation.startsWith(own) && !Object.hasOwn(kinds, annotation.slice(own.length)))
      mistakes.push({ annotation, problem: `is none of ${Object.keys(kinds).join(", ")}` });
  return { settings: settings as unknown as InboundSettings, mistakes };
}

const words = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** Undefined when one of them cannot be read. */
function all<T>(texts: readonly string[], parse: (text: string) => T | undefined): T[] | undefined {
  const values = texts.map(parse);
  return values.every((value) => value !== undefined) ? (values as T[]) : undefined;
}

const units: Record<string, number> = { "": 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

function parseBytes(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,12})(Ki|Mi|Gi)?$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (units[unit] as number);
}

/** As `openssl x509 -fingerprint -sha256` prints it, or without its colons. */
function parseDigest(text: string): string | undefined {
  const digits = text.replaceAll(":", "").toLowerCase();
  return /^[\da-f]{64}$/.test(digits) ? digits : undefined;
}
