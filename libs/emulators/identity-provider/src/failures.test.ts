import { expect, onTestFinished, test } from "vitest";
import { startIdentityProvider } from "./index.ts";

test.each([400, 401, 403, 500, 503])("answers %i with an OAuth error, as often as told", async (status) => {
  const provider = await start();
  provider.fail(status, 2);
  expect([await statusOf(provider), await statusOf(provider), await statusOf(provider)]).toEqual([status, status, 200]);
});

test("answers 201 with a good token", async () => {
  const provider = await start();
  provider.fail(201, 1);
  const response = await requestToken(provider);
  expect(response.status).toBe(201);
  const { access_token } = (await response.json()) as { access_token: string };
  expect(provider.isValid(access_token)).toBe(true);
});

test("answers what is no token response", async () => {
  const provider = await start();
  provider.fail("garbage", 1);
  provider.fail("missing_token", 1);
  provider.fail({ body: "<html>", contentType: "text/html" }, 1);
  expect(await (await requestToken(provider)).text()).toBe("xx");
  expect(await (await requestToken(provider)).json()).not.toHaveProperty("access_token");
  expect(await (await requestToken(provider)).text()).toBe("<html>");
});

test.each([301, 302, 303, 307, 308] as const)("redirects with %i", async (status) => {
  const provider = await start();
  provider.fail({ redirect: "http://127.0.0.1:9/else", status });
  const response = await requestToken(provider);
  expect([response.status, response.headers.get("location")]).toEqual([status, "http://127.0.0.1:9/else"]);
});

test("breaks the connection", async () => {
  const provider = await start();
  provider.fail("reset", 1);
  await expect(requestToken(provider)).rejects.toThrow();
  expect(await statusOf(provider)).toBe(200);
});

test("is late, then right", async () => {
  const provider = await start();
  provider.fail({ slowMs: 80 }, 1);
  const begin = performance.now();
  expect(await statusOf(provider)).toBe(200);
  expect(performance.now() - begin).toBeGreaterThan(70);
});

test("says nothing until healed or stopped", async () => {
  const provider = await start();
  provider.fail("hang");
  const waiting = requestToken(provider);
  waiting.catch(() => undefined);
  await expect.poll(() => provider.requests.length).toBe(1);
  provider.heal();
  expect(await statusOf(provider)).toBe(200);
  await provider.stop();
  await expect(waiting).rejects.toThrow();
});

async function start() {
  const provider = await startIdentityProvider({ clients: [{ id: "shop", secret: "s" }] });
  onTestFinished(() => provider.stop());
  return provider;
}

function requestToken({ tokenUrl }: { tokenUrl: string }): Promise<Response> {
  const form = { grant_type: "client_credentials", client_id: "shop", client_secret: "s" };
  return fetch(tokenUrl, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
}

async function statusOf(provider: { tokenUrl: string }): Promise<number> {
  return (await requestToken(provider)).status;
}
