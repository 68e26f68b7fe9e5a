import { describe, expect, test } from "vitest";
import { changesWithinMs } from "./other/other-gateway.ts";
import { echoOf, errorOf, expectReason, headersOf, until, useWorld } from "./world.ts";

const world = useWorld();

describe("Basic", () => {
  test("AG-28 AG-29 sends what the Secret holds, whatever the client sends", async () => {
    const secretName = world.secret({ username: "u", password: "p:w" });
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    for (const headers of [[], ["Authorization", "Bearer mine"], ["authorization", "a", "Authorization", "b"]]) {
      expect(headersOf(echoOf(await world.call(`/${app}/s`, { headers })), "authorization")).toEqual([
        "Basic dTpwOnc=",
      ]);
    }
  });

  test("AG-59 follows a Secret that is rotated", async () => {
    const secretName = world.secret({ username: "u", password: "old" });
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    const used = async (): Promise<string | undefined> =>
      headersOf(echoOf(await world.call(`/${app}/s`)), "authorization")[0];
    expect(await used()).toBe(basic("u:old"));
    const data = { password: Buffer.from("new").toString("base64") };
    world.cluster.patchObject(
      { apiVersion: "v1", kind: "Secret", name: secretName, namespace: "kyma-system" },
      { data },
    );
    await until(async () => (await used()) === basic("u:new"), changesWithinMs);
  });
});

describe("static tokens", () => {
  test.each([
    ["ApiKey", { apiKey: "k-123" }, "x-api-key", "k-123"],
    ["ApiKey", { apiKey: "k-123", headerName: "Ocp-Key" }, "ocp-key", "k-123"],
    ["Bearer", { token: "t.o-k" }, "authorization", "Bearer t.o-k"],
  ])("%s %j is sent, whatever the client sends", async (type, data, header, value) => {
    const secretName = world.secret(data);
    const app = world.api({ credentials: { type, secretName } });
    await world.settled();
    for (const headers of [[], [header, "mine"]]) {
      expect(headersOf(echoOf(await world.call(`/${app}/s`, { headers })), header)).toEqual([value]);
    }
  });

  test("that are missing in their Secret are a 500 that names it", async () => {
    const secretName = world.secret({ other: "x" });
    const app = world.api({ credentials: { type: "ApiKey", secretName } });
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(500);
    expect(errorOf(answer).error).toContain(`secret '${secretName}' has no key 'apiKey'`);
  });
});

describe("no credentials", () => {
  test.each([undefined, { type: "", secretName: "" }])("AG-30 let the client's pass: %j", async (credentials) => {
    const app = world.api(credentials === undefined ? {} : { credentials });
    await world.settled();
    const answer = await world.call(`/${app}/s`, { headers: ["Authorization", "Bearer mine"] });
    expect(headersOf(echoOf(answer), "authorization")).toEqual(["Bearer mine"]);
    expect(headersOf(echoOf(await world.call(`/${app}/s`)), "authorization")).toEqual([]);
  });

  test("AG-33 come of a type that nobody knows, if its Secret exists", async () => {
    const secretName = world.secret({ anything: "x" });
    const app = world.application([
      { displayName: "there", entries: [{ credentials: { type: "Foo", secretName } }] },
      { displayName: "gone", entries: [{ credentials: { type: "Foo", secretName: "no-such-secret" } }] },
    ]);
    await world.settled();
    expect(headersOf(echoOf(await world.call(`/${app}/there`)), "authorization")).toEqual([]);
    expect((await world.call(`/${app}/gone`)).status).toBe(500);
  });
});

describe("a token that the client brings", () => {
  test.each(["Basic", "none"])("AG-31 takes the place of the configured method: %s", async (type) => {
    const secretName = world.secret({ username: "u", password: "p" });
    const app = world.api(type === "none" ? {} : { credentials: { type, secretName } });
    await world.settled();
    const headers = ["Access-Token", "Bearer ext", "Authorization", "Bearer mine"];
    const seen = echoOf(await world.call(`/${app}/s`, { headers }));
    expect(headersOf(seen, "authorization")).toEqual(["Bearer ext"]);
    expect(headersOf(seen, "access-token")).toEqual([]);
  });

  test("counts for nothing when it is empty", async () => {
    const secretName = world.secret({ username: "u", password: "p" });
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`, { headers: ["Access-Token", ""] }));
    expect(headersOf(seen, "authorization")).toEqual([basic("u:p")]);
    expect(headersOf(seen, "access-token")).toEqual([""]);
  });
});

describe("a Secret that is not there", () => {
  test.each(["Basic", "OAuth", "OAuthWithCert", "CertificateGen"])(
    "AG-32 makes calls with %s fail with 500",
    async (type) => {
      const app = world.api({ credentials: { type, secretName: "no-such-secret" } });
      await world.settled();
      const answer = await world.call(`/${app}/s`);
      expect(answer.status).toBe(500);
      expect(errorOf(answer)).toEqual({
        code: 500,
        error: "failed to read API for name-of-s service, secret 'no-such-secret' not found",
      });
      expectReason(answer, "secret_not_found");
    },
  );

  test("AG-27 for request parameters makes calls fail with 500", async () => {
    const app = world.api({ requestParametersSecretName: "no-such-secret" });
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(500);
  });

  test("is used within two seconds of its creation, and missed within two of its deletion", async () => {
    const app = world.api({ credentials: { type: "Basic", secretName: "late" } });
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(500);
    world.secret({ username: "u", password: "p" }, "late");
    await until(async () => (await world.call(`/${app}/s`)).status === 200, changesWithinMs);
    world.cluster.delete({ apiVersion: "v1", kind: "Secret", name: "late", namespace: "kyma-system" });
    await until(async () => (await world.call(`/${app}/s`)).status === 500, changesWithinMs);
  });

  test("in the right namespace does not count in another", async () => {
    world.cluster.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "elsewhere", namespace: "default" } });
    const app = world.api({ credentials: { type: "Foo", secretName: "elsewhere" } });
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(500);
  });
});

describe("a Secret that lacks a key", () => {
  test.each([
    ["Basic", { username: "u" }, "password"],
    ["OAuth", { clientId: "c" }, "clientSecret"],
    ["OAuthWithCert", { clientId: "c", crt: "x" }, "key"],
    ["CertificateGen", {}, "crt"],
  ])("makes calls with %s fail with 500 and is named with the key", async (type, data, key) => {
    const secretName = world.secret(data);
    const app = world.api({ credentials: { type, secretName } });
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(500);
    expect(errorOf(answer).error).toContain(`secret '${secretName}' has no key '${key}'`);
    expect(world.target.requests.total).toBe(0);
  });

  test.each(['{"X-A":"notalist"}', "", "nonsense"])(
    "AG-27 or has request parameters that are none: %j",
    async (headers) => {
      const app = world.api({ requestParametersSecretName: world.secret({ headers }) });
      await world.settled();
      const answer = await world.call(`/${app}/s`);
      expect(answer.status).toBe(500);
      expect(errorOf(answer).error).toMatch(/^failed to read API for name-of-s service, Failed to unmarshal headers, /);
      expect(answer.body.toString()).not.toContain("notalist");
    },
  );
});

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}
