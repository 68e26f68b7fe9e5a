import { describe, expect, test } from "vitest";
import { callOf, credentialOf, prove } from "./test-world.ts";

describe.each([
  { type: "ApiKey", data: { apiKey: "k 1" }, sent: ["X-API-Key", "k 1"] },
  { type: "ApiKey", data: { apiKey: "k", headerName: "Ocp-Key", headerPrefix: "key=" }, sent: ["Ocp-Key", "key=k"] },
  { type: "Bearer", data: { token: "abc.d-e_f~+/==" }, sent: ["Authorization", "Bearer abc.d-e_f~+/=="] },
  { type: "Bearer", data: { token: "t", headerName: "X-Auth", headerPrefix: "" }, sent: ["X-Auth", "t"] },
])("$type with $data", ({ type, data, sent }) => {
  test("is sent at once, in place of what the client sends", () => {
    const credential = credentialOf(type, data);
    const call = callOf();
    expect(credential.authorize(call)).toBeUndefined();
    expect(call.headers).toEqual(sent);
    expect(credential.replaces).toEqual([sent[0]?.toLowerCase()]);
  });
});

describe("ApiKey", () => {
  test.each([
    ["/a", "/a?key=s+%26%3D"],
    ["/a?", "/a?key=s+%26%3D"],
    ["/a?b=%zz;c", "/a?b=%zz;c&key=s+%26%3D"],
    ["/a?key=mine&b=1&key", "/a?b=1&key=s+%26%3D"],
    ["/a?%6Bey=mine", "/a?key=s+%26%3D"],
    ["/a?key=s+%26%3D", "/a?key=s+%26%3D"],
  ])("stands in the query of %s, where nothing else has its name", async (path, sent) => {
    const credential = credentialOf("ApiKey", { apiKey: "s &=", queryName: "key" });
    const call = await prove(credential, { path });
    expect([call.path, call.headers]).toEqual([sent, []]);
    expect(credential.queryParameter).toEqual(["key", ["s &="]]);
  });

  test("in the query is there without a promise too", () => {
    expect(credentialOf("ApiKey", { apiKey: "k", queryName: "key" }).authorize(callOf())).toBeUndefined();
  });
});

test.each([
  ["ApiKey", {}, "no key 'apiKey'"],
  ["ApiKey", { apiKey: "" }, "empty key 'apiKey'"],
  ["ApiKey", { apiKey: "hidden\r\nX-Evil: 1" }, "key 'apiKey'"],
  ["ApiKey", { apiKey: "hidden", headerName: "X Y" }, "key 'headerName'"],
  ["ApiKey", { apiKey: "hidden", headerName: "Transfer-Encoding" }, "key 'headerName'"],
  ["ApiKey", { apiKey: "hidden", headerPrefix: "a\nb" }, "key 'headerPrefix'"],
  ["ApiKey", { apiKey: "hidden", queryName: "q", headerName: "X" }, "key 'headerName': it is not for"],
  ["Basic", { username: "u", password: "hidden", headerName: "Host" }, "key 'headerName'"],
  ["Bearer", { token: " hidden" }, "key 'token'"],
  ["Bearer", { token: "hidden hidden" }, "key 'token'"],
  ["Bearer", { token: "hidden\n" }, "key 'token': it ends with a line break"],
])("a Secret for %s that can't be sent is named with its key: %j", (type, data, named) => {
  const mistake = (): unknown => credentialOf(type, data);
  expect(mistake).toThrow(expect.objectContaining({ code: "SECRET_INVALID", message: expect.stringContaining(named) }));
  expect(mistake).toThrow(/secret 'crm'/);
  expect(mistake).not.toThrow(/hidden/);
});
