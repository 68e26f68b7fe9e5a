// Nobody logs these on purpose; this catches a whole request or Secret that ends up in a log line.

const names = [
  "authorization",
  "Authorization",
  "proxy-authorization",
  "Proxy-Authorization",
  "cookie",
  "Cookie",
  "set-cookie",
  "Set-Cookie",
  "access-token",
  "Access-Token",
  "caller-token",
  "Caller-Token",
  "x-csrf-token",
  "X-CSRF-Token",
  "x-user-token",
  "X-User-Token",
  "x-forwarded-client-cert",
  "password",
  "clientSecret",
  "client_secret",
  "access_token",
  "refresh_token",
  "token",
  "secret",
];

const places = ["", "headers", "req.headers", "request.headers", "res.headers", "response.headers", "data", "err"];

/** Pino's paths to what must not be read in a log. No wildcards: they would cost every line a walk. */
export const redactedPaths: string[] = places.flatMap((place) =>
  names.map((name) => (/^\w+$/.test(name) ? [place, name].filter(Boolean).join(".") : `${place}["${name}"]`)),
);

export const redactionCensor = "[redacted]";
