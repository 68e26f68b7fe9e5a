import type { Schema } from "./schema.ts";

const seconds = "2006-01-02T15:04:05Z07:00";
const micros = "2006-01-02T15:04:05.000000Z07:00";
const moment = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Why Go cannot read a text as the time that a built-in kind has there; undefined when it can, or it is no time. */
export function timeProblem(text: string, { format, description = "" }: Schema): string | undefined {
  if (format !== "date-time" || text === "") return undefined;
  const isMicro = description.startsWith("MicroTime ");
  const layout = isMicro ? micros : seconds;
  const [, , fraction = "", zone = ""] = moment.exec(text) ?? [];
  if (!zone || Number.isNaN(Date.parse(text))) return `parsing time ${q(text)} as ${q(layout)}: ${unread(text)}`;
  if (!isMicro || fraction.length === 7) return undefined;
  return `parsing time ${q(text)} as ${q(layout)}: cannot parse ${q(fraction + zone)} as ".000000"`;
}

const q = (text: string): string => JSON.stringify(text);
const unread = (text: string): string => `cannot parse ${q(text)} as "2006"`;
