import { describe, expect, expectTypeOf, test } from "vitest";
import { ConfigError, HelpRequested } from "./config-error.ts";
import { choice, duration, flag, integer, list, port, seconds, secret, text } from "./kinds.ts";
import { loadConfig } from "./load-config.ts";
import type { Option, Schema } from "./option.ts";

const schema = {
  proxyPort: port("proxyPort", 8080, "Where calls arrive"),
  healthPort: port("externalAPIPort", 8081, "Where health is asked for"),
  namespace: text("namespace", "kyma-system", "Where Secrets live"),
  timeoutMs: seconds("proxyTimeout", 10, "How long a target may take"),
  syncMs: duration("syncPeriod", "45s", "How often everything is read again", { env: "SYNC_PERIOD" }),
  level: choice("logLevel", "info", "What is logged", { values: ["debug", "info", "panic"] }),
  metrics: flag("metrics", true, "Whether there are metrics"),
  limit: integer("maxInFlight", 0, "How many at once", { min: 0, max: 500 }),
  uris: list("uris", "a,b", "Who is trusted"),
  password: secret("password", "", "To log in", { check: (value) => (value.length < 4 ? "is too short" : undefined) }),
};
const defaults = {
  proxyPort: 8080,
  healthPort: 8081,
  namespace: "kyma-system",
  timeoutMs: 10_000,
  syncMs: 45_000,
  level: "info",
  metrics: true,
  limit: 0,
  uris: ["a", "b"],
  password: "",
};

test("every option has its default and its type", () => {
  const config = loadConfig(schema, [], {});
  expect(config).toEqual(defaults);
  expectTypeOf(config.level).toEqualTypeOf<"debug" | "info" | "panic">();
  expectTypeOf(config.timeoutMs).toEqualTypeOf<number>();
  expectTypeOf(config.metrics).toEqualTypeOf<boolean>();
});

describe("flags are read as Go reads them", () => {
  test.each<{ argv: string[]; config: object }>([
    { argv: ["-proxyPort=1"], config: { proxyPort: 1 } },
    { argv: ["--proxyPort=1"], config: { proxyPort: 1 } },
    { argv: ["--proxyPort", "1"], config: { proxyPort: 1 } },
    { argv: ["-proxyPort", "0x1f"], config: { proxyPort: 31 } },
    { argv: ["--proxyPort=1", "--proxyPort=2"], config: { proxyPort: 2 } },
    { argv: ["--namespace="], config: { namespace: "" } },
    { argv: ["--namespace", ""], config: { namespace: "" } },
    { argv: ["--namespace=a=b"], config: { namespace: "a=b" } },
    { argv: ["--namespace", "--proxyPort"], config: { namespace: "--proxyPort" } },
    { argv: ["-metrics=false"], config: { metrics: false } },
    { argv: ["-metrics=F", "-metrics"], config: { metrics: true } },
    { argv: ["-metrics", "false", "--proxyPort=1"], config: {} },
    { argv: ["/app/program", "--proxyPort=1"], config: {} },
    { argv: ["--proxyPort=1", "--", "--proxyPort=2"], config: { proxyPort: 1 } },
    { argv: ["-", "--proxyPort=1"], config: {} },
    { argv: ["--proxyTimeout=3", "--syncPeriod=1m30s"], config: { timeoutMs: 3000, syncMs: 90_000 } },
    { argv: ["--uris= x , ,y"], config: { uris: ["x", "y"] } },
    { argv: ["--logLevel=panic"], config: { level: "panic" } },
  ])("$argv", ({ argv, config }) => expect(loadConfig(schema, argv, {})).toEqual({ ...defaults, ...config }));

  test.each([["-h"], ["-help"], ["--help"], ["--nope", "--help"]])("%j asks for help", (...argv) =>
    expect(() => loadConfig(schema, argv, {})).toThrow(HelpRequested),
  );
});

describe("the environment", () => {
  test("gives what no flag gives", () => {
    const env = { APP_PROXY_PORT: "1", APP_EXTERNAL_API_PORT: "2", APP_METRICS: "false" };
    expect(loadConfig(schema, ["--proxyPort=3"], env)).toMatchObject({ proxyPort: 3, healthPort: 2, metrics: false });
  });

  test("an option's own variable comes before the common one", () => {
    expect(loadConfig(schema, [], { SYNC_PERIOD: "1s", APP_SYNC_PERIOD: "2s" }).syncMs).toBe(1000);
    expect(loadConfig(schema, [], { SYNC_PERIOD: "", APP_SYNC_PERIOD: "2s" }).syncMs).toBe(2000);
  });

  test("an empty variable is as if it were not set", () => {
    expect(loadConfig(schema, [], { APP_NAMESPACE: "", APP_PROXY_PORT: "" })).toEqual(defaults);
  });

  test("an unacceptable variable counts as absent where upstream has it so", () => {
    const lenient = { ttlMs: duration("ttl", "5m", "Life", { min: "1s", lenientEnvironment: true }) };
    expect(loadConfig(lenient, [], { APP_TTL: "nonsense" }).ttlMs).toBe(300_000);
    expect(loadConfig(lenient, [], { APP_TTL: "-1s" }).ttlMs).toBe(300_000);
    expect(loadConfig(lenient, [], { APP_TTL: "2s" }).ttlMs).toBe(2000);
    expect(mistakesOf(lenient, ["--ttl=nonsense"], {}).usage).toBe(true);
  });
});

