import { describe, expect, test } from "vitest";
import { AddressRules } from "./address-rules.ts";
import { portsMistake, schemesMistake, TargetRules } from "./target-rules.ts";

const deniedAddresses = new AddressRules(["169.254.0.0/16", "fe80::/10", "loopback"]);

describe("an origin", () => {
  const rules = new TargetRules({ schemes: ["https"], ports: ["443", "8000-8999"], deniedAddresses });
  test.each([
    ["https://t", undefined],
    ["https://t:8443", undefined],
    ["https://t:8000", undefined],
    ["https://t:8999", undefined],
    ["https://t:9000", "port 9000 is not among --allowedTargetPorts"],
    ["https://t:80", "port 80 is not among --allowedTargetPorts"],
    ["http://t:8080", "scheme http is not among --allowedTargetSchemes"],
    ["https://169.254.169.254", "address 169.254.169.254 is in 169.254.0.0/16 of --deniedTargetRanges"],
    // Every way of writing it that a resolver would take is made plain by the URL already.
    ["https://0xa9fea9fe", "address 169.254.169.254 is in 169.254.0.0/16 of --deniedTargetRanges"],
    ["https://2852039166", "address 169.254.169.254 is in 169.254.0.0/16 of --deniedTargetRanges"],
    ["https://[::ffff:169.254.169.254]", "address ::ffff:a9fe:a9fe is in 169.254.0.0/16 of --deniedTargetRanges"],
    ["https://[fe80::1]:8443", "address fe80::1 is in fe80::/10 of --deniedTargetRanges"],
    ["https://127.1:443", "address 127.0.0.1 is in loopback of --deniedTargetRanges"],
    ["https://10.0.0.1", undefined],
  ])("%s: %s", (origin, refusal) => {
    expect(rules.refuseOrigin(origin)).toBe(refusal);
  });

  test("may have any port when none are named", () => {
    const open = new TargetRules({ schemes: ["http", "https"], ports: [], deniedAddresses: new AddressRules([]) });
    for (const origin of ["http://t:1", "https://169.254.169.254:65535"])
      expect(open.refuseOrigin(origin)).toBeUndefined();
  });
});

test.each([
  [[], undefined],
  [["443", "1-65535"], undefined],
  [["0"], '"0"'],
  [["65536"], '"65536"'],
  [["9-8"], '"9-8"'],
  [["https"], '"https"'],
  [["1-"], '"1-"'],
])("of the ports %j, %s is told", (texts, told) => {
  if (told === undefined) expect(portsMistake(texts)).toBeUndefined();
  else expect(portsMistake(texts)).toContain(told);
});

test.each([
  [["http"], true],
  [["http", "https"], true],
  [[], false],
  [["ftp"], false],
])("the schemes %j are right: %s", (texts, right) => {
  expect(schemesMistake(texts) === undefined).toBe(right);
});
