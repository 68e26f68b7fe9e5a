import { describe, expect, test } from "vitest";
import { credentialFor } from "./credential-for.ts";
import { TokenCache } from "./token-cache.ts";

const settings = { tokenUrl: "http://idp/token", skipVerify: false, timeoutMs: 1_000, tokens: new TokenCache() };

describe.each([
  { type: "ApiKey", data: { apiKey: "k 1" }, sent: ["X-API-Key", "k 1"] },
  { type: "ApiKey", data: { apiKey: "k", headerName: "Ocp-Key", headerPrefix: "key=" }, sent: ["Ocp-Key", "key=k"] },
  { type: "Bearer", data: { token: "abc.d-e_f~+/==" }, sent: ["Authorization", "Bearer abc.d-e_f~+/=="] },
  { type: "Bearer", data: { token: "t", headerName: "X-Auth", headerPrefix: "" }, sent: ["X-Auth", "t"] },
])("$type with $data", ({ type, data, sent }) => {
  test("is sent at once, in place of what the client sends", () => {
    const credential = credentialFor(type, secret(data), settings);
    const headers: string[] = [];
    expect(credential.authorize(headers)).toBeUndefined();
    expect(headers).toEqual(sent);
    expect(credential.replaces).toEqual([sent[0]?.toLowerCase()]);
  });
});

test.each([
  ["ApiKey", {}, "no key 'apiKey'"],
  ["ApiKey", { apiKey: "" }, "empty key 'apiKey'"],
  ["ApiKey", { apiKey: "hidden\r\nX-Evil: 1" }, "key 'apiKey'"],
  ["ApiKey", { apiKey: "hidden", headerName: "X Y" }, "key 'headerName'"],
  ["ApiKey", { apiKey: "hidden", headerName: "Transfer-Encoding" }, "key 'headerName'"],
  ["ApiKey", { apiKey: "hidden", headerPrefix: "a\nb" }, "key 'headerPrefix'"],
  ["Bearer", { token: "hidden hidden" }, "key 'token'"],
  ["Bearer", { token: "hidden\n" }, "key 'token'"],
])("a Secret for %s that can't be sent is named with its key: %j", (type, data, named) => {
  const mistake = (): unknown => credentialFor(type, secret(data), settings);
  expect(mistake).toThrow(expect.objectContaining({ code: "SECRET_INVALID", message: expect.stringContaining(named) }));
  expect(mistake).toThrow(/secret 'crm'/);
  expect(mistake).not.toThrow(/hidden/);
});

function secret(texts: Record<string, string>) {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { name: "crm", data: Object.fromEntries(data) as Record<string, string> };
}
