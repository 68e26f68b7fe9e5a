import { expect, onTestFinished, test } from "vitest";
import { startIdentityProvider } from "../index.ts";

const bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const jwt = "urn:ietf:params:oauth:token-type:jwt";

test("a user's password gives a token for the user, and a refresh token that gives others", async () => {
  const { provider, ask } = await start();
  const first = await ask({ grant_type: "password", username: "ada", password: "p w" });
  expect(provider.tokenRecord(String(first["access_token"]))).toMatchObject({ subject: "ada", clientId: "shop" });
  const again = { grant_type: "refresh_token", refresh_token: String(first["refresh_token"]) };
  expect(provider.tokenRecord(String((await ask(again))["access_token"]))?.subject).toBe("ada");
  provider.refreshTokens.rotates = true;
  const next = await ask(again);
  expect(next["refresh_token"]).not.toBe(again.refresh_token);
  expect(await ask(again)).toMatchObject({ error: "invalid_grant" });
  expect(await ask({ ...again, refresh_token: String(next["refresh_token"]) })).toHaveProperty("access_token");
});

test.each([
  [{ grant_type: "password", username: "ada", password: "no" }, "invalid_grant"],
  [{ grant_type: "password", username: "eve", password: "p w" }, "invalid_grant"],
  [{ grant_type: "password", username: "ada" }, "invalid_request"],
  [{ grant_type: "refresh_token", refresh_token: "made up" }, "invalid_grant"],
  [{ grant_type: bearer, assertion: "made up" }, "invalid_grant"],
  [{ grant_type: exchange, subject_token: "made up", subject_token_type: jwt }, "invalid_grant"],
  [{ grant_type: exchange, subject_token: "x" }, "invalid_request"],
])("%j is refused", async (form, error) => {
  const { ask } = await start();
  expect(await ask(form)).toMatchObject({ error });
});

test("a user's token gives another one, as an assertion and in exchange", async () => {
  const { provider, ask } = await start();
  const token = await provider.userTokens.issue("ada");
  for (const form of [
    { grant_type: bearer, assertion: token },
    { grant_type: exchange, subject_token: token, subject_token_type: jwt },
  ]) {
    const { access_token } = await ask(form);
    expect(provider.tokenRecord(String(access_token))?.subject).toBe("ada");
  }
});

test("a user's token that has ended, or that another key has signed, gives nothing", async () => {
  const { provider, ask } = await start();
  const ended = await provider.userTokens.issue("ada", { lifetimeS: -1 });
  const other = await (await start()).provider.userTokens.issue("ada");
  for (const assertion of [ended, other]) {
    expect(await ask({ grant_type: bearer, assertion })).toMatchObject({ error: "invalid_grant" });
  }
});

test("the keys of users' tokens can be looked up, also after they have changed", async () => {
  const { provider, ask } = await start();
  const before = await provider.userTokens.issue("ada");
  provider.userTokens.rotateKey();
  const { keys } = (await (await fetch(provider.jwksUrl)).json()) as { keys: { kid: string }[] };
  expect(keys).toHaveLength(2);
  expect(JSON.stringify(keys)).not.toContain('"d":');
  expect(await ask({ grant_type: bearer, assertion: before })).toHaveProperty("access_token");
});

async function start() {
  const provider = await startIdentityProvider({ clients: [{ id: "shop", secret: "s" }], users: { ada: "p w" } });
  onTestFinished(() => provider.stop());
  const ask = async (form: Record<string, string>): Promise<Record<string, unknown>> => {
    const body = new URLSearchParams({ client_id: "shop", client_secret: "s", ...form });
    return (await (await fetch(provider.tokenUrl, { method: "POST", body })).json()) as Record<string, unknown>;
  };
  return { provider, ask };
}
