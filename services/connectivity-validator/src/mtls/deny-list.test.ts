import { X509Certificate } from "node:crypto";
import { createAuthority } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { parseDenyList } from "./deny-list.ts";

const authority = createAuthority({ subject: "CN=CA" });
const issue = (subject: string) => new X509Certificate(authority.issue({ subject, usage: ["client"] }).certificate);
const bad = issue("CN=Müller\\, A,O=tenant");
const good = issue("CN=good,O=tenant");

describe("an entry is somebody's certificate", () => {
  test.each([
    ["digest with colons", bad.fingerprint256],
    ["digest in small letters", bad.fingerprint256.replaceAll(":", "").toLowerCase()],
    ["digest with its kind", `sha256:${bad.fingerprint256}`],
    ["serial", `serial:${bad.serialNumber}`],
    ["serial as OpenSSL writes it", `Serial: 0x00${bad.serialNumber.toLowerCase()}`],
    ["serial with colons", `serial:${bad.serialNumber.replace(/(..)(?=.)/g, "$1:")}`],
    ["subject", "subject:CN=Müller\\, A,O=tenant"],
    ["subject as it is printed", "subject: CN=M\\C3\\BCller\\, A,O=tenant"],
    ["a remark behind it", `${bad.fingerprint256} # lost on the train`],
    ["one among others", `# list\n\nserial:01\r\n${bad.fingerprint256}\n`],
  ])("%s", (_title, text) => {
    const list = parseDenyList(text);
    expect([list.has(bad), list.has(good)]).toEqual([true, false]);
  });
});

test.each(["", "\n\n", "# nothing yet"])("%j denies nobody", (text) => {
  const list = parseDenyList(text);
  expect([list.size, list.has(bad)]).toEqual([0, false]);
});

test("a subject is the whole of it, in its order", () => {
  for (const subject of ["CN=good", "O=tenant", "O=tenant,CN=good", "cn=good,O=tenant", "CN=GOOD,O=tenant"])
    expect(parseDenyList(`subject:${subject}`).has(good)).toBe(false);
});

test.each([
  "hello",
  "ab:cd",
  "serial:",
  "serial:xyz",
  "subject:",
  "subject:nothing",
  "md5:00",
  `${bad.fingerprint256}0`,
])("a line like %j spoils the list, by its number", (line) => {
  expect(() => parseDenyList(`serial:01\n${line}`)).toThrow("line 2 ");
});
