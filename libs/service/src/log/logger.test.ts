import { stdTimeFunctions } from "pino";
import { expect, test } from "vitest";
import { createService } from "../service.ts";
import { keepLines } from "../testing/lines.ts";
import { type LogLevel, logLevels, parseLogLevel } from "./log-level.ts";
import { createLogger } from "./logger.ts";

test("a line is one JSON object with level, time, service and message", () => {
  const kept = keepLines();
  createLogger("gateway", { logDestination: kept }).info({ port: 1 }, "listening");
  expect(kept.records).toEqual([
    { level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), service: "gateway", port: 1, msg: "listening" },
  ]);
  expect(kept.lines[0]?.endsWith("}\n")).toBe(true);
});

test("credentials do not reach the log, wherever a request or a Secret usually lies", () => {
  const kept = keepLines();
  const log = createLogger("gateway", { logDestination: kept });
  const headers = {
    authorization: "Basic leak",
    cookie: "leak",
    "set-cookie": "leak",
    "x-forwarded-client-cert": "leak",
    "access-token": "leak",
    "proxy-authorization": "leak",
    "x-csrf-token": "leak",
    accept: "*/*",
  };
  log.info({ headers }, "call");
  log.info({ req: { headers }, res: { headers } }, "call");
  log.info(headers, "call");
  log.info({ data: { password: "leak", clientSecret: "leak", token: "leak" } }, "secret read");
  log.child({ authorization: "leak" }).info("call");
  log.info({ err: Object.assign(new Error("refused"), { client_secret: "leak" }) }, "token call failed");
  expect(kept.lines).toHaveLength(6);
  expect(kept.lines.join("")).not.toContain("leak");
  expect(kept.lines[0]).toContain('"accept":"*/*"');
});

test("another log format keeps its keys, its nesting and the redaction", () => {
  const kept = keepLines();
  const logShape = {
    base: null,
    timestamp: () => `,"timestamp":"now"`,
    messageKey: "message",
    nestedKey: "context",
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
  };
  const log = createLogger("validator", { logDestination: kept, logShape });
  log.warn({ application: "crm", headers: { authorization: "leak" } }, "refused");
  expect(kept.records).toEqual([
    {
      level: "WARN",
      timestamp: "now",
      message: "refused",
      context: { application: "crm", headers: { authorization: "[redacted]" } },
    },
  ]);
});

test.each(["Authorization", "cookie", "Set-Cookie", "X-CSRF-Token", "x-csrf-token", "Access-Token", "caller-token"])(
  "a header %s that ends up in a line is not readable, whatever holds it",
  (name) => {
    const kept = keepLines();
    const log = createLogger("gateway", { logDestination: kept });
    log.warn({ [name]: "leak", headers: { [name]: "leak" }, request: { headers: { [name]: "leak" } } }, "m");
    expect(kept.lines.join("")).not.toContain("leak");
  },
);

test("the text format shows the same for people", () => {
  const kept = keepLines();
  const logShape = { timestamp: stdTimeFunctions.epochTime };
  const log = createLogger("gateway", { logDestination: kept, logFormat: "text", logShape });
  log.info({ port: 1 }, "listening");
  log.error({ err: new Error("boom") }, "failed");
  expect(kept.lines[0]).toMatch(/^\d+\tINFO\tlistening\t\{"service":"gateway","port":1\}\n$/);
  expect(kept.lines[1]).toMatch(/^\d+\tERROR\tfailed\t\{"service":"gateway"\}\nError: boom\n +at /);
});

test.each<{ level: LogLevel; shown: string[] }>([
  { level: "debug", shown: ["debug", "info", "warn", "error", "fatal"] },
  { level: "warn", shown: ["warn", "error", "fatal"] },
  { level: "error", shown: ["error", "fatal"] },
  { level: "dpanic", shown: ["fatal"] },
  { level: "panic", shown: ["fatal"] },
  { level: "fatal", shown: ["fatal"] },
  { level: "silent", shown: [] },
])("at level $level one sees $shown", ({ level, shown }) => {
  const kept = keepLines();
  const service = createService("gateway", { logDestination: kept });
  service.logLevel = level;
  expect(service.logLevel).toBe(level);
  for (const each of ["debug", "info", "warn", "error", "fatal"] as const) service.log[each](each);
  expect(kept.records.map(({ msg }) => msg)).toEqual(shown);
});

test("a change of the level reaches loggers that were made before", () => {
  const kept = keepLines();
  const service = createService("gateway", { logDestination: kept });
  const child = service.log.child({ part: "cache" }).child({ kind: "Secret" });
  child.debug("unseen");
  service.logLevel = "debug";
  child.debug("seen");
  service.logLevel = "error";
  child.warn("unseen");
  expect(kept.records.map(({ msg }) => msg)).toEqual(["seen"]);
});

test("levels are known by zap's names, in small or in capital letters", () => {
  for (const level of logLevels)
    expect([parseLogLevel(level), parseLogLevel(level.toUpperCase())]).toEqual([level, level]);
  for (const other of ["", "Info", "trace", "silent", "warning", "zz"]) expect(parseLogLevel(other)).toBeUndefined();
});
