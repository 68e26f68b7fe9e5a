import { domainToASCII } from "node:url";

/** An API's base URL, taken apart once per configuration change. Texts are byte strings, ready for the wire. */
export interface TargetUrl {
  readonly scheme: "http" | "https";
  /** `scheme://host[:port]`, normalised: what tells connections apart. */
  readonly origin: string;
  /** Lower case, without port. */
  readonly hostname: string;
  /** As written: what goes into the Host header. */
  readonly host: string;
  /** Raw; empty when the URL has none. */
  readonly path: string;
  /** Raw, without `?`; empty when there is none. */
  readonly query: string;
}

export type TargetUrlMistake =
  /** Can't be read at all. */
  | "unparsable"
  /** Can be read, but there is nowhere to connect to. */
  | "uncallable";

const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: Go's parser refuses exactly these
const controls = /[\x00-\x1f\x7f]/;
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/** Follows Go's `url.Parse` in what it refuses, because upstream answers 500 for that and 502 for the rest. */
export function parseTargetUrl(text: string): TargetUrl | TargetUrlMistake {
  const [beforeFragment = ""] = text.split("#", 1);
  if (controls.test(text) || text.startsWith(" ") || text.startsWith(":")) return "unparsable";
  const schemeEnd = scheme.exec(beforeFragment)?.[0].length ?? 0;
  const remainder = beforeFragment.slice(schemeEnd);
  if (!remainder.startsWith("//")) return withoutAuthority(schemeEnd, remainder);

  const [, authority = "", rawPath = "", rawQuery = ""] = /^\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(remainder) ?? [];
  if (brokenEscape.test(rawPath)) return "unparsable";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const parts = readHost(host);
  if (parts === undefined) return "unparsable";
  const schemeName = beforeFragment.slice(0, Math.max(0, schemeEnd - 1)).toLowerCase();
  if ((schemeName !== "http" && schemeName !== "https") || parts.hostname === "" || parts.port > 65_535) {
    return "uncallable";
  }
  const hostname = parts.hostname.toLowerCase();
  const isDefault = parts.port === (schemeName === "http" ? 80 : 443);
  const origin = `${schemeName}://${hostname}${parts.port < 0 || isDefault ? "" : `:${parts.port}`}`;
  // A name that no resolver could look up.
  if (!URL.canParse(origin)) return "uncallable";
  return {
    scheme: schemeName,
    origin,
    hostname,
    host: parts.port < 0 ? parts.hostname : `${parts.hostname}:${parts.port}`,
    path: ascii(rawPath),
    query: ascii(rawQuery),
  };
}

function withoutAuthority(schemeEnd: number, remainder: string): TargetUrlMistake {
  // `host:8080/x` and `10.0.0.1:8080` were meant as hosts; Go refuses a first segment with a colon.
  const firstSegment = remainder.split(/[/?]/, 1)[0] ?? "";
  const isHostAndPort = schemeEnd > 0 ? /^\d+$/.test(firstSegment) : firstSegment.includes(":");
  return isHostAndPort || brokenEscape.test(remainder.split("?", 1)[0] ?? "") ? "unparsable" : "uncallable";
}

/** Port -1 when there is none. */
function readHost(host: string): { hostname: string; port: number } | undefined {
  const [, name = "", port = ""] =
    /^(\[[0-9A-Fa-f:.]+(?:%25[^\]\s]+)?\]|[^:[\]\s"<>\\^`{|}]*)(?::(\d*))?$/.exec(host) ?? [];
  if (name === "" && host !== "" && !host.startsWith(":")) return undefined;
  if (name === "" && port === "" && host !== "" && host !== ":") return undefined;
  const hostname = /[^\x21-\x7e]/.test(name) ? domainToASCII(name) : name;
  return { hostname, port: port === "" ? -1 : Number(port) };
}

/** What may not stand in a request line as it is (spaces, characters beyond ASCII) becomes an escape. */
function ascii(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, (piece) =>
    Buffer.from(piece, "utf8").reduce((all, byte) => `${all}%${byte.toString(16).toUpperCase().padStart(2, "0")}`, ""),
  );
}
