import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCsrf } from "./csrf.ts";
import type { CsrfSession } from "./csrf-session.ts";
import { callOf, credentialOf, listening, secretOf } from "./test-world.ts";
import { TokenCache } from "./token-cache.ts";

test("callers with tokens of their own, however many, take no place from the session of the API itself", async () => {
  const seen: (string | undefined)[] = [];
  const port = await listening(
    createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(200, { "x-csrf-token": `t${seen.length}` }).end();
    }),
  );
  const data = { username: "u", password: "p" };
  const credential = withCsrf(credentialOf("Basic", data), secretOf(data), {
    url: `http://127.0.0.1:${port}/token`,
    api: ["a", "s"],
    skipVerify: false,
    timeoutMs: 1_000,
    sessions: new TokenCache<CsrfSession>({ maxTokens: 2 }),
    callerSessions: new TokenCache<CsrfSession>({ maxTokens: 2 }),
  });
  const own = async () => {
    const call = callOf({ headers: [] });
    await credential.authorize(call);
    return call.headers[call.headers.indexOf("X-CSRF-Token") + 1];
  };
  expect(await own()).toBe("t1");
  for (let nr = 0; nr < 5; nr++) await credential.accompany?.(callOf({ headers: ["Authorization", `Bearer ${nr}`] }));
  expect(await own()).toBe("t1");
  expect(seen).toEqual(["Basic dTpw", ...[0, 1, 2, 3, 4].map((nr) => `Bearer ${nr}`)]);
});
