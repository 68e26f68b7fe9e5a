/** A JSON value as it is written: numbers stay text, and members keep their doubles. */
export type Written =
  | { kind: "object"; members: [string, Written][] }
  | { kind: "array"; elements: Written[] }
  | { kind: "string"; text: string }
  | { kind: "literal"; text: string };

/** RFC 8259 read letter by letter, by regular expressions on what is left; undefined when it is no JSON. */
export function readJson(text: string): Written | undefined {
  let rest = text;
  const take = (expression: RegExp): string | undefined => {
    const found = expression.exec(rest)?.[0];
    if (found !== undefined) rest = rest.slice(found.length);
    return found;
  };
  const space = () => void take(/^[ \t\r\n]*/);
  const literal = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/;
  const string = /^"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/u;

  const list = <T>(open: RegExp, close: RegExp, item: () => T | undefined): T[] | undefined => {
    if (take(open) === undefined) return undefined;
    space();
    const items: T[] = [];
    if (take(close) !== undefined) return items;
    for (;;) {
      space();
      const next = item();
      if (next === undefined) return undefined;
      items.push(next);
      space();
      if (take(close) !== undefined) return items;
      if (take(/^,/) === undefined) return undefined;
    }
  };
  const member = (): [string, Written] | undefined => {
    const name = take(string);
    space();
    if (name === undefined || take(/^:/) === undefined) return undefined;
    space();
    const inner = value();
    return inner === undefined ? undefined : [JSON.parse(name) as string, inner];
  };
  const value = (): Written | undefined => {
    if (rest.startsWith("{")) {
      const members = list(/^\{/, /^\}/, member);
      return members && { kind: "object", members };
    }
    if (rest.startsWith("[")) {
      const elements = list(/^\[/, /^\]/, value);
      return elements && { kind: "array", elements };
    }
    const quoted = take(string);
    if (quoted !== undefined) return { kind: "string", text: JSON.parse(quoted) as string };
    const word = take(literal);
    return word === undefined ? undefined : { kind: "literal", text: word };
  };

  space();
  const whole = value();
  space();
  return rest === "" ? whole : undefined;
}

/** CloudEvents 1.0.2 and its JSON format, sentence by sentence; undefined when it is no event. */
export function referenceEvent(written: Written | undefined): Record<string, string> | undefined {
  if (written?.kind !== "object") return undefined;
  const names = written.members.map(([name]) => name);
  if (new Set(names).size < names.length) return undefined;
  const attributes: Record<string, string> = Object.create(null);
  for (const [name, value] of written.members) {
    const isNull = value.kind === "literal" && value.text === "null";
    if (name === "data" || (isNull && name !== "data")) continue;
    if (name === "data_base64") {
      if (value.kind !== "string" || Buffer.from(value.text, "base64").toString("base64") !== value.text)
        return undefined;
      if (names.includes("data")) return undefined;
      continue;
    }
    if (!/^[a-z0-9]+$/.test(name)) return undefined;
    if (value.kind === "string") attributes[name] = value.text;
    else if (value.kind !== "literal" || core.includes(name)) return undefined;
    else if (value.text === "true" || value.text === "false") attributes[name] = value.text;
    else if (/^-?\d+$/.test(value.text) && BigInt.asIntN(32, BigInt(value.text)) === BigInt(value.text))
      attributes[name] = value.text;
    else return undefined;
  }
  return isEvent(attributes) ? attributes : undefined;
}

const core = ["id", "source", "specversion", "type", "datacontenttype", "dataschema", "subject", "time"];

export function isEvent(attributes: Record<string, string>): boolean {
  const { id, source, specversion, type, subject, time, dataschema, datacontenttype } = attributes;
  if (
    Object.values(attributes).some((text) => !text.isWellFormed() || /[\p{Cc}\p{Noncharacter_Code_Point}]/u.test(text))
  )
    return false;
  if (!id || !type || specversion !== "1.0" || !source || !isReference(source)) return false;
  if (subject === "" || (time !== undefined && !isTime(time))) return false;
  if (dataschema !== undefined && !(isReference(dataschema) && /^[a-z][a-z0-9+.-]*:/i.test(dataschema))) return false;
  return (
    datacontenttype === undefined || /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+[ \t]*(?:;.*)?$/.test(datacontenttype)
  );
}

/** RFC 3986, appendix B takes it apart; then each part has its letters. */
function isReference(text: string): boolean {
  if (/%(?![\da-f]{2})/i.test(text)) return false;
  const [, , scheme, , authority, path = "", , query = "", , fragment = ""] =
    /^(([^:/?#]+):)?(\/\/([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$/.exec(text) ?? [];
  const isMadeOf = (part: string, more: string) =>
    [...part].every((letter) => /[A-Za-z0-9._~!$&'()*+,;=%-]/.test(letter) || more.includes(letter));
  if (scheme !== undefined && !/^[a-z][a-z0-9+.-]*$/i.test(scheme)) return false;
  if (scheme === undefined && authority === undefined && (path.split("/")[0] ?? "").includes(":")) return false;
  if (!isMadeOf(path, ":@/") || !isMadeOf(query, ":@/?") || !isMadeOf(fragment, ":@/?")) return false;
  if (authority === undefined) return !path.startsWith("//");
  const [, user = "", host = "", port = ""] = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  const isHost = host.startsWith("[")
    ? /^\[[^\]]+\]$/.test(host) && isMadeOf(host.slice(1, -1), ":") && !host.includes("%")
    : isMadeOf(host, "");
  return authority === reassembled(user, host, port, authority) && isMadeOf(user, ":") && isHost && /^\d*$/.test(port);
}

const reassembled = (user: string, host: string, port: string, whole: string): string =>
  `${whole.includes("@") ? `${user}@` : ""}${host}${whole.slice(whole.includes("@") ? user.length + 1 : 0).length > host.length ? `:${port}` : ""}`;

function isTime(text: string): boolean {
  const [, date = "", clock = "", zone = ""] =
    /^(\d{4}-\d\d-\d\d)t(\d\d:\d\d:\d\d(?:\.\d+)?)(z|[+-]\d\d:\d\d)$/i.exec(text) ?? [];
  // A leap second is a second here, and the year 0 is one that Date writes in another way.
  const known = new Date(`${date}T00:00:00Z`);
  if (date === "" || Number.isNaN(known.getTime()) || known.toISOString().slice(0, 10) !== date) return false;
  const [hour = 99, minute = 99, second = 99] = clock.split(":").map(Number);
  const [zoneHour = 0, zoneMinute = 0] = zone.length > 1 ? zone.slice(1).split(":").map(Number) : [];
  return hour < 24 && minute < 60 && second < 61 && zoneHour < 24 && zoneMinute < 60;
}
