import { expect, test } from "vitest";
import { tokenOptions } from "./token-options.ts";

test.each([
  [{}, { authMethod: "both", fields: [] }],
  [{ scope: "a b" }, { authMethod: "both", fields: [["scope", ["a b"]]] }],
  [
    { scope: "a", audience: "https://api", resource: "urn:x", tokenAuthMethod: "post" },
    {
      authMethod: "post",
      fields: [
        ["scope", ["a"]],
        ["audience", ["https://api"]],
        ["resource", ["urn:x"]],
      ],
    },
  ],
  [
    { scope: "a", bodyParameters: '{"scope":"b","resource":["1","2"]}', tokenAuthMethod: "basic" },
    {
      authMethod: "basic",
      fields: [
        ["scope", ["b"]],
        ["resource", ["1", "2"]],
      ],
    },
  ],
  [
    { scope: "", bodyParameters: "null", tokenAuthMethod: "none" },
    { authMethod: "none", fields: [] },
  ],
])("%j says %j", (data, options) => {
  expect(tokenOptions(secret(data))).toEqual(options);
});

test.each([
  [{ tokenAuthMethod: "Basic" }, "key 'tokenAuthMethod': one of both, basic, post, none"],
  [{ bodyParameters: "hidden" }, "key 'bodyParameters': not JSON"],
  [{ bodyParameters: "[]" }, "key 'bodyParameters': not an object"],
  [{ bodyParameters: '{"hidden":1}' }, "key 'bodyParameters': a value is neither a text nor a list of texts"],
  [{ bodyParameters: '{"grant_type":"hidden"}' }, "key 'bodyParameters': 'grant_type' is decided by other keys"],
])("%j is a mistake that is named", (data, named) => {
  expect(() => tokenOptions(secret(data))).toThrow(
    expect.objectContaining({ code: "SECRET_INVALID", message: `secret 'crm', ${named}` }),
  );
});

function secret(texts: Record<string, string>) {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { name: "crm", data: Object.fromEntries(data) as Record<string, string> };
}
