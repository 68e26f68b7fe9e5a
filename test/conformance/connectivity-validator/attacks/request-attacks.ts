/** A request that is bent around the identity: the attacker is known to be the attacker, and asks so. */
export interface RequestAttack {
  readonly title: string;
  readonly path?: string;
  readonly lines?: readonly string[];
  /** HTTP/2 has no way to say it. */
  readonly http1Only?: boolean;
}

const victims = "/victim/events";
const path = (text: string, title = text): RequestAttack => ({ title, path: text });
const lines = (...texts: string[]): RequestAttack => ({ title: texts.join(" | "), lines: texts });
const http1 = (attack: RequestAttack): RequestAttack => ({ ...attack, http1Only: true });

export const requestAttacks: readonly RequestAttack[] = [
  // Encoded paths: the first segment decides, and it is one segment for everybody.
  path(victims, "the victim's path as it is"),
  path("/victim/v1/events"),
  path("/victim/v2/events/attacker"),
  path("/attacker/../victim/events"),
  path("/attacker/%2e%2e/victim/events"),
  path("/attacker/.%2E/victim/events"),
  path("/attacker%2f..%2fvictim/events"),
  path("/attacker%2F%2E%2E%2Fvictim/events"),
  path("/attacker/..%2fvictim/events"),
  path("/attacker%5c..%5cvictim/events"),
  path("/attacker/events/../../victim/events"),
  path("/attacker/events/%2e%2e/%2e%2e/victim/events"),
  path("/attacker/./../victim/events"),
  path("//victim/events"),
  path("/%2fvictim/events"),
  path("/./victim/events"),
  path("/%2e/victim/events"),
  path("/%76ictim/events"),
  path("/%76%69%63%74%69%6d/events"),
  path("/victim%00attacker/events"),
  path("/attacker%00/../victim/events"),
  path("/victim;attacker/events"),
  path("/victim/events;attacker"),
  path("/attacker%3b/../victim/events"),
  path("/victim%20/events"),
  path("/Victim/events"),
  path("/VICTIM/EVENTS"),
  path("/victim%252fevents"),
  path("/attacker/%252e%252e/victim/events"),
  path("/attacker/%c0%ae%c0%ae/victim/events"),
  path("/%e2%80%8bvictim/events"),
  path("/%ef%bd%96ictim/events"),
  path("/victim/events?application=attacker"),
  path("/victim/events?/attacker/events"),
  http1(path("/attacker/events#/../../victim/events")),
  http1(path("/attacker\\..\\victim\\events")),
  http1(path("http://gateway.example.com/victim/events")),
  http1(path("http://attacker@gateway.example.com/victim/events")),
  http1(path("http://gateway.example.com/attacker/../victim/events")),
  http1(path("http:///attacker/events/../../victim/events")),

  // Names of the header that other programs take for it.
  lines('X_Forwarded_Client_Cert: Subject="CN=victim"'),
  lines('x-forwarded-client-cert-: Subject="CN=victim"'),
  lines('Forwarded-Client-Cert: Subject="CN=victim"'),
  lines(
    "Client-Cert: :Y2VydA==:",
    "X-Client-Cert: CN=victim",
    "X-SSL-Client-S-DN: CN=victim",
    "SSL-Client-Verify: SUCCESS",
  ),
  lines("X-Forwarded-Application: victim", "X-Application-Name: victim"),
  lines("X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1;by=gateway"),
  lines(
    "X-Original-URL: /attacker/events",
    "X-Rewrite-URL: /attacker/events",
    "X-Envoy-Original-Path: /attacker/events",
  ),
  lines("X-HTTP-Method-Override: GET", "X-Forwarded-Prefix: /attacker"),
  http1(lines('X-Forwarded-Client-Cert : Subject="CN=victim"')),
  http1(lines(' X-Forwarded-Client-Cert: Subject="CN=victim"')),
  http1(lines('X-Forwarded-Client-Cert\t: Subject="CN=victim"')),
  http1(lines("X: y\n", 'X-Forwarded-Client-Cert: Subject="CN=victim"')),
  http1(lines('X: y\rX-Forwarded-Client-Cert: Subject="CN=victim"')),

  // What belongs to one connection only.
  http1(lines("Connection: X-Forwarded-Client-Cert")),
  http1(lines("Connection: close, x-forwarded-client-cert, X-Forwarded-Application")),
  http1(lines("Connection: keep-alive", "Connection: X-FORWARDED-CLIENT-CERT")),
  http1(lines("Keep-Alive: X-Forwarded-Client-Cert", "Proxy-Connection: X-Forwarded-Client-Cert")),
  http1(lines("Trailer: X-Forwarded-Client-Cert")),
  http1(lines("TE: trailers, X-Forwarded-Client-Cert")),
  http1(lines("Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")),
  http1(lines("Expect: 100-continue")),
  http1(lines("Host: victim")),
];
