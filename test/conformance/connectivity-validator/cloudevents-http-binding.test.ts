import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { X } from "./certificates.ts";
import { startWorld, valuesOf, type World } from "./world.ts";

// "HTTP Protocol Binding for CloudEvents", "JSON Event Format" and "CloudEvents", all of version 1.0.2, sentence by
// sentence. `§` is the binding, `J` the JSON format, `C` the core specification. What is good arrives as it was sent;
// what is not never reaches Eventing.

let world: World;
beforeAll(async () => {
  world = await startWorld({ profile: "strict", flags: ["--sourcePolicy=any"] });
});
afterAll(() => world.stop());

const xfcc = X("strict", "CN=std");
const required = {
  "ce-specversion": "1.0",
  "ce-type": "com.example.someevent",
  "ce-id": "1234-1234-1234",
  "ce-source": "/mycontext/subcontext",
};

type Headers = Record<string, string | string[] | undefined>;
const linesOf = (headers: Headers): string[] =>
  Object.entries(headers).flatMap(([name, values]) =>
    (values === undefined ? [] : [values].flat()).map((value) => `${name}: ${value}`),
  );

async function send(headers: Headers, body: string | Buffer) {
  const before = world.echo.seen.length;
  const response = await world.call("/std/events", { xfcc, headers: linesOf(headers), body });
  return { response, seen: world.echo.seen.slice(before) };
}

async function passes(headers: Headers, body: string | Buffer) {
  const { response, seen } = await send(headers, body);
  expect([response.status, response.status === 200 ? "" : response.text]).toEqual([200, ""]);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.body.equals(Buffer.from(body))).toBe(true);
  return JSON.parse(response.text);
}

async function isRefused(headers: Headers, body: string | Buffer, status = 400, text = "") {
  const { response, seen } = await send(headers, body);
  expect([response.status, seen.length]).toEqual([status, 0]);
  expect(response.header("error-reason")).toBe(status === 415 ? "unsupported_media_type" : "invalid_event");
  expect(JSON.parse(response.text)).toEqual({ code: status, error: expect.stringContaining(text) });
}

describe("§3 the mode is told by the media type", () => {
  const structured = '{"specversion":"1.0","id":"1","source":"s","type":"t"}';
  test.each([
    ["§3 structured", "application/cloudevents+json", structured],
    ["§3 case does not matter", "Application/CloudEvents+JSON", structured],
    ["§3.2.1 with a charset", "application/cloudevents+json; charset=UTF-8", structured],
    ["§3.2.1 without a space", "application/cloudevents+json;charset=utf-8", structured],
    ["§3.2.1 quoted", 'application/cloudevents+json; charset="utf-8"', structured],
    ["§3.2.1 another parameter", "application/cloudevents+json; foo=bar; charset=utf8", structured],
    ["§3.2.1 space around it", "application/cloudevents+json ; charset=utf-8 ;", structured],
  ])("%s: %s", async (_title, type, body) => {
    await passes({ "content-type": type }, body);
  });
  test.each([
    ["§3.2 a format that nobody knows", "application/cloudevents+avro"],
    ["§3.2 no format", "application/cloudevents"],
    ["§3.3 a batch in a format that nobody knows", "application/cloudevents-batch+xml"],
    ["§3.3 a batch without format", "application/cloudevents-batch"],
    ["§3 a type that only begins like it", "application/cloudeventsx+json"],
    ["J2 JSON that is not UTF-8", "application/cloudevents+json; charset=iso-8859-1"],
    ["J2 JSON that is not UTF-8, quoted", 'application/cloudevents+json; charset="utf-16"'],
  ])("%s: %s", async (_title, type) => {
    await isRefused({ "content-type": type }, structured, 415);
  });
  test("§3 compressed bytes are none that can be read", async () => {
    await isRefused({ "content-type": "application/cloudevents+json", "content-encoding": "gzip" }, structured, 415);
    await passes({ "content-type": "application/cloudevents+json", "content-encoding": "identity" }, structured);
  });
  test("two media types are read in two ways", async () => {
    await isRefused({ "content-type": ["application/cloudevents+json", "application/json"] }, structured);
    await isRefused({ ...required, "content-type": ["application/json", "application/cloudevents+json"] }, structured);
  });
  test("§3 a body that looks structured is data in binary mode", async () => {
    await passes({ ...required, "content-type": "application/json" }, structured);
    await isRefused({ "content-type": "application/json" }, structured, 400, "specversion is missing");
  });
  test("structured wins over headers that say something else, and those go no further", async () => {
    const headers = {
      ...required,
      "ce-id": "other",
      "ce-bad_name": "x",
      "content-type": "application/cloudevents+json",
    };
    const echo = await passes(headers, structured);
    expect(echo.headers.filter(([name]: [string]) => name.toLowerCase().startsWith("ce-"))).toEqual([]);
  });
});

