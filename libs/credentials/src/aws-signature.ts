import { createHash, createHmac } from "node:crypto";
import { canonicalRequest } from "./aws-canonical-request.ts";
import type { Credential, OutgoingCall } from "./credential.ts";
import { headerText } from "./header-text.ts";
import { replaceHeader } from "./replace-header.ts";
import { invalid, keyBytes, optionalText, requiredText, type Secret } from "./secret.ts";
import { signedBodyOf } from "./signed-body.ts";

const scopePart = /^[a-z0-9-]+$/;

/**
 * `AwsSigV4`: Signature Version 4 of AWS. Keys `accessKeyId`, `secretAccessKey`, optional `sessionToken`; `region` and
 * `service` that calls are signed for; `signedBody`. Our own, as the bytes of path and headers must be signed as they go on
 * the wire, without a promise; checked with the test vectors that AWS has published.
 */
export function awsSignature(secret: Secret): Credential {
  const scope = { region: scopeText(secret, "region"), service: scopeText(secret, "service") };
  const accessKeyId = headerText(secret, "accessKeyId");
  if (/[\s/,]/.test(accessKeyId)) throw invalid(secret, "accessKeyId", "it is no access key id");
  const sessionToken = optionalText(secret, "sessionToken") && headerText(secret, "sessionToken");
  const keyOf = signingKeys(keyBytes(secret, "secretAccessKey"), scope);
  const isUnsigned = signedBodyOf(secret) === "never";
  // S3 wants to be told; the others are able to see for themselves.
  const tellsHash = isUnsigned || scope.service.startsWith("s3");
  return {
    type: "AwsSigV4",
    replaces: ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"],
    signsBody: !isUnsigned,
    authorize: () => undefined,
    seal(call) {
      const { headers, body = Buffer.alloc(0) } = call;
      const bodyHash = isUnsigned ? "UNSIGNED-PAYLOAD" : sha256(body);
      const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
      replaceHeader(headers, "X-Amz-Date", time);
      if (sessionToken) replaceHeader(headers, "X-Amz-Security-Token", sessionToken);
      if (tellsHash) replaceHeader(headers, "X-Amz-Content-Sha256", bodyHash);
      const signed = signedNames(headers);
      headers.push("Authorization", signAws({ call, scope, time, bodyHash, signed, accessKeyId, keyOf }));
    },
    refused: () => undefined,
  };
}

export interface AwsSigning {
  readonly call: Pick<OutgoingCall, "method" | "path" | "headers">;
  readonly scope: Scope;
  /** As in `X-Amz-Date`. */
  readonly time: string;
  readonly bodyHash: string;
  readonly signed: readonly string[];
  readonly accessKeyId: string;
  readonly keyOf: (date: string) => Buffer;
}

interface Scope {
  readonly region: string;
  readonly service: string;
}

/** The `Authorization` of a call (Signature Version 4, tasks 2 to 4). */
export function signAws({ call, scope, time, bodyHash, signed, accessKeyId, keyOf }: AwsSigning): string {
  const { method, path, headers } = call;
  const isS3 = scope.service.startsWith("s3");
  const request = canonicalRequest({ method, path, headers, signed, bodyHash, isS3 });
  const date = time.slice(0, 8);
  const scoped = `${date}/${scope.region}/${scope.service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scoped, sha256(Buffer.from(request, "latin1"))].join("\n");
  const signature = hmac(keyOf(date), text).toString("hex");
  const credential = `Credential=${accessKeyId}/${scoped}, SignedHeaders=${signed.join(";")}`;
  return `AWS4-HMAC-SHA256 ${credential}, Signature=${signature}`;
}

/** The key of a day is made once. */
export function signingKeys(secretAccessKey: Buffer, { region, service }: Scope): (date: string) => Buffer {
  let last: { readonly date: string; readonly key: Buffer } | undefined;
  return (date) => {
    if (last?.date === date) return last.key;
    const ofDate = hmac(Buffer.concat([Buffer.from("AWS4"), secretAccessKey]), date);
    const key = hmac(hmac(hmac(ofDate, region), service), "aws4_request");
    last = { date, key };
    return key;
  };
}

/** What AWS wants signed, and no more: proxies on the way may change what else there is. */
function signedNames(headers: readonly string[]): string[] {
  const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const signed = names.filter((name) => name === "host" || name === "content-type" || name.startsWith("x-amz-"));
  return [...new Set(signed)].sort();
}

function scopeText(secret: Secret, key: string): string {
  const text = requiredText(secret, key);
  if (!scopePart.test(text)) throw invalid(secret, key, "must be a name as AWS has it, such as eu-central-1 or s3");
  return text;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
