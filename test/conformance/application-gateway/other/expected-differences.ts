/** A test in which upstream's gateway does not do as ours. */
export interface Difference {
  readonly file: string;
  /** The title as it stands in the test file, placeholders included. */
  readonly title: string;
  /** Of a table only the rows whose whole title matches. */
  readonly rows?: RegExp;
  /** `differs`: must fail against upstream. `not run`: says nothing about upstream. */
  readonly kind: "differs" | "not run";
  readonly because: string;
}

const differs = (file: string, title: string, because: string, rows?: RegExp): Difference => ({
  file,
  title,
  kind: "differs",
  because,
  ...(rows === undefined ? {} : { rows }),
});

const notRun = (file: string, because: string, title: string): Difference => ({
  file,
  title,
  kind: "not run",
  because,
});

/** The test files that make sense for any gateway of this contract: they look at the wire alone. */
export const portableFiles = [
  "certificates.test.ts",
  "cluster.test.ts",
  "credentials.test.ts",
  "csrf.test.ts",
  "headers.test.ts",
  "health.test.ts",
  "isolation.test.ts",
  "lookup.test.ts",
  "oauth.test.ts",
  "paths.test.ts",
  "responses.test.ts",
  "second-tries.test.ts",
  "upgrades.test.ts",
] as const;

const beyond = "a feature that upstream does not have";
const ownProcess = "starts our program, or looks into it";
const metrics = "reads our metrics";
const race = "DV-1: how much of a second answer arrives is a matter of luck there";

/**
 * Where upstream (the 1.2 line of kyma-project/application-connector-manager) differs: by our required deviations DV-1 to
 * DV-23, and by a few properties of Go's HTTP server and TLS that nobody depends on.
 */
