import { PublishError } from "./publish-error.ts";

/** Throws what the Publisher Proxy says of attributes that make no event: the sentences of the Go SDK, a line for each mistake. */
export function expectCloudEvent(
  attributes: Readonly<Record<string, unknown>>,
  unknownVersion = "specversion: unknown",
): void {
  const version = attributes["specversion"];
  if (version !== "1.0" && version !== "0.3") throw new PublishError(unknownVersion);
  const text = (name: string): string => {
    const value = attributes[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const mistakes: string[] = [];
  if (text("id") === "") mistakes.push("id: MUST be a non-empty string\n");
  if (text("source") === "") mistakes.push("source: REQUIRED\n");
  if (text("type") === "") mistakes.push("type: MUST be a non-empty string\n");
  if ("time" in attributes && !isTimestamp(attributes["time"])) mistakes.push("time: MUST be an RFC 3339 timestamp\n");
  if ("data" in attributes && "data_base64" in attributes) mistakes.push("data: MUST NOT stand beside data_base64\n");
  if (mistakes.length > 0) throw new PublishError(mistakes.join(""));
}

/** RFC 3339, date-time: what `Date` alone would take is far more. */
export function isTimestamp(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
