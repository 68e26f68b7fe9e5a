import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { callOf, credentialOf, prove, settingsOf, tokenServer } from "./test-world.ts";

describe("a token request", () => {
  test("AG-34 is a form with the credentials in body and header, and names no user agent", async () => {
    const idp = await tokenServer((_, answer) => answer.end('{"access_token":"t","expires_in":60}'));
    expect(await authorization(idp.url)).toBe("Bearer t");
    const [request] = idp.requests;
    expect(request).toMatchObject({
      method: "POST",
      url: "/token",
      body: "client_id=c%26d&client_secret=s+%2B&grant_type=client_credentials",
      headers: {
        authorization: `Basic ${Buffer.from("c&d:s +").toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
    });
    expect(request?.headers).not.toHaveProperty("user-agent");
  });

  test("AG-35 carries the Secret's headers and query", async () => {
    const idp = await tokenServer((_, answer) => answer.end('{"access_token":"t"}'));
    const additions = { headers: '{"X-Tenant":["a"],"authorization":["no"]}', queryParameters: '{"scope":["x y"]}' };
    await authorization(`${idp.url}?a=1`, additions);
    expect(idp.requests[0]?.url).toBe("/token?a=1&scope=x+y");
    expect(idp.requests[0]?.headers).toMatchObject({ "x-tenant": "a" });
    expect(idp.requests[0]?.headers.authorization).toMatch(/^Basic /);
  });

  test("is shared by APIs that send its token in another way", async () => {
    const idp = await tokenServer();
    const settings = settingsOf({ tokenUrl: idp.url });
    const user = ["X-User-Token", "u"];
    for (const type of ["OAuth", "OAuthTokenExchange"]) {
      const sent = ["Bearer ", "token ", ""].map(async (headerPrefix) => {
        const credential = credentialOf(type, { clientId: "c", clientSecret: "s", headerPrefix }, settings);
        const { headers } = await prove(credential, { clientHeaders: user });
        credential.refused(callOf({ headers: ["Authorization", "another"], clientHeaders: user }));
        return headers;
      });
      expect(await Promise.all(sent)).toEqual(["Bearer t", "token t", "t"].map((value) => ["Authorization", value]));
    }
    expect(idp.requests.length).toBe(2);
  });

  test("follows redirects within its origin", async () => {
    const idp = await tokenServer((request, answer) => {
      if (request.url === "/token") answer.writeHead(307, { location: "/other" }).end();
      else answer.end('{"access_token":"t"}');
    });
    expect(await authorization(idp.url)).toBe("Bearer t");
    expect(idp.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /token", "POST /other"]);
  });

  test.each([301, 302, 303, 307, 308])("does not follow a %i to another port", async (status) => {
    const other = await tokenServer((_, answer) => answer.end('{"access_token":"t"}'));
    const idp = await tokenServer((_, answer) => answer.writeHead(status, { location: other.url }).end());
    await expect(authorization(idp.url)).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED" });
    expect(other.requests).toEqual([]);
  });

  test("ends a chain of redirects", async () => {
    const idp = await tokenServer((_, answer) => answer.writeHead(302, { location: "/token" }).end());
    await expect(authorization(idp.url)).rejects.toMatchObject({ status: 502 });
    expect(idp.requests.length).toBeLessThan(15);
  });

  test.each<[string, (answer: ServerResponse) => void, string]>([
    ["403", (answer) => answer.writeHead(403).end(), "incorrect response code '403' while getting token from "],
    ["201", (answer) => answer.writeHead(201).end('{"access_token":"t"}'), "incorrect response code '201'"],
    ["no JSON", (answer) => answer.end("xx"), "failed to unmarshal token response body: "],
    ["no token", (answer) => answer.end("{}"), "failed to unmarshal token response body: "],
    ["a reset", (answer) => answer.destroy(), "failed to make a request to 'http://"],
    ["silence", () => undefined, "failed to make a request to 'http://"],
    [
      "half a body",
      (answer) => answer.writeHead(200, { "content-length": "100" }).write("{"),
      "failed to make a request",
    ],
    ["a flood", (answer) => answer.end(Buffer.alloc(2 * 1024 * 1024)), "failed to make a request to 'http://"],
  ])("AG-38 that gets %s fails with 502 and names the URL without its query", async (_, answer, text) => {
    const idp = await tokenServer((_request, response) => answer(response));
    const failure = authorization(`${idp.url}?hidden=1`);
    await expect(failure).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED", status: 502 });
    await expect(failure).rejects.toThrow(text);
    await expect(failure).rejects.not.toThrow(/hidden|s \+/);
  });

  test.each(["", "nowhere", "ftp://idp/token"])("to %j fails with 502", async (url) => {
    await expect(authorization(url)).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED", status: 502 });
  });
});

async function authorization(tokenUrl: string, additions: Record<string, string> = {}): Promise<string | undefined> {
  const credential = credentialOf("OAuth", { clientId: "c&d", clientSecret: "s +", ...additions }, { tokenUrl });
  return (await prove(credential)).headers[1];
}
