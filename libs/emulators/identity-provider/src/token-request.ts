import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { commonName, formatName, type Name, readSubject } from "@application-connector/x509";

/** What one call of the token endpoint looked like on the wire. */
export interface TokenRequest {
  receivedAt: Date;
  method: string;
  /** The raw request target. */
  url: string;
  /** Name and value of every header line, as received and in order. */
  headers: readonly (readonly [name: string, value: string])[];
  /** The form of the body; a name that came twice is there with its last value. */
  form: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: string;
  tls: boolean;
  /** Subject of the verified client certificate, in RFC 4514 order. */
  clientSubject: string | undefined;
  clientCommonName: string | undefined;
  /** The status it was answered with; undefined while unanswered and when the connection was broken on purpose. */
  status: number | undefined;
}

export function describeRequest(message: IncomingMessage, body: string): TokenRequest {
  const url = message.url ?? "/";
  const question = url.indexOf("?");
  const certificate = verifiedCertificate(message);
  return {
    receivedAt: new Date(),
    method: message.method ?? "",
    url,
    headers: headerPairs(message.rawHeaders),
    form: Object.fromEntries(new URLSearchParams(body)),
    query: Object.fromEntries(new URLSearchParams(question < 0 ? "" : url.slice(question + 1))),
    body,
    tls: message.socket instanceof TLSSocket,
    clientSubject: certificate?.subject,
    clientCommonName: certificate?.commonName,
    status: undefined,
  };
}

function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
  }
  return pairs;
}

function verifiedCertificate(
  message: IncomingMessage,
): { subject: string; commonName: string | undefined } | undefined {
  const { socket } = message;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const subject = readSubject(certificate.raw);
  return { subject: formatName(subject), commonName: onlyCommonName(subject) };
}

/** Several names would leave open which of them speaks. */
function onlyCommonName(subject: Name): string | undefined {
  try {
    return commonName(subject);
  } catch {
    return undefined;
  }
}
