import { describe, expect, onTestFinished, test } from "vitest";
import { call, callJson, rawCall } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";

const start = startUntil(onTestFinished);

interface Echo {
  method: string;
  url: string;
  headers: [string, string][];
  body: { length: number; utf8: string; base64: string; sha256: string; truncated: boolean };
  connection: { listener: string; number: number };
}

describe("the echo", () => {
  test.each([
    "/echo/a%2Fb/..//c;d='e'?x=%zz&y=1;2",
    "/any/where",
    "/%zz",
    "/app/v1/events/subscribed",
    "//double",
    "/bytes%2F3",
    "/api/v2/unknown",
  ])("shows the raw target %s", async (target) => {
    const { url } = await start();
    expect((await callJson<Echo>(`${url}${target}`)).url).toBe(target);
  });

  test("shows header lines in order, in their case and with duplicates", async () => {
    const { port } = await start();
    const answer = await rawCall(
      port,
      "GET /echo HTTP/1.1\r\nHost: t\r\nX-b: 2\r\nx-A: 1\r\nX-B: \xe9\r\nConnection: close\r\n\r\n",
    );
    const { headers } = bodyOf(answer);
    expect(headers.slice(0, 4)).toEqual([
      ["Host", "t"],
      ["X-b", "2"],
      ["x-A", "1"],
      ["X-B", "\u00e9"],
    ]);
  });

  test("shows bytes of any method and any content type", async () => {
    const { url } = await start();
    const body = Buffer.from([0, 255, 10, 13]);
    const echo = await callJson<Echo>(`${url}/echo`, { method: "PROPFIND", body, headers: { "content-type": ";;" } });
    expect(echo).toMatchObject({ method: "PROPFIND", body: { length: 4, base64: body.toString("base64") } });
  });

  test("describes a large body by length and digest and quotes its first MiB", async () => {
    const { url } = await start();
    const echo = await callJson<Echo>(`${url}/echo`, { method: "POST", body: Buffer.alloc(3_000_000, "x") });
    expect(echo.body).toMatchObject({ length: 3_000_000, truncated: true });
    expect(echo.body.utf8.length).toBe(1_048_576);
  });

  test("takes the status from the query, so that it can stand in for a failing Eventing", async () => {
    const { url } = await start();
    expect((await call(`${url}/std/v1/events?status=507`, { method: "POST" })).status).toBe(507);
    expect((await call(`${url}/publish?status=204`, { method: "POST" })).body.length).toBe(0);
  });

  test("takes headers of 900 KiB and thousands of lines", async () => {
    const { port } = await start();
    const lines = Array.from({ length: 5000 }, (_, index) => `x-${index}: ${"v".repeat(150)}\r\n`).join("");
    const answer = await rawCall(port, `GET /echo HTTP/1.1\r\nHost: t\r\nConnection: close\r\n${lines}\r\n`);
    expect(bodyOf(answer).headers.length).toBe(5002);
  });

  test("is remembered with its body in the log", async () => {
    const { url, requests } = await start();
    await call(`${url}/echo`, { method: "POST", body: "remember me" });
    expect(requests.count({ method: "POST", url: /^\/echo/ })).toBe(1);
    expect(requests.last()).toMatchObject({ status: 200, complete: true, bodyBytes: 11 });
    expect(requests.last()?.body?.toString()).toBe("remember me");
  });
});

function bodyOf(answer: string): Echo {
  return JSON.parse(Buffer.from(answer.slice(answer.indexOf("\r\n\r\n")), "latin1").toString("utf8")) as Echo;
}
