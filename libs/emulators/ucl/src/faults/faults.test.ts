import { expect, onTestFinished, test } from "vitest";
import { type Answer, call } from "../testing/call.ts";
import { byToken, configuration, director, pair, runtimeIn, startUntil } from "../testing/world.ts";
import type { FaultAction } from "./faults.ts";

const start = startUntil(onTestFinished);

/** UCL with three applications, and a way for their runtime to ask for them two at a time. */
async function world() {
  const ucl = await start();
  const { id, token } = await runtimeIn(ucl, "f");
  const system = await pair(ucl, token);
  ucl.seed({ applications: { count: 3, formations: ["f"] } });
  const ask = (after = ""): Promise<Answer> =>
    director(
      ucl,
      system,
      `{ page: applicationsForRuntime(runtimeID: "${id}", first: 2, after: "${after}") { data { id name } pageInfo { startCursor endCursor hasNextPage } totalCount } }`,
    );
  return { ucl, ask };
}

test("a rule is for a route, an operation, a page or the n-th request, and strikes as often as it says", async () => {
  const { ucl, ask } = await world();
  const next = (await ask()).data.page.pageInfo.endCursor;
  ucl.faults.add(
    { match: { operation: "setRuntimeLabel" }, action: { status: 500 } },
    { match: { route: "connector" }, action: { status: 500 } },
    { match: { operation: "applicationsForRuntime", pageIndex: 1, nth: 2 }, action: { status: 503 }, times: 1 },
  );
  const statuses = [];
  for (const after of ["", next, "", next, next]) statuses.push((await ask(after)).status);
  expect(statuses).toEqual([200, 200, 200, 503, 200]);
  expect(ucl.faults.list()).toHaveLength(2);
});

test.each<{ action: FaultAction; status: number; type: string; text: RegExp }>([
  { action: { status: 503, body: "html" }, status: 503, type: "text/html", text: /^<html>/ },
  { action: { status: 500, body: "json" }, status: 500, type: "application/json", text: /"errors"/ },
  { action: { status: 401 }, status: 401, type: "text/plain", text: /^$/ },
  { action: { rateLimit: { retryAfterS: 7 } }, status: 429, type: "text/plain", text: /^local_rate_limited$/ },
])("$action is answered with $status", async ({ action, status, type, text }) => {
  const { ucl, ask } = await world();
  ucl.faults.add({ action });
  const answer = await ask();
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toContain(type);
  expect(answer.text).toMatch(text);
  expect(answer.headers["retry-after"]).toBe(action.rateLimit === undefined ? undefined : "7");
});

test.each<{ action: FaultAction }>([
  { action: { reset: "before" } },
  { action: { reset: "after" } },
  { action: { truncate: true } },
])("$action breaks the connection", async ({ action }) => {
  const { ucl, ask } = await world();
  ucl.faults.add({ action, times: 1 });
  await expect(ask()).rejects.toThrow();
  expect((await ask()).status).toBe(200);
});

test("a token is spent by a request whose answer is lost, and not by one that the gateway refuses", async () => {
  const ucl = await start();
  const { token } = await runtimeIn(ucl);
  ucl.faults.add({ match: { operation: "configuration" }, action: { status: 502 }, times: 1 });
  expect((await byToken(ucl, token, configuration)).status).toBe(502);
  ucl.faults.add({ match: { operation: "configuration" }, action: { reset: "after" }, times: 1 });
  await expect(byToken(ucl, token, configuration)).rejects.toThrow();
  expect((await byToken(ucl, token, configuration)).data).toBeNull();
});

test("TLS is refused with an alert while the rule lasts", async () => {
  const { ucl, ask } = await world();
  ucl.faults.add({ action: { tlsAlert: true }, times: 1 });
  await expect(ask()).rejects.toThrow();
  expect((await ask()).status).toBe(200);
});

test("answers are late, wrong, or only partly there", async () => {
  const { ucl, ask } = await world();
  const spoiled = async (action: FaultAction) => {
    ucl.faults.add({ action, times: 1 });
    return ask();
  };
  const error = await spoiled({ graphqlError: { message: "no", code: 10 } });
  expect(error).toMatchObject({ status: 200, data: null, errors: [{ message: "no", extensions: { error_code: 10 } }] });
  const partial = await spoiled({ partialData: true });
  expect([partial.data.page.data.length, partial.errors?.length]).toEqual([2, 1]);
  expect((await spoiled({ nullField: "page" })).data).toEqual({ page: null });
  const nameless = await spoiled({ nullField: "page.data.*.name" });
  expect(nameless.data.page.data.map(({ name }: { name: unknown }) => name)).toEqual([null, null]);
  const began = performance.now();
  expect((await spoiled({ delayMs: 50 })).status).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(45);
});

test("pages lose, double and repeat what is in them, and their ends lie", async () => {
  const { ucl, ask } = await world();
  const good = (await ask()).data.page;
  const spoiled = async (page: NonNullable<FaultAction["page"]>, after = "") => {
    ucl.faults.add({ action: { page }, times: 1 });
    return (await ask(after)).data.page;
  };
  expect((await spoiled("drop")).data).toEqual(good.data.slice(0, 1));
  expect((await spoiled("double")).data).toEqual([good.data[0], good.data[0]]);
  expect((await spoiled("cut")).pageInfo).toMatchObject({ hasNextPage: false, endCursor: "" });
  expect((await spoiled("noCursor")).pageInfo).toMatchObject({ hasNextPage: true, endCursor: "" });
  expect((await spoiled("sameCursor")).pageInfo).toMatchObject({ hasNextPage: true, endCursor: "" });
  expect((await spoiled("miscount")).totalCount).toBe(4);
  expect((await spoiled("repeat", good.pageInfo.endCursor)).data).toEqual(good.data);
  expect((await ask()).data.page).toEqual(good);
});

test("something happens between two pages", async () => {
  const { ucl, ask } = await world();
  const { endCursor } = (await ask()).data.page.pageInfo ?? {};
  const { applications } = ucl.snapshot();
  const [first] = (applications as { id: string }[]).map(({ id }) => id).toSorted();
  ucl.betweenPages(0, () =>
    ucl.administrator(
      'mutation ($id: ID!) { unassignFormation(objectID: $id, objectType: APPLICATION, formation: { name: "f" }) { id } }',
      { id: first },
    ),
  );
  expect((await ask()).data.page.totalCount).toBe(3);
  expect((await ask(endCursor)).data.page).toMatchObject({ data: [], totalCount: 2 });
});

test("the journal knows who asked what, and no token", async () => {
  const { ucl, ask } = await world();
  ucl.journal.clear();
  await ask();
  await call(ucl, ucl.urls.connectorURL, { query: configuration, token: "secret-token" });
  const [asked, refused] = ucl.journal.entries;
  expect(asked).toMatchObject({
    listener: "mtls",
    route: "director",
    operations: ["applicationsForRuntime"],
    arguments: [{ first: 2, after: "" }],
    certificate: expect.stringMatching(/^[0-9a-f]{64}$/),
    status: 200,
    error: undefined,
  });
  expect(refused).toMatchObject({ listener: "token", operations: ["configuration"], error: expect.any(String) });
  expect(JSON.stringify(ucl.journal.entries)).not.toContain("secret-token");
});
