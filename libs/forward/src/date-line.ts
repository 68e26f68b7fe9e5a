let date = "";
let dateUntil = 0;

/** The `Date` field with its line end (RFC 9110, 6.6.1). The time of day changes once a second, and is made so often. */
export function dateLine(): string {
  const now = Date.now();
  if (now >= dateUntil) {
    date = `Date: ${new Date(now).toUTCString()}\r\n`;
    dateUntil = now - (now % 1_000) + 1_000;
  }
  return date;
}
