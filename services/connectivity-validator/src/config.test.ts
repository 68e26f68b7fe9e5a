import { ConfigError, loadConfig } from "@application-connector/service";
import { describe, expect, test } from "vitest";
import { checkConfig, schema } from "./config.ts";
import { resolveProfile } from "./profile.ts";

const manifest = [
  "--proxyPort=8080",
  "--externalAPIPort=8081",
  "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
  "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
  "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
  "--eventingPublisherHost=eventing-publisher-proxy.kyma-system",
  "--eventingDestinationPath=/publish",
  "--appNamePlaceholder=%%APP_NAME%%",
];
const load = (argv: string[], env: NodeJS.ProcessEnv = {}) => loadConfig(schema, argv, env, checkConfig);

function mistakes(argv: string[], env: NodeJS.ProcessEnv = {}): { mistakes: readonly string[]; usage: boolean } {
  try {
    load(argv, env);
  } catch (error) {
    if (error instanceof ConfigError) return { mistakes: error.mistakes, usage: error.usage };
    throw error;
  }
  return { mistakes: [], usage: false };
}

test("the command line of upstream's manifest is understood", () => {
  expect(load(manifest, { APP_LOG_FORMAT: "json", APP_LOG_LEVEL: "warn" })).toMatchObject({
    proxyPort: 8080,
    externalApiPort: 8081,
    eventingPathPrefixV1: "/%%APP_NAME%%/v1/events",
    eventingPublisherHost: "eventing-publisher-proxy.kyma-system",
    syncPeriodMs: 45_000,
    logLevel: "warn",
    logFormat: "json",
  });
});

describe("the prefixes must contain the placeholder", () => {
  const named = (name: string, value: string) => `${name} '${value}' should contain appNamePlaceholder '%%APP_NAME%%'`;
  test.each([
    [[], named("eventingPathPrefixV1", "/v1/events")],
    [["--eventingPathPrefixV1=/%%APP_NAME%%"], named("eventingPathPrefixV2", "/v2/events")],
    [
      ["--eventingPathPrefixV1=%%APP_NAME%%", "--eventingPathPrefixV2=%%APP_NAME%%"],
      named("eventingPathPrefixEvents", "/events"),
    ],
  ])("%j: the first one that does not is named", (argv, mistake) => {
    expect(mistakes(argv)).toEqual({ mistakes: [mistake], usage: false });
  });
  test("an empty placeholder needs none", () => {
    expect(mistakes(["--appNamePlaceholder="])).toEqual({ mistakes: [], usage: false });
  });
});

describe("refused", () => {
  test.each([
    [["--cacheExpirationSeconds=90"], true],
    [["--cacheCleanupIntervalSeconds", "15"], true],
    [["--proxyPort=x"], true],
    [["--syncPeriod=45"], true],
    [["--eventingPublisherHost=http://x"], false],
    [["--eventingPublisherHost=x/y"], false],
    [["--eventingDestinationPath=publish"], false],
    [["--eventingDestinationPath=/a#b"], false],
    [["--xfccElements=0"], false],
    [["--xfccCert=maybe"], false],
    [["--mtlsPort=8443"], false],
    [["--natsUser=me"], false],
    [["--natsPasswordFile=password"], false],
    [["--natsCertFile=tls.crt"], false],
    [["--natsKeyFile=tls.key"], false],
    [["--natsCredentials=user.creds", "--natsTokenFile=token"], false],
    [["--natsNkeyFile=seed", "--natsUrl=nats://me:secret@localhost"], false],
    [["--natsUrl=nats://me:100%secret@localhost"], false],
  ])("%j", (argv, usage) => {
    const found = mistakes([...manifest, ...argv]);
    expect(found.mistakes).not.toEqual([]);
    expect(found.usage).toBe(usage);
  });
  test.each([{ APP_LOG_LEVEL: "verbose" }, { APP_LOG_FORMAT: "xml" }])("%j", (env) => {
    expect(mistakes(manifest, env)).toMatchObject({ mistakes: [expect.any(String)], usage: false });
  });
});

test("what is wrong with the servers of NATS is told without the password", () => {
  const { mistakes: found } = mistakes([...manifest, "--natsUrl=nats://me:100%secret@localhost"]);
  expect(found).toEqual([expect.stringContaining("natsUrl")]);
  expect(found.join()).not.toContain("secret");
});

test("the level panic, which the operator's CRD allows, is understood", () => {
  expect(load(manifest, { APP_LOG_LEVEL: "panic" }).logLevel).toBe("panic");
});

describe("the profile decides what no flag does", () => {
  test.each([
    [
      "compat",
      {
        elements: { min: 1, max: 2 },
        certificate: "verify",
        emptyClientIds: "name",
        tenantGroup: "ignore",
        validation: "off",
        sourcePolicy: "any",
        methods: "any",
        maxInFlight: 0,
        circuitBreaker: "off",
        connectTimeoutMs: 30_000,
        proxyTimeoutMs: 60_000,
        headersTimeoutMs: 10_000,
        bodyTimeoutMs: 60_000,
        idleTimeoutMs: 75_000,
      },
    ],
    [
      "strict",
      {
        elements: { min: 2, max: 2 },
        certificate: "require",
        emptyClientIds: "deny",
        tenantGroup: "ifset",
        validation: "enforce",
        sourcePolicy: "match",
        methods: "events",
        maxInFlight: 400,
        circuitBreaker: "on",
        connectTimeoutMs: 5_000,
        proxyTimeoutMs: 30_000,
        headersTimeoutMs: 10_000,
        bodyTimeoutMs: 30_000,
        idleTimeoutMs: 75_000,
      },
    ],
  ])("%s", (profile, expected) => {
    expect(resolveProfile(load([...manifest, `--securityProfile=${profile}`]))).toEqual(expected);
  });
  test("a flag or its variable wins", () => {
    const argv = [
      ...manifest,
      "--securityProfile=strict",
      "--xfccElements=1-3",
      "--xfccCert=verify",
      "--proxyTimeout=1m30s",
      "--ceValidation=warn",
      "--sourcePolicy=rewrite",
      "--methodPolicy=any",
      "--maxInFlight=0",
      "--circuitBreaker=off",
    ];
    const env = { APP_EMPTY_CLIENT_IDS_POLICY: "name", APP_TENANT_GROUP_POLICY: "ignore" };
    expect(resolveProfile(load(argv, env))).toMatchObject({
      elements: { min: 1, max: 3 },
      certificate: "verify",
      emptyClientIds: "name",
      tenantGroup: "ignore",
      proxyTimeoutMs: 90_000,
      validation: "warn",
      sourcePolicy: "rewrite",
      methods: "any",
      maxInFlight: 0,
      circuitBreaker: "off",
    });
  });
});

test("several workers have no spool together", () => {
  const flags = ["--workers=2", "--delivery=spool", "--spoolDir=spool"];
  expect(() => loadConfig(schema, flags, {}, checkConfig)).toThrow(/--spoolDir belongs to one process/);
});
