import { catalogue, type ProblemCode } from "@application-connector/problem";

interface Explanation {
  /** Who can do something about it. */
  readonly who: "sender" | "owner" | "operator" | "eventing";
  readonly cause: string;
  readonly remedy: string;
}

/** Every error of the proxy ports that the catalogue knows, in the order in which a request meets them. */
const explanations: Partial<Record<ProblemCode, Explanation>> = {
  PATH_NOT_CANONICAL: {
    who: "sender",
    cause:
      "The path has empty segments, dot segments, or an encoded `/`, `\\` or NUL. Upstream redirects, which loses the body",
    remedy: "Post to `/{application}/events`, `/{application}/v2/events` or `/{application}/v1/events` as they stand",
  },
  CERT_HEADER_MISSING: {
    who: "operator",
    cause:
      "No `X-Forwarded-Client-Cert` came with the request: the ingress does not ask for client certificates, or does not pass them on",
    remedy:
      "Use a Gateway with TLS mode `MUTUAL` and leave `forwardClientCertDetails` unset or `SANITIZE_SET`; or use the built-in listener",
  },
  NOT_SYNCED: {
    who: "operator",
    cause: "The validator has just started and has not read the Applications yet",
    remedy:
      "Try again; if it stays, `GET /readyz` of the health port says what is missing, often a right of the service account",
  },
  APPLICATION_UNKNOWN: {
    who: "sender",
    cause: "There is no Application of the name that the path begins with, or it is being deleted",
    remedy: "Compare with `kubectl get applications`; names are case-sensitive",
  },
  SUBJECT_MISMATCH: {
    who: "owner",
    cause:
      "The client certificate is not one of the Application: another common name, an expired certificate, a name that could be read in two ways, a tenant or group that differs, a certificate that is not among `cert-sha256`, or a header that no trusted gateway wrote. The sender is not told which",
    remedy:
      "Look for `rejected` and `detail` in the log line of the request, and see [who may post](../connectivity-validator.md)",
  },
  NO_ROUTE: {
    who: "sender",
    cause: "The certificate is right, but the path below the Application is no event path",
    remedy: "Post to `/{application}/events`",
  },
  APPLICATION_PAUSED: {
    who: "owner",
    cause: "The annotation `paused` is `true`, or cannot be read",
    remedy: "Remove the annotation when events may come again",
  },
  METHOD_NOT_ALLOWED: {
    who: "sender",
    cause: "Event paths take `POST`, and `GET` where subscribed types are asked for",
    remedy: "Use the method that `Allow` names",
  },
  OVERLOADED: {
    who: "operator",
    cause:
      "There is no room: `--maxInFlight` is reached, by all together or by half of it for one Application; `--maxBufferedBytes` of bodies are held; all connections to Eventing are in use and 1,000 requests wait; or Eventing has failed ten times in a row and is left alone for a moment",
    remedy:
      "Send again after `Retry-After`; add replicas, or look at Eventing when `connectivity_validator_circuit_open` is 1",
  },
  RATE_LIMITED: {
    who: "owner",
    cause: "More events than the annotation `rate-limit` allows on this replica; a batch counts each of its events",
    remedy: "Send again after `Retry-After`; `RateLimit-Limit`, `-Remaining` and `-Reset` say where the sender stands",
  },
  BODY_TIMEOUT: {
    who: "sender",
    cause: "The body did not come within `--bodyTimeout`, counted as a whole",
    remedy: "Send it in one go",
  },
  PAYLOAD_TOO_LARGE: {
    who: "owner",
    cause:
      "The body is larger than `--maxBodyBytes` or the annotation `max-body-bytes`, or a batch has more than 100 events",
    remedy: "Send less at once, or raise the limit; Eventing itself takes 64 KiB unless told otherwise",
  },
  INVALID_EVENT: {
    who: "sender",
    cause:
      "The CloudEvent, or one of a batch, is none; the message names the attribute or the byte. Nothing of it was published",
    remedy: "Correct the event; CloudEvents 1.0.2 is what counts. `--ceValidation=warn` only counts such events",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    who: "sender",
    cause:
      "A structured event or batch in another format than JSON, another charset than UTF-8, or with a `Content-Encoding`",
    remedy: "Send `application/cloudevents+json` or `application/cloudevents-batch+json`",
  },
  SOURCE_NOT_ALLOWED: {
    who: "owner",
    cause:
      "`source` is neither the Application's name nor its label `application-type`, or a prefixed type names another Application",
    remedy:
      "Set `source` to the Application's name; or add it to `allowed-sources`, or have it set by `source-policy: rewrite`",
  },
  TYPE_NOT_ALLOWED: {
    who: "owner",
    cause: "The annotation `allowed-event-types` does not have this type",
    remedy: "Add it, for example as `order.*.v1` or `order.**`",
  },
  EVENTING_UNREACHABLE: {
    who: "eventing",
    cause:
      "Eventing's publisher proxy refuses connections, or broke one before it answered; the body is empty, as upstream's",
    remedy: "Look at the Pods of `eventing-publisher-proxy`, and whether `--eventingPublisherHost` is right",
  },
  EVENTING_TIMEOUT: {
    who: "eventing",
    cause: "Eventing did not begin to answer within `--proxyTimeout`",
    remedy: "Look at Eventing and at its NATS",
  },
  EVENTING_ERROR: {
    who: "eventing",
    cause:
      "Eventing answered with the status that `Target-System-Status` names; the body is Eventing's. 507 is a full stream",
    remedy: "Look at Eventing and at its NATS. `--passEventingStatuses` lets chosen statuses through",
  },
  SPOOL_FULL: {
    who: "eventing",
    cause:
      "Eventing cannot take events, and no more can be kept: `--spoolMaxBytes` or `--spoolMaxBytesPerApp` is reached, the disk is full, or it is too slow",
    remedy: "Send again after `Retry-After`; look at Eventing, or give the spool more room",
  },
  SPOOL_FAILED: {
    who: "operator",
    cause: "The disk of the spool does not take the event: it is read-only, broken or hangs",
    remedy: "Look at the volume of `--spoolDir`; the log has the error. `/readyz` is 503 meanwhile",
  },
  REQUEST_TIMEOUT: {
    who: "sender",
    cause: "The request's head did not come within `--headersTimeout`",
    remedy: "Send it in one go",
  },
  HEADERS_TOO_LARGE: {
    who: "sender",
    cause: "Request line and headers are larger than `--maxHeaderBytes`",
    remedy: "Send smaller headers",
  },
};

/** The reference page of all errors. */
export function errorsPage(): string {
  const rows = Object.entries(explanations).map(([code, { who, cause, remedy }]) => {
    const { status, retry } = catalogue[code as ProblemCode];
    return `| \`${code.toLowerCase()}\` | ${status} | ${retry ? "yes" : "no"} | ${cause}. | ${who} | ${remedy}. |`;
  });
  return `# Errors of the Connectivity Validator

Generated from the catalogue of errors; run \`npm run generate\` after a change.

An error of the validator itself carries \`Error-Reason\` with the reason below, \`X-Error-Origin: Connectivity Validator\`,
\`X-Error-Message\` and \`X-Request-Id\`, and the body \`{"code": 403, "error": "…"}\`; the texts that upstream has are
upstream's. An answer without these headers is Eventing's. What is no HTTP at all is answered with 400 in plain text.

"Again" says whether the same request may succeed later without anybody doing anything. "Who" can do something about it: the
sender of the event, the owner of the Application, the operator of the validator, or whoever runs Eventing.

| Reason | Status | Again | Cause | Who | Remedy |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}
