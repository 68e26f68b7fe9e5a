import { createHash } from "node:crypto";
import aws4 from "aws4";
import { bufferBody } from "../body.ts";
import { type Exchange, sendJson } from "../exchange.ts";
import { headerOf, sameText } from "./basic.ts";
import type { Guard } from "./guard.ts";

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/, ]+)\/(\d{8})\/([^/, ]+)\/([^/, ]+)\/aws4_request, SignedHeaders=([^, ]+), Signature=([0-9a-f]{64})$/;
const longestAgeMs = 300_000;

/** 403, as AWS has it, without a Signature Version 4 by one of these keys (secrets by access key id), a moment old. */
export function awsGuard(keys: ReadonlyMap<string, string>): Guard {
  return async (exchange) => {
    const body = await bufferBody(exchange);
    const why = refusal(exchange, body, keys);
    if (why === undefined) return false;
    sendJson(exchange.response, 403, { message: why });
    return true;
  };
}

function refusal({ received }: Exchange, body: Buffer, keys: ReadonlyMap<string, string>): string | undefined {
  const given = headerOf(received, "authorization") ?? "";
  const [, accessKeyId = "", date = "", region = "", service = "", names = "", signature] = form.exec(given) ?? [];
  if (signature === undefined) return "MissingAuthenticationToken";
  const secretAccessKey = keys.get(accessKeyId);
  if (secretAccessKey === undefined) return "UnrecognizedClientException";
  const time = headerOf(received, "x-amz-date") ?? "";
  if (!time.startsWith(date) || Math.abs(Date.now() - timeOf(time)) > longestAgeMs) return "RequestExpired";
  const signed = new Set(names.split(";"));
  const mustBeSigned = received.headers
    .map(([name]) => name.toLowerCase())
    .filter((name) => /^host$|^x-amz-/.test(name));
  if (!mustBeSigned.every((name) => signed.has(name))) return "a header is not signed";
  const told = headerOf(received, "x-amz-content-sha256");
  const hash = createHash("sha256").update(body).digest("hex");
  if (told !== undefined && told !== "UNSIGNED-PAYLOAD" && told !== hash) return "XAmzContentSHA256Mismatch";
  const headers = new Map<string, string>();
  for (const [name, value] of received.headers) {
    const lower = name.toLowerCase();
    const before = headers.get(lower);
    if (signed.has(lower)) headers.set(lower, before === undefined ? value : `${before},${value}`);
  }
  const request = {
    ...{ method: received.method, path: received.url, service, region },
    // It looks for the hash of the body here, whether that is signed or not.
    headers: { "x-amz-content-sha256": hash, ...Object.fromEntries(headers) },
    extraHeadersToIgnore: told === undefined ? { "x-amz-content-sha256": true } : {},
  };
  const { Authorization } = aws4.sign(request, { accessKeyId, secretAccessKey }).headers ?? {};
  return sameText(given, String(Authorization)) ? undefined : "SignatureDoesNotMatch";
}

function timeOf(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
}
