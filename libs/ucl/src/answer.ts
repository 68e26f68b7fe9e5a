import type { Dispatcher } from "undici";
import { redactText } from "./redact.ts";
import { UclError, type UclErrorCode } from "./ucl-error.ts";

/** An answer as it came: read whole, nothing judged yet. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  readonly text: string;
}

interface Asked {
  readonly what: string;
  readonly requestId: string;
  readonly secrets: readonly string[];
}

const unauthorized = 26;
/** Neither the token nor the certificate was taken; the Connector has no codes, only sentences. */
const notAuthenticated = /failed to authenticate/i;

/** The `data` of an answer. Anything but a 2xx with data and without `errors` is an error, complete data or not. */
export function dataOf(answer: RawAnswer, asked: Asked): object {
  const { status } = answer;
  const body = parsed(answer.text);
  const first = firstError(body);
  const isGood = status >= 200 && status < 300;
  if (first !== undefined) {
    const byGateway = status >= 500 && first.directorCode === undefined;
    const code = isGood ? codeOfError(first) : codeOfStatus(status, byGateway ? "status" : codeOfError(first));
    throw failure(`graphql: ${first.message}`, code, answer, asked, first.directorCode);
  }
  if (!isGood)
    throw failure(`status ${status}${hint(answer.text, body)}`, codeOfStatus(status, "status"), answer, asked);
  if (body === undefined) throw failure("the answer is not JSON", "invalid-answer", answer, asked);
  const { data } = body as { data?: unknown };
  if (typeof data !== "object" || data === null)
    throw failure("the answer has no data", "invalid-answer", answer, asked);
  return data;
}

interface FirstError {
  readonly message: string;
  readonly directorCode: number | undefined;
}

function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

function firstError(body: unknown): FirstError | undefined {
  const { errors } = (body ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const { message, extensions } = (errors[0] ?? {}) as { message?: unknown; extensions?: { error_code?: unknown } };
  const directorCode = extensions?.error_code;
  return {
    message: typeof message === "string" ? message : "an error without a message",
    directorCode: typeof directorCode === "number" ? directorCode : undefined,
  };
}

function codeOfError({ message, directorCode }: FirstError): UclErrorCode {
  return directorCode === unauthorized || notAuthenticated.test(message) ? "unauthenticated" : "graphql";
}

function codeOfStatus(status: number, otherwise: UclErrorCode): UclErrorCode {
  if (status === 401 || status === 403) return "unauthenticated";
  if (status === 413) return "too-large";
  return status === 429 ? "rate-limited" : otherwise;
}

const longestHint = 200;
/** So much of an answer is looked at for that: to strip a long one of what looks like tags could take for ever. */
const longestLook = 4_096;

/** The beginning of an answer that is no JSON: the error page of a proxy says whose it is. */
function hint(text: string, body: unknown): string {
  const plain = text
    .slice(0, longestLook)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return body !== undefined || plain === "" || /^[[{]/.test(plain) ? "" : `: ${plain.slice(0, longestHint)}`;
}

function failure(
  message: string,
  code: UclErrorCode,
  { status, headers }: RawAnswer,
  { what, requestId, secrets }: Asked,
  directorCode?: number,
): UclError {
  const text = redactText(`${what}: ${message}`, secrets);
  return new UclError(text, { code, what, requestId, status, directorCode, retryAfterMs: retryAfterMs(headers) });
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(headers: RawAnswer["headers"]): number | undefined {
  const value = headers["retry-after"]?.toString();
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