describe("§3.1 binary", () => {
  test("§3.1.4 the example of the specification", async () => {
    const headers = {
      ...required,
      "ce-time": "2018-04-05T03:56:24Z",
      "content-type": "application/json; charset=utf-8",
    };
    const echo = await passes(headers, '{"a":12345678901234567890}');
    for (const [name, value] of Object.entries(headers)) expect(valuesOf(echo, name)).toEqual([value]);
  });
  test.each([
    ["§3.1.1 any content type", { "content-type": "text/plain;x=y" }],
    ["§3.1.1 no content type", {}],
    ["§3.1.3.1 names in any case", { "ce-id": undefined, "CE-ID": "1" }],
    ["§3.1.3.1 an extension", { "ce-myextension": "my value" }],
    ["C an extension with a long name", { "ce-averylongextensionname123456": "x" }],
    ["C an extension that is empty", { "ce-empty": "" }],
    ["§3.1.3.2 percent-encoded", { "ce-text": "Euro%20%E2%82%AC%20%F0%9F%98%80" }],
    ["§3.1.3.2 percent-encoded in lower case", { "ce-text": "%e2%82%ac" }],
    ["§3.1.3.2 encoded without need", { "ce-type": "com%2Eexample" }],
    ["§3.1.3.2 an encoded percent sign", { "ce-text": "100%25" }],
    ["§3.1.3.2 a double-quoted value", { "ce-text": '"a \\"quoted\\" %41"' }],
    ["§3.1.3.2 a quote in the middle", { "ce-text": 'say "x"' }],
    ["C a time with an offset", { "ce-time": "2018-04-05T17:31:00.123+02:00" }],
    ["C a subject", { "ce-subject": "mynewfile.jpg" }],
    ["C a data schema", { "ce-dataschema": "https://example.com/schema#v1" }],
    ["C a source that is a URI", { "ce-source": "https://github.com/cloudevents/spec/pull/123" }],
    ["C a source that is a URN", { "ce-source": "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66" }],
    ["C a source that is a name", { "ce-source": "1-555-123-4567" }],
    ["headers that are no attributes", { ce: "x", "cex-id": "x", "x-ce-id": "x" }],
  ] as [string, Headers][])("%s", async (_title, more) => {
    await passes({ "content-type": "application/json", ...required, ...more }, "{}");
  });
  test.each([
    ["no body", ""],
    ["bytes that are no text", Buffer.from([0, 255, 254, 10, 13])],
    ["broken JSON", '{"a":'],
  ])("§3.1.2 data is the body, whatever it is: %s", async (_title, body) => {
    await passes({ ...required, "content-type": "application/json" }, body);
  });
  test.each([
    ["C no id", { "ce-id": undefined }, "id is missing"],
    ["C no source", { "ce-source": undefined }, "source is missing"],
    ["C no type", { "ce-type": undefined }, "type is missing"],
    ["C no specversion", { "ce-specversion": undefined }, "specversion is missing"],
    ["C an empty id", { "ce-id": "" }, "id must be"],
    ["C an empty source", { "ce-source": "" }, "source must be"],
    ["C an empty type", { "ce-type": "" }, "type must be"],
    ["C a quoted empty type", { "ce-type": '""' }, "type must be"],
    ["C version 0.3", { "ce-specversion": "0.3" }, "specversion must be 1.0"],
    ["C version 2.0", { "ce-specversion": "2.0" }, "specversion must be 1.0"],
    ["C version 1.0.2", { "ce-specversion": "1.0.2" }, "specversion must be 1.0"],
    ["C a time without zone", { "ce-time": "2018-04-05T17:31:00" }, "time must be"],
    ["C a time in words", { "ce-time": "yesterday" }, "time must be"],
    ["C a day that there is not", { "ce-time": "2018-02-30T00:00:00Z" }, "time must be"],
    ["C an empty subject", { "ce-subject": "" }, "subject must be"],
    ["C a relative data schema", { "ce-dataschema": "/schema" }, "dataschema must be"],
    ["C a source with a space", { "ce-source": "my source" }, "source must be"],
    ["C a source with an encoded space", { "ce-source": "my%20source" }, "source must be"],
    ["C a name with an underscore", { "ce-my_ext": "x" }, "no attribute"],
    ["C a name with a dash", { "ce-my-ext": "x" }, "no attribute"],
    ["C a name with a dot", { "ce-my.ext": "x" }, "no attribute"],
    ["C no name", { "ce-": "x" }, "no attribute"],
    ["§3.1.1 the content type twice", { "ce-datacontenttype": "application/json" }, "no attribute"],
    ["C an attribute called data", { "ce-data": "{}" }, "no attribute"],
    ["J3.1 data_base64", { "ce-data_base64": "e30=" }, "no attribute"],
    ["an attribute twice", { "ce-id": ["1", "2"] }, "ce-id occurs more than once"],
    ["the same attribute twice", { "ce-id": ["1", "1"] }, "ce-id occurs more than once"],
    ["an attribute twice, in other letters", { "CE-ID": "1" }, "ce-id occurs more than once"],
    ["§3.1.3.2 an overlong space", { "ce-text": "%C0%A0" }, "ce-text is not"],
    ["§3.1.3.2 half a character", { "ce-text": "%E2%82" }, "ce-text is not"],
    ["§3.1.3.2 an encoded surrogate", { "ce-text": "%ED%A0%80" }, "ce-text is not"],
    ["§3.1.3.2 a percent sign alone", { "ce-text": "100%" }, "ce-text is not"],
    ["§3.1.3.2 Latin-1", { "ce-text": "\u00e9" }, "ce-text is not"],
    ["§3.1.3.2 half a quoted string", { "ce-text": '"abc' }, "ce-text is not"],
    ["C a control character", { "ce-text": "a%00b" }, "text has a character"],
    ["C a line feed", { "ce-text": "a%0Ab" }, "text has a character"],
    ["C a control character of Latin-1", { "ce-text": "%C2%85" }, "text has a character"],
    ["C a noncharacter", { "ce-text": "%EF%BF%BE" }, "text has a character"],
    ["C a content type that is none", { "content-type": "json" }, "datacontenttype must be"],
  ] as [string, Headers, string][])("%s is refused", async (_title, more, text) => {
    await isRefused({ "content-type": "application/json", ...required, ...more }, "{}", 400, text);
  });
});