export const differences: readonly Difference[] = [
  differs(
    "certificates.test.ts",
    "AG-45 of the token server that nobody vouches for is 502, unless it is not verified",
    "DV-3: a token that was fetched without checks is used for who wants them",
  ),
  differs(
    "certificates.test.ts",
    "AG-44 with a key %s is 500, before any call",
    "Go's TLS takes keys that OpenSSL finds too short",
    /too short/,
  ),
  differs("certificates.test.ts", "takes %s", "a chain must begin with the leaf there", /authority first/),
  notRun("certificates.test.ts", metrics, "tells when its certificate expires"),
  differs(
    "certificates.test.ts",
    "DV-14 is shown from the first call on, whoever brings a token",
    "DV-14: the first call with an external token goes without certificate",
  ),

  differs("cluster.test.ts", "is not asked anything while requests run", "misses are asked for each time"),
  differs("cluster.test.ts", "AG-65 may go away and come back while requests run", "objects are read per request"),
  notRun("cluster.test.ts", beyond, "leaves no connection open when its last API is gone"),
  notRun("cluster.test.ts", ownProcess, "is awaited: until then calls get 503, readiness is false and health is fine"),
  notRun("cluster.test.ts", ownProcess, "may wait for an API server that is not there yet"),

  differs(
    "credentials.test.ts",
    "makes calls with %s fail with 500 and is named with the key",
    "DV-18: a missing key counts as an empty value",
  ),

  differs("csrf.test.ts", "is fetched once for many calls", "DV-11: calls do not wait for each other's fetch"),
  differs("csrf.test.ts", "AG-47 that can't be had is 502: %s", "DV-12: an empty token is used", /\/echo/),
  differs("csrf.test.ts", "AG-48 is never shared between APIs", "DV-2: sessions are shared by URL"),
  differs(
    "csrf.test.ts",
    "is another for a caller with a token of its own, and fetched with that",
    "DV-2: sessions are shared by URL",
  ),

  differs("headers.test.ts", "are the client's, with duplicates, case and order", "Go writes names in its own case"),
  differs("headers.test.ts", "AG-25 get from a Secret what the client does not send", "DV-17: no User-Agent"),
  differs("headers.test.ts", "AG-61 lose hop-by-hop ones before the credential comes", "DV-4: the other way round"),
  differs("headers.test.ts", "AG-62 name the client in X-Forwarded-For and invent nothing", "DV-19: Accept-Encoding"),
  differs("headers.test.ts", "arrives while it is sent", "DV-9: a body is read whole first"),

  notRun("health.test.ts", beyond, "says when the gateway can serve"),
  notRun("health.test.ts", metrics, "AG-66 counts requests by API, status and who answered, and shows nothing secret"),
  notRun(
    "health.test.ts",
    metrics,
    "AG-66 counts requests for tokens and CSRF sessions under the API that caused them",
  ),
  notRun("health.test.ts", metrics, "AG-66 shows every family of the reference"),
  notRun("health.test.ts", beyond, "says whose an error is, and under which id it is known"),

  differs(
    "isolation.test.ts",
    "is not shown in a Location: the query that a Secret or the target URL adds",
    "a relative Location is resolved against all that was sent",
  ),
  notRun("isolation.test.ts", metrics, "breaks no call whose body is still on its way"),
  notRun("isolation.test.ts", metrics, "that makes two APIs clash leaves every metric with one value"),

  differs("lookup.test.ts", "is 404 when a name can't be one: %s", "DV-16: 500", /%20|\/\.{1,2}\//),
  differs(
    "lookup.test.ts",
    "AG-60 is never mixed up with one whose names join to the same text",
    "DV-23: names are joined without a separator",
  ),
  differs("lookup.test.ts", "whose name normalises to nothing can't be addressed", "DV-16: by an empty segment"),

  differs(
    "oauth.test.ts",
    "AG-52 calls the target once when it refuses a token that the client brought",
    "DV-7: it is called again with the configured credential",
  ),
  differs(
    "oauth.test.ts",
    "AG-38 answers 502 when the token server answers with %s",
    "DV-12: an answer without a token counts as an empty one",
    /missing_token/,
  ),
  differs("oauth.test.ts", "recovers within a second or two once the token server does", "DV-11: each call asks"),
  differs(
    "oauth.test.ts",
    "AG-39 takes expires_in %j",
    "DV-12: whole numbers only, and none or few is for ever",
    / ("60"|60\.5|0|-1)$/,
  ),
  differs("oauth.test.ts", "AG-40 asks once for 50 parallel first calls", "DV-11: each call asks"),
  differs("oauth.test.ts", "AG-41 keeps tokens apart that were asked for differently", "DV-3: client and URL only"),
  differs(
    "oauth.test.ts",
    "that takes its time holds up nobody: the call goes to where the API is by then",
    "the target of a call is chosen before its token is fetched",
  ),
  notRun("oauth.test.ts", metrics, "is not used for a client that has left meanwhile"),
  differs("oauth.test.ts", "never takes its secret to another origin after a %i", "DV-13: redirects are followed"),

  differs("paths.test.ts", "%s for %s of the table", "DV-5, DV-15", /DV-5/),
  differs("paths.test.ts", "AG-20 may hold colons anywhere (encodeUrl %s)", "DV-5: a colon makes a URL of it"),
  differs("paths.test.ts", "AG-21 never leaves the base of the API (encodeUrl %s)", "DV-6: dot segments climb"),
  differs("paths.test.ts", "never shows what may be secret in it", "the URL of the Application is quoted"),

  differs(
    "responses.test.ts",
    "come back as they are, with duplicates, and nothing is added",
    "DV-19: a Content-Type is guessed; Go writes names in its own case",
  ),
  differs(
    "responses.test.ts",
    "AG-54 Location keeps its escapes, and is not changed where only the beginning of a name fits (DV-10)",
    "DV-10",
  ),
  differs("responses.test.ts", "AG-56 reaches the client piece by piece, however long it takes", "DV-22: buffered"),
  differs(
    "responses.test.ts",
    "AG-57 that breaks off is broken off for the client too: %s",
    "DV-1: it ends as if it were whole",
    /chunk/,
  ),
  differs("responses.test.ts", "that stalls is broken off", "DV-1: it ends as if it were whole"),
  differs("responses.test.ts", "that stalls while it sends its body gets 408", "DV-22: 502 of the whole time"),
  differs("responses.test.ts", "that leaves takes its call to the target with it", "DV-22: the call goes on"),

  notRun("second-tries.test.ts", race, "AG-49 goes out again with a new token, and its answer is passed on whole"),
  differs("second-tries.test.ts", "AG-49 costs one token for many callers", "DV-11: each call asks"),
  notRun("second-tries.test.ts", race, "AG-49 has the same method, path and body again: $title"),
  differs(
    "second-tries.test.ts",
    "gets its first answer when its body is too large to be kept",
    "DV-9: every body is kept",
  ),
  notRun("second-tries.test.ts", race, "AG-51 twice gets the second answer with its body"),
  notRun("second-tries.test.ts", race, "gets what the second try brings, whatever it is"),
  differs("second-tries.test.ts", "is answered with 502 when there is no new token", "DV-19: without a body"),
  differs(
    "second-tries.test.ts",
    "AG-52 is not sent again with another token than the one its client brought",
    "DV-7: it is sent again with the configured credential",
  ),
  differs("second-tries.test.ts", "is not sent again where nothing can change", "DV-8: it always is"),
  notRun("second-tries.test.ts", race, "AG-50 goes out again with a new CSRF token and the same body of %i bytes"),
  differs("second-tries.test.ts", "goes out again with the new one", "DV-8: the Secret is not read again"),
  notRun("second-tries.test.ts", beyond, "does so while the watch is down, and looks once a second at most"),

  differs("upgrades.test.ts", "to HTTP/2 is none", "DV-22: the target is asked for it"),
  ...[
    "AG-58 behind Basic echoes frames both ways, past every limit on ordinary calls",
    "of many is each its own",
    "is ended when nothing is said for too long",
    "is opened with a new token when the first is refused",
    "to anything is passed on, with the bytes that come along",
  ].map((title) => notRun("upgrades.test.ts", "DV-22: upgrades are not passed on, and the test waits for them", title)),
];

/** Deviations that no test of the files above can show from outside, and where they are shown. */
export const shownElsewhere: Readonly<Record<string, string>> = {
  "DV-20": "roll.test.ts and program.test.ts stop and start our program",
  "DV-21": "the forward proxies of a gateway are given to its program at its start",
};

/** A title with its placeholders as a pattern for the titles that the test runner makes of it. */
export function titlePattern(title: string): RegExp {
  const parts = title.split(/%[sdifjo]|\$[\w.]+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
