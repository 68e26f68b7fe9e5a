import { describe, expect, test } from "vitest";
import { AddressRules, rangesMistake } from "./address-rules.ts";

const rules = new AddressRules(["169.254.0.0/16", "fe80::/10", "fd00:ec2::254", "loopback", "10.1.2.3"]);

describe("an address in a range", () => {
  test.each([
    ["169.254.169.254", "169.254.0.0/16"],
    ["::ffff:169.254.169.254", "169.254.0.0/16"],
    ["::ffff:a9fe:a9fe", "169.254.0.0/16"],
    ["0:0:0:0:0:FFFF:A9FE:A9FE", "169.254.0.0/16"],
    ["64:ff9b::a9fe:a9fe", "169.254.0.0/16"],
    ["::169.254.169.254", "169.254.0.0/16"],
    ["2002:a9fe:a9fe::1", "169.254.0.0/16"],
    ["fe80::1", "fe80::/10"],
    ["fe80::1%eth0", "fe80::/10"],
    ["febf::1", "fe80::/10"],
    ["fd00:ec2::254", "fd00:ec2::254"],
    ["127.0.0.1", "loopback"],
    ["127.9.9.9", "loopback"],
    ["0.0.0.0", "loopback"],
    ["::1", "loopback"],
    ["::", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["10.1.2.3", "10.1.2.3"],
  ])("%s is in %s", (address, rule) => {
    expect(rules.match(address)).toBe(rule);
  });

  test.each([
    "169.253.255.255",
    "169.255.0.0",
    "fec0::1",
    "fd00:ec2::255",
    "128.0.0.1",
    "10.1.2.4",
    "::ffff:10.1.2.4",
    "64:ff9b::a9fd:1",
    "",
    "localhost",
  ])("%s is in none", (address) => {
    expect(rules.match(address)).toBeUndefined();
  });
});

test.each([
  [["10.0.0.0/8", "::/0", "1.2.3.4", "loopback"], undefined],
  [[], undefined],
  [["10.0.0.0/33"], '"10.0.0.0/33"'],
  [["fe80::/129"], '"fe80::/129"'],
  [["example.com"], '"example.com"'],
  [["10.0.0.0/8", "fe80::1%eth0"], '"fe80::1%eth0"'],
  [["10.0.0.0/"], '"10.0.0.0/"'],
  [["constructor"], '"constructor"'],
])("of %j, %s is told", (texts, told) => {
  const mistake = rangesMistake(texts);
  if (told === undefined) expect(mistake).toBeUndefined();
  else expect(mistake).toContain(told);
});
