import type { RawHeaders } from "@application-connector/forward";

export const clientCertHeader = "x-forwarded-client-cert";

/** The ingress's statement about the client: its text, that there is none, or that there are several. */
export function readClientCertHeader(headers: RawHeaders): string | undefined | { lines: number } {
  let value: string | undefined;
  let lines = 0;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== clientCertHeader.length || name.toLowerCase() !== clientCertHeader) continue;
    lines++;
    value = value || headers[at + 1];
  }
  if (!value) return undefined;
  return lines === 1 ? value : { lines };
}
