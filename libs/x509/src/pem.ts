/** One PEM block: base64 in lines of 64, `\n`, a line end behind the last line. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The DER of the blocks with one of these labels, in order; text around them is allowed, as OpenSSL does. */
export function fromPem(pem: string, ...labels: string[]): Buffer[] {
  const blocks: Buffer[] = [];
  for (const [, label, body] of pem.matchAll(/-----BEGIN ([^-\r\n]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g)) {
    if (labels.includes(label as string)) blocks.push(Buffer.from(body as string, "base64"));
  }
  return blocks;
}