describe("§3.2 structured", () => {
  const type = { "content-type": "application/cloudevents+json" };
  const event = (more: string) => `{"specversion":"1.0","id":"1","source":"/s","type":"t"${more}}`;
  test.each([
    ["§3.2.3 the smallest", event("")],
    ["J2 white space", ` \n\t${event("").replaceAll(",", " ,\r\n ")} `],
    ["J2.2 a string", event(',"ext":"my value"')],
    ["J2.2 a boolean", event(',"ext":true')],
    ["J2.2 an integer", event(',"ext":-2147483648,"other":2147483647')],
    ["J2.2 null is absent", event(',"subject":null,"time":null,"ext":null')],
    ["J2.2 escapes", event(',"subject":"\\u00fc \\/"')],
    ["J2.2 a surrogate pair", event(',"ext":"\\ud83d\\ude00"')],
    ["J2.2 text as it is", event(',"ext":"Größe €"')],
    ["J3.1 data that is an object", event(',"data":{"n":12345678901234567890,"n":1}')],
    ["J3.1 data that is a string", event(',"datacontenttype":"text/xml","data":"<much wow=\\"xml\\"/>"')],
    ["J3.1 data that is null", event(',"data":null')],
    ["J3.1 data that is false", event(',"data":false')],
    ["J3.1.1 data in Base64", event(',"datacontenttype":"application/octet-stream","data_base64":"AP/+"')],
    ["J3.1.1 no data in Base64", event(',"data_base64":""')],
    ["J3.1.1 Base64 that is null is absent", event(',"data":1,"data_base64":null')],
    ["J2 members in any order", '{"data":[],"type":"t","source":"/s","id":"1","specversion":"1.0"}'],
    ["J2 an escaped name", event("").replace('"id"', '"\\u0069d"')],
    ["a long name", event(',"averylongextensionname123456":"x"')],
    ["a lone surrogate inside data", event(',"data":"\\ud800"')],
  ])("%s passes unchanged", async (_title, body) => {
    await passes(type, body);
  });
  test.each([
    ["no body", "", "invalid JSON"],
    ["J2 no object", "[]", "invalid JSON"],
    ["J2 a string", '"event"', "invalid JSON"],
    ["J2 null", "null", "invalid JSON"],
    ["J2 broken", event("").slice(0, -1), "invalid JSON"],
    ["J2 something behind it", `${event("")}x`, "invalid JSON"],
    ["J2 two events", event("") + event(""), "invalid JSON"],
    ["J2 a comma too much", event(","), "invalid JSON"],
    ["J2 a comment", event("/**/"), "invalid JSON"],
    ["J2 a byte order mark", `\ufeff${event("")}`, "invalid JSON"],
    ["a name twice", event(',"id":"2"'), "the same name"],
    ["a name twice, escaped", event(',"\\u0069d":"2"'), "the same name"],
    ["data twice", event(',"data":1,"data":2'), "the same name"],
    ["C no id", '{"specversion":"1.0","source":"/s","type":"t"}', "id is missing"],
    ["J2.2 an id that is null", '{"specversion":"1.0","id":null,"source":"/s","type":"t"}', "id is missing"],
    ["J2.2 an id that is a number", '{"specversion":"1.0","id":1,"source":"/s","type":"t"}', "id must be a string"],
    ["C an empty type", event("").replace('"t"', '""'), "type must be"],
    ["C version 0.3", event("").replace("1.0", "0.3"), "specversion must be 1.0"],
    ["C a version that is a number", event("").replace('"1.0"', "1.0"), "specversion must be a string"],
    ["C a source with a space", event("").replace("/s", "/ s"), "source must be"],
    ["C a time in words", event(',"time":"now"'), "time must be"],
    ["C an empty subject", event(',"subject":""'), "subject must be"],
    ["C a relative data schema", event(',"dataschema":"a/b"'), "dataschema must be"],
    ["C a content type that is none", event(',"datacontenttype":"json"'), "datacontenttype must be"],
    ["J2.2 an object", event(',"ext":{}'), "ext must be"],
    ["J2.2 an array", event(',"ext":[]'), "ext must be"],
    ["J2.2 a fraction", event(',"ext":1.5'), "ext must be"],
    ["J2.2 a fraction that is none", event(',"ext":1.0'), "ext must be"],
    ["J2.2 an exponent", event(',"ext":1e3'), "ext must be"],
    ["J2.2 beyond 32 bits", event(',"ext":2147483648'), "ext must be"],
    ["J2.2 below 32 bits", event(',"ext":-2147483649'), "ext must be"],
    ["C an upper-case name", event(',"Ext":"x"'), "no attribute"],
    ["C a name with an underscore", event(',"my_ext":"x"'), "no attribute"],
    ["C an empty name", event(',"":"x"'), "no attribute"],
    ["C a control character", event(',"ext":"\\u0000"'), "ext has a character"],
    ["C a lone surrogate", event(',"ext":"\\ud800"'), "ext has a character"],
    ["C a noncharacter", event(',"ext":"\\ufffe"'), "ext has a character"],
    ["J3.1.1 both kinds of data", event(',"data":1,"data_base64":"AA=="'), "are both there"],
    ["J3.1.1 both kinds of data, one null", event(',"data":null,"data_base64":"AA=="'), "are both there"],
    ["J3.1.1 Base64 that is none", event(',"data_base64":"A"'), "not Base64"],
    ["J3.1.1 Base64 of the other alphabet", event(',"data_base64":"-_8="'), "not Base64"],
    ["J3.1.1 Base64 with white space", event(',"data_base64":"AA== "'), "not Base64"],
    ["J3.1.1 Base64 that is a number", event(',"data_base64":1'), "not Base64"],
    ["J2 bytes that are not UTF-8", Buffer.from(event(',"ext":"é"'), "latin1"), "not UTF-8"],
    ["J2 bytes that are not UTF-8, in the data", Buffer.from(event(',"data":"é"'), "latin1"), "not UTF-8"],
  ] as [string, string | Buffer, string][])("%s is refused", async (_title, body, text) => {
    await isRefused(type, body, 400, text);
  });
});