describe("mistakes", () => {
  test("are all told at once, each with what is allowed", () => {
    const argv = ["--proxyPort=99999", "-nope", "x", "--maxInFlight", "many", "--prxyPort=1", "--logLevel=loud", "-=x"];
    const { mistakes, usage } = mistakesOf(schema, [...argv, "-uris"], { APP_PROXY_TIMEOUT: "10s" });
    expect(usage).toBe(true);
    expect(mistakes).toEqual([
      "flag provided but not defined: -nope",
      "flag provided but not defined: -prxyPort (did you mean -proxyPort?)",
      "bad flag syntax: -=…",
      "flag needs an argument: -uris",
      '--proxyPort="99999" must be a port number from 0 to 65535',
      '--maxInFlight="many" must be a whole number from 0 to 500',
      '--logLevel="loud" must be one of debug, info, panic',
      'APP_PROXY_TIMEOUT="10s" must be a whole number of seconds, at least 0',
    ]);
  });

  test.each([
    { title: "an unknown flag", argv: ["--nope"], usage: true },
    { title: "a flag that cannot be read", argv: ["--proxyPort=abc"], usage: true },
    { title: "a truth value that cannot be read", argv: ["-metrics=maybe"], usage: true },
    { title: "a flag whose value is refused", argv: ["--proxyPort=-1"], usage: false },
    { title: "a word that is no choice", argv: ["--logLevel=loud"], usage: false },
    { title: "a variable that cannot be read", argv: [], env: { APP_PROXY_PORT: "abc" }, usage: false },
  ])("$title: a mistake in usage? $usage", ({ argv, env = {}, usage }) => {
    expect(mistakesOf(schema, argv, env).usage).toBe(usage);
  });

  test("never repeat a secret, nor a password inside an address", () => {
    expect(mistakesOf(schema, ["--password=abc"], {}).mistakes).toEqual(["--password is too short"]);
    expect(mistakesOf(schema, [], { APP_PASSWORD: "abc" }).mistakes).toEqual(["APP_PASSWORD is too short"]);
    const url = { url: text("url", "", "Where", { check: () => "must be reachable" }) };
    expect(mistakesOf(url, ["--url=nats://u:pw@host:4222"], {}).mistakes).toEqual([
      '--url="nats://…@host:4222" must be reachable',
    ]);
  });

  test("name what is required", () => {
    const required = { url: text("url", "", "Where", { required: true, env: "URL" }) };
    expect(mistakesOf(required, [], {}).mistakes).toEqual(["--url or URL or APP_URL is required: a text"]);
    expect(loadConfig(required, ["--url=x"], {}).url).toBe("x");
  });

  test("are found between options too", () => {
    const check = ({ limit, timeoutMs }: { limit: number; timeoutMs: number }) =>
      limit > timeoutMs / 1000 ? ["too many for so short a time", "and another"] : [];
    expect(() => loadConfig(schema, ["--maxInFlight=11"], {}, check)).toThrow("too many for so short a time");
    expect(loadConfig(schema, ["--maxInFlight=9"], {}, check).limit).toBe(9);
    expect(mistakesOf(schema, ["--externalAPIPort=8080"], {}).mistakes).toEqual([
      "--proxyPort and --externalAPIPort are both 8080",
    ]);
    expect(loadConfig(schema, ["--externalAPIPort=0", "--proxyPort=0"], {}).proxyPort).toBe(0);
  });

  test("include durations that no timer can wait for", () => {
    expect(mistakesOf(schema, ["--syncPeriod=1000h"], {}).mistakes).toHaveLength(1);
    expect(mistakesOf(schema, ["--proxyTimeout=3000000"], {}).mistakes).toHaveLength(1);
    expect(mistakesOf(schema, ["--syncPeriod=-1s"], {}).mistakes).toHaveLength(1);
  });
});

test("an option is declared once and can be passed on as a value", () => {
  expectTypeOf(schema.uris).toEqualTypeOf<Option<readonly string[]>>();
});

function mistakesOf(of: Schema, argv: string[], env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(of, argv, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("there was no mistake");
}
