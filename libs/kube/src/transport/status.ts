import { KubeError, type StatusDetails } from "./kube-error.ts";

interface Status {
  kind: "Status";
  message?: string;
  reason?: string;
  code?: number;
  details?: StatusDetails;
}

const isStatus = (value: unknown): value is Status =>
  typeof value === "object" && value !== null && (value as Partial<Status>).kind === "Status";

/**
 * The error an answer stands for.
 *
 * @param what which call failed, for the message: `get secrets kyma-system/crm`
 * @param body the parsed answer; anything but a Status is left out of the message, because a proxy on the way may echo
 *   what it was sent
 * @param confidential true when the server's text may quote values of a Secret
 */
export function errorFromAnswer(
  what: string,
  status: number,
  body: unknown,
  retryAfter: string | undefined,
  confidential: boolean,
): KubeError {
  const answered = isStatus(body) ? body : undefined;
  const details = confidential ? withoutMessages(answered?.details) : answered?.details;
  const text = confidential && status === 422 ? undefined : answered?.message;
  const reason = answered?.reason ?? reasonOf(status);
  return new KubeError(`${what}: ${status} ${text ?? reason}`, {
    status,
    reason,
    details,
    retryAfterMs: retryAfterMs(retryAfter, details, status),
  });
}

/** The error an ERROR event of a watch stands for. */
export function errorFromEvent(what: string, object: unknown): KubeError {
  const status = isStatus(object) ? (object.code ?? 500) : 500;
  return errorFromAnswer(what, status, object, undefined, false);
}

function retryAfterMs(header: string | undefined, details: StatusDetails | undefined, status: number) {
  if (header !== undefined) {
    if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
    const date = Date.parse(header);
    if (!Number.isNaN(date)) return Math.max(0, date - Date.now());
  }
  // Only where it is a plea to wait; a 409 or 404 may carry it as well without meaning "the same call again".
  const seconds = details?.retryAfterSeconds;
  return seconds && (status === 429 || status >= 500) ? seconds * 1000 : undefined;
}

function withoutMessages(details: StatusDetails | undefined): StatusDetails | undefined {
  if (!details?.causes) return details;
  return { ...details, causes: details.causes.map(({ message: _, ...cause }) => cause) };
}

function reasonOf(status: number): string {
  const reasons: Record<number, string> = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    410: "Gone",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
  };
  return reasons[status] ?? "Unknown";
}
