import { expect, test } from "vitest";
import { secretOf } from "./test-world.ts";
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
  expect(tokenOptions(secretOf(data), "both")).toEqual(options);
});

test.each([
  [
    { tokenAuthMethod: "Basic" },
    "key 'tokenAuthMethod': one of both, basic, post, none, tls_client_auth, private_key_jwt, client_secret_jwt",
  ],
  [{ bodyParameters: "hidden" }, "key 'bodyParameters': not JSON"],
  [{ bodyParameters: "[]" }, "key 'bodyParameters': not an object"],
  [{ bodyParameters: '{"hidden":1}' }, "key 'bodyParameters': a value is neither a text nor a list of texts"],
  [{ bodyParameters: '{"assertion":"hidden"}' }, "key 'bodyParameters': 'assertion' is decided by other keys"],
  [{ bodyParameters: '{"grant_type":"hidden"}' }, "key 'bodyParameters': 'grant_type' is decided by other keys"],
])("%j is a mistake that is named", (data, named) => {
  expect(() => tokenOptions(secretOf(data), "both")).toThrow(
    expect.objectContaining({ code: "SECRET_INVALID", message: `secret 'crm', ${named}` }),
  );
});
