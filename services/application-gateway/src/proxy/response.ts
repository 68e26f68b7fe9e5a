/**
 * What the client sees of a target's status: server errors become 502, with the original in a header, so that they can
 * be told from errors of the gateway. Changes `headers`.
 */
export function mapStatus(status: number, headers: string[]): number {
  if (status < 500 || status > 599) return status;
  headers.push("Target-System-Status", String(status));
  return 502;
}

/** Whether a `Location` of a response with this status is rewritten. */
export function carriesLocation(status: number): boolean {
  return status === 201 || (status >= 300 && status <= 399);
}

/** Rewrites every `Location` in place. */
export function mapLocation(headers: string[], rewrite: (location: string) => string): void {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === 8 && name.toLowerCase() === "location") headers[i + 1] = rewrite(headers[i + 1] as string);
  }
}