describe("§3.3 batched", () => {
  const type = { "content-type": "application/cloudevents-batch+json" };
  const event = (id: string, more = "") => `{"specversion":"1.0", "id":"${id}","source":"/s","type":"t"${more}}`;
  const batch = async (body: string | Buffer) => {
    const { response, seen } = await send(type, body);
    return { status: response.status, seen: seen.map((each) => each.body.toString()), text: response.text };
  };
  test("§3.3.3 events go on one by one, byte for byte", async () => {
    const events = [
      event("1", ',"data":{"n":12345678901234567890}'),
      event("2", ' , "x":1'),
      event("3", ',"data":"ü"'),
    ];
    expect(await batch(` [ ${events.join(" ,\n")} ] `)).toEqual({ status: 204, seen: events, text: "" });
    const [name, value] =
      world.echo.seen
        .at(-1)
        ?.rawHeaders.flatMap((each, at, all) => (each.toLowerCase() === "content-type" ? [each, all[at + 1]] : [])) ??
      [];
    expect([name?.toLowerCase(), value]).toEqual(["content-type", "application/cloudevents+json; charset=utf-8"]);
  });
  test("J4 an empty batch is one", async () => {
    expect(await batch("[]")).toEqual({ status: 204, seen: [], text: "" });
  });
  test.each([
    [
      "one that is none",
      `[${event("1")},{"id":"2"},${event("3")},[],7]`,
      "of the batch, 1 (specversion is missing), 3 (invalid JSON",
    ],
    ["one of another version", `[${event("1")},${event("2").replace("1.0", "0.3")}]`, "1 (specversion must be 1.0)"],
    ["no array", event("1"), "invalid JSON"],
    ["a broken array", `[${event("1")}`, "invalid JSON"],
    ["something behind it", `[${event("1")}]]`, "invalid JSON"],
    ["nothing", "", "invalid JSON"],
  ])("J4 %s: nothing goes on", async (_title, body, text) => {
    const result = await batch(body);
    expect(result).toMatchObject({ status: 400, seen: [] });
    expect(JSON.parse(result.text).error).toContain(text);
  });
});
