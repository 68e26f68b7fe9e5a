import { generateKeyPairSync } from "node:crypto";
import { readRequestSubject } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { nameFrom, signingRequest } from "./signing-request.ts";

const text = (subject: string): string =>
  nameFrom(subject)
    .flat()
    .reverse()
    .map(({ type, value }) => `${type}=${value}`)
    .join(" | ");

describe("the subject that UCL wants", () => {
  test.each([
    [
      "O=Org,OU=OrgUnit,L=locality,ST=province,C=DE,CN=id",
      "C=DE | ST=province | L=locality | O=Org | OU=OrgUnit | CN=id",
    ],
    [" O = Org , CN = id ", "O=Org | CN=id"],
    ["O=A\\, B,CN=id", "O=A, B | CN=id"],
    ["O=,L=,CN=id", "CN=id"],
    ["cn=id,ou=a,ou=b", "OU=a | OU=b | CN=id"],
    ["O=a=b,CN=id", "O=a=b | CN=id"],
  ])("%s is read", (subject, expected) => expect(text(subject)).toBe(expected));

  test.each([
    ["O=Org,Unit,CN=id", 'the subject that UCL wants has a part without "=": "Unit"'],
    ["X=1,CN=id", 'the subject that UCL wants has a part of unknown type "X"'],
    ["O=a\u0000b,CN=id", "the subject that UCL wants has a control character in O"],
    ["CN=id\nCN=other", "the subject that UCL wants has a control character in CN"],
    ["O=Org", "the subject that UCL wants has no common name (CN)"],
    ["", "the subject that UCL wants has no common name (CN)"],
  ])("%j is refused in words", (subject, message) => expect(() => nameFrom(subject)).toThrow(message));

  test("goes into the request, with strings of the kind that holds them", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const request = signingRequest("O=Größe,C=DE,CN=a b", privateKey);
    const name = readRequestSubject(request);
    expect(name.flat().map(({ type, value }) => [type, value])).toEqual([
      ["CN", "a b"],
      ["O", "Größe"],
      ["C", "DE"],
    ]);
    const der = Buffer.from(request.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
    const printableString = Buffer.concat([Buffer.of(0x13, 3), Buffer.from("a b")]);
    const utf8String = Buffer.concat([Buffer.of(0x0c, 7), Buffer.from("Größe")]);
    expect([der.includes(printableString), der.includes(utf8String)]).toEqual([true, true]);
  });
});
