import { describe, expect, test } from "vitest";
import { addHeaders, requestParameters } from "./request-parameters.ts";

describe("the request parameters of a Secret", () => {
  test.each([{}, { headers: "null", queryParameters: "null" }, { headers: "{}" }])("may be none: %j", (texts) => {
    expect(requestParameters(secret(texts))).toEqual({ headers: [], query: [], ignoredHeaders: [] });
  });

  test("are names with lists of values", () => {
    const { headers, query } = requestParameters(
      secret({ headers: '{"X-A":["1","2"]}', queryParameters: '{"k":["ü"]}' }),
    );
    expect(headers).toEqual([{ name: "X-A", lowerName: "x-a", values: ["1", "2"] }]);
    expect(query).toEqual([["k", ["\u00c3\u00bc"]]]);
  });

  test("leave connection and framing alone", () => {
    const names = [
      "Host",
      "content-length",
      "Connection",
      "TE",
      "Transfer-Encoding",
      "Upgrade",
      "Proxy-Authorization",
      "Expect",
    ];
    const all = Object.fromEntries(names.map((name) => [name, ["x"]]));
    const { headers, ignoredHeaders } = requestParameters(
      secret({ headers: JSON.stringify({ ...all, "User-Agent": ["u"] }) }),
    );
    expect(headers.map(({ name }) => name)).toEqual(["User-Agent"]);
    expect(ignoredHeaders).toEqual(names);
  });

  test.each([
    [{ headers: "" }, "key 'headers': not JSON"],
    [{ headers: "[]" }, "key 'headers'"],
    [{ headers: '"x"' }, "key 'headers'"],
    [{ headers: '{"X-A":"hidden"}' }, "'X-A'"],
    [{ headers: '{"X-A":[1]}' }, "'X-A'"],
    [{ headers: '{"X A":["hidden"]}' }, "'X'"],
    [{ headers: '{"X-A: hidden":[]}' }, "'X-A'"],
    [{ queryParameters: '{"key=hidden":"x"}' }, "'key'"],
    [{ headers: '{"X-A":["hidden\\r\\nX: y"]}' }, "'X-A'"],
    [{ queryParameters: "hidden" }, "key 'queryParameters': not JSON"],
    [{ queryParameters: '{"a":"hidden"}' }, "'a'"],
  ])("%j are refused with Secret and key, never a value", (texts, named) => {
    const mistake = (): unknown => requestParameters(secret(texts));
    expect(mistake).toThrow(
      expect.objectContaining({ code: "SECRET_INVALID", message: expect.stringContaining(named) }),
    );
    expect(mistake).toThrow(expect.objectContaining({ message: expect.stringContaining("'crm'") }));
    expect(mistake).not.toThrow(/hidden/);
  });
});

describe("added headers", () => {
  test("come only where there is none of that name, whatever its case", () => {
    const headers = ["x-a", "client"];
    const { headers: additions } = requestParameters(secret({ headers: '{"X-A":["1"],"X-B":["2","3"]}' }));
    addHeaders(headers, additions);
    expect(headers).toEqual(["x-a", "client", "X-B", "2", "X-B", "3"]);
  });
});

function secret(texts: { headers?: string; queryParameters?: string }) {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { name: "crm", data: Object.fromEntries(data) as Record<string, string> };
}
