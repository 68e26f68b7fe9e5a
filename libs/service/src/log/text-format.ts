/** Where a log format keeps its parts. */
export interface LineKeys {
  level: string;
  time: string;
  message: string;
}

/** A JSON log line for reading on a console: time, level and message, the rest as JSON, a stack on its own lines. */
export function textLine(line: string, keys: LineKeys): string {
  const fields = parse(line);
  if (fields === undefined) return line;
  const { [keys.level]: level, [keys.time]: time, [keys.message]: message, ...rest } = fields;
  const stack = stackOf(rest["err"]);
  if (stack !== undefined) delete rest["err"];
  const parts = [time ?? "", String(level ?? "").toUpperCase(), oneLine(String(message ?? ""))];
  if (Object.keys(rest).length > 0) parts.push(JSON.stringify(rest));
  return `${parts.join("\t")}\n${stack === undefined ? "" : `${stack}\n`}`;
}

/** What a caller sent may be in a message; it must not look like a line of ours, nor steer a terminal. */
function oneLine(message: string): string {
  return message.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function stackOf(error: unknown): string | undefined {
  const stack = typeof error === "object" && error !== null && "stack" in error ? error.stack : undefined;
  return typeof stack === "string" ? stack : undefined;
}
