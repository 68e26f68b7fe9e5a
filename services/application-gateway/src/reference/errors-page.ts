import { catalogue, type OutboundCode, type SharedCode } from "@application-connector/problem";

/** Why an error comes, and what to do. Every code that the gateway can answer with has one: the compiler sees to it. */
interface Explanation {
  /** Who can do something about it. */
  readonly who: "caller" | "owner" | "operator" | "external system";
  readonly cause: string;
  readonly remedy: string;
}

const explanations: Record<OutboundCode | SharedCode, Explanation> = {
  PATH_INVALID: {
    who: "caller",
    cause:
      "The path has fewer segments than an API needs (two on port 8080, three on 8082), a broken escape such as `%zz`, or a byte that no path may have",
    remedy: "Call `/{application}/{service}/…` on port 8080 or `/{application}/{service}/{entry}/…` on port 8082",
  },
  PATH_LEAVES_BASE: {
    who: "caller",
    cause: "Dot segments (`..`, also as `%2e%2e`) would lead above the path of the API's `targetUrl`",
    remedy: "Send the path without them; where the API really needs it, set the annotation `allow-dot-segments`",
  },
  ENTRY_AMBIGUOUS: {
    who: "owner",
    cause: "Several services or entries have names that are equal once normalised; the message lists them",
    remedy: "Rename all but one; an API of a service with several is called on port 8082 with its entry's name",
  },
  ENTRY_NOT_FOUND: {
    who: "caller",
    cause:
      "There is no such Application, or it has no `API` entry of this name. Names in the path are the normalised display names, not `services[].name`",
    remedy:
      "Look up the names with `kubectl get application NAME -o yaml`: lower case, everything but letters and digits as one dash",
  },
  SECRET_NOT_FOUND: {
    who: "owner",
    cause: "The Secret that the API names is not in the namespace of the gateway's Secrets",
    remedy:
      "Create it in `--applicationSecretsNamespace` (kyma-system), or correct `secretName`; calls work within a second",
  },
  SECRET_INVALID: {
    who: "owner",
    cause: "The Secret lacks a key, or a key cannot be read; the message names Secret and key",
    remedy: "Add or correct the key as the type of the credentials wants it",
  },
  TARGET_URL_INVALID: {
    who: "owner",
    cause: "`targetUrl` is no URL",
    remedy: "Write it as `https://host[:port][/path]`",
  },
  TARGET_SCHEME_INVALID: {
    who: "owner",
    cause: "`targetUrl` names no host, or its scheme is neither http nor https",
    remedy: "Write it as `https://host[:port][/path]`",
  },
  CERTIFICATE_INVALID: {
    who: "owner",
    cause: "`crt` or `key` of the Secret is no PEM, they do not belong together, or TLS refuses them (a key too short)",
    remedy: "Put the certificate of the key, with its chain, into `crt` and the private key into `key`",
  },
  TOKEN_REQUEST_FAILED: {
    who: "external system",
    cause:
      "The token endpoint could not be reached, did not answer with 200 in time, or its answer holds no token; the message says which",
    remedy:
      "Check `authenticationUrl`, client id and secret, and the endpoint itself; the same failure is answered for a while (`--tokenRetryInterval`) without asking it again",
  },
  TOKEN_CERTIFICATE_FAILED: {
    who: "external system",
    cause: "The same for `OAuthWithCert`: most often the endpoint does not accept the certificate, or it has expired",
    remedy: "Check the certificate in the Secret and whether the endpoint knows it for this client id",
  },
  USER_TOKEN_MISSING: {
    who: "caller",
    cause:
      "The credentials of the API are for users (`OAuthJwtBearer`, `OAuthSamlBearer`, `OAuthTokenExchange`), and the call has neither `X-User-Token` nor a bearer token in `Authorization`",
    remedy: "Send on the token of the user for whom the call is made",
  },
  USER_TOKEN_REFUSED: {
    who: "caller",
    cause:
      "The token of the user has ended, is not signed by the keys that the Secret names, is for another audience, or the token endpoint takes it for nobody's; the message says which",
    remedy:
      "Let the user sign in again; where it stays, check `userTokenIssuer`, `userTokenAudience` and the keys in the Secret",
  },
  CSRF_REQUEST_FAILED: {
    who: "external system",
    cause: "`csrfInfo.tokenEndpointURL` could not be reached, did not answer with 200, or gave no `X-CSRF-Token`",
    remedy: "Check the URL, and whether the API's credentials are accepted there",
  },
  CALLER_FORBIDDEN: {
    who: "owner",
    cause: "The API is restricted by `allowed-namespaces` or `allowed-principals`, and the caller is not among them",
    remedy: "Add the caller's namespace or identity to the annotation; check that the call passes the mesh's sidecar",
  },
  CALLER_UNVERIFIED: {
    who: "operator",
    cause: "The API is restricted, and the caller's token could not be reviewed: the Kubernetes API is away or busy",
    remedy: "Try again; the gateway needs the right to create `tokenreviews`",
  },
  CALL_RATE_EXCEEDED: {
    who: "caller",
    cause: "More calls than the annotation `rate-limit` allows",
    remedy: "Wait as `Retry-After` says; raise the limit if the external system bears it",
  },
  CIRCUIT_OPEN: {
    who: "external system",
    cause: "The target failed so often in a row (`circuit-failures`) that it is left alone for a while",
    remedy: "Wait as `Retry-After` says; one call tries the target then, and if it succeeds all do",
  },
  TARGET_FORBIDDEN: {
    who: "operator",
    cause:
      "The target, or its token or CSRF server, has an address, port or scheme that the gateway may not call, such as the link-local address of a cloud's metadata",
    remedy: "Correct the URL, or allow it by `--deniedTargetRanges`, `--allowedTargetPorts`, `--allowedTargetSchemes`",
  },
  REDIRECT_FAILED: {
    who: "external system",
    cause: "With `redirects: follow`: more than five redirects, or a circle",
    remedy: "Correct `targetUrl`, often from http to https",
  },
  RESPONSE_TOO_LARGE: {
    who: "owner",
    cause: "The response is larger than `max-response-bytes`",
    remedy: "Ask for less at once, or raise the limit",
  },
  TARGET_UNREACHABLE: {
    who: "external system",
    cause:
      "The host name is not known, the connection was refused or closed before a response, the TLS handshake failed, or the response is no HTTP; the message says which",
    remedy:
      "Check `targetUrl`, network policies and the external system; for a private authority name it by `ca-secret` rather than setting `skipVerify`",
  },
  TARGET_TIMEOUT: {
    who: "external system",
    cause: "The response did not begin in time after the request was sent",
    remedy: "Raise the annotation `response-timeout`, or `--proxyTimeout` for all, if the external system takes longer",
  },
  NOT_SYNCED: {
    who: "operator",
    cause: "The gateway has just started and has not read Applications and Secrets yet",
    remedy: "Try again; if it stays, `GET :8081/v1/ready` says what is missing, often a right of the service account",
  },
  OVERLOADED: {
    who: "external system",
    cause:
      "All connections to the target are in use and as many calls wait as may (`max-concurrent-calls`, `max-queued-calls`); or as many requests for tokens (`--tokenRequestsPerServer`); or there is no room for more bodies that are signed (`--signedBodyTotalBytes`)",
    remedy: "Wait as `Retry-After` says; raise the limits if the target bears it",
  },
  REQUEST_TIMEOUT: {
    who: "caller",
    cause: "The client sent nothing of its request body for `request-timeout`",
    remedy: "Send the body without such pauses, or raise the annotation",
  },
  PAYLOAD_TOO_LARGE: {
    who: "caller",
    cause:
      "The request body is larger than `max-request-bytes`, or than `--signedBodyBytes` where the credential of the API signs it",
    remedy: "Send less at once, or raise the limit",
  },
  HEADERS_TOO_LARGE: {
    who: "caller",
    cause: "Request line and headers are larger than `--maxHeaderBytes` (1 MiB); answered in plain text",
    remedy: "Send smaller headers",
  },
  REQUEST_INVALID: {
    who: "caller",
    cause: "What was sent is no valid HTTP, or could be read in two ways; answered in plain text on the proxy ports",
    remedy: "Use an HTTP client that keeps to RFC 9112",
  },
  METHOD_NOT_ALLOWED: {
    who: "caller",
    cause: "On the health port: the path does not know the method",
    remedy: "Use the method in the header `Allow`",
  },
  RESOURCE_NOT_FOUND: {
    who: "caller",
    cause: "On the health port: there is no such path. `/v1/apis` is not there unless `--diagnosis` asks for it",
    remedy: "Correct the path",
  },
  AUTHENTICATION_REQUIRED: {
    who: "caller",
    cause: "`GET /v1/apis` without a bearer token, or with one that is not the right one",
    remedy: "Send `Authorization: Bearer …` with the token that `--diagnosis` asks for",
  },
  ACCESS_DENIED: {
    who: "operator",
    cause: "`GET /v1/apis` by a user of the cluster who may not `get` the non-resource URL `/v1/apis`",
    remedy: "Bind the user to a ClusterRole with that right",
  },
  ACCESS_UNVERIFIED: {
    who: "operator",
    cause: "`GET /v1/apis` while the token file cannot be used, or the Kubernetes API could not be asked",
    remedy: "The gateway's log says why; it needs the ClusterRole `system:auth-delegator` for `--diagnosis=kubernetes`",
  },
  INTERNAL: {
    who: "operator",
    cause: "A mistake in the gateway",
    remedy: "Report it with the line of the log that has the request's id",
  },
};

/** The reference page of all errors. */
export function errorsPage(): string {
  const codes = Object.keys(explanations) as (keyof typeof explanations)[];
  const rows = codes.map((code) => {
    const { status, retry } = catalogue[code];
    const { who, cause, remedy } = explanations[code];
    const again = retry ? "yes" : "no";
    return `| \`${code.toLowerCase()}\` | ${status} | ${again} | ${cause}. | ${who} | ${remedy}. |`;
  });
  return `# Errors of the Application Gateway

Generated from the catalogue of errors; run \`npm run generate\` after a change.

On the proxy ports an error of the gateway itself carries \`Application-Gateway-Error\` with the reason below, \`X-Error-Origin: Application
Gateway\`, \`X-Error-Message\` and \`X-Request-Id\`, and the body \`{"code": 502, "error": "…"}\`. An answer without these
headers is the external system's; one with \`Target-System-Status\` too: it is the external system's 5xx, which became 502.

"Again" says whether the same call may succeed later without anybody doing anything. "Who" can do something about it: the
caller, the owner of the Application and its Secrets, the operator of the gateway, or whoever runs the external system.

| Reason | Status | Again | Cause | Who | Remedy |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}
