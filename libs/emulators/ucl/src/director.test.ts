import { expect, onTestFinished, test } from "vitest";
import { call, type Pair } from "./testing/call.ts";
import { director, freshToken, pair, runtimeIn, startUntil } from "./testing/world.ts";

const start = startUntil(onTestFinished);

type World = Awaited<ReturnType<typeof start>>;

/** UCL with a paired runtime in the formation `f`. */
async function paired(options: Parameters<typeof start>[0] = {}): Promise<{ ucl: World; id: string; system: Pair }> {
  const ucl = await start(options);
  const { id, token } = await runtimeIn(ucl, "f");
  return { ucl, id, system: await pair(ucl, token) };
}

const page = (arguments_: string, fields = "id name"): string =>
  `{ page: applicationsForRuntime(${arguments_}) { data { ${fields} } pageInfo { startCursor endCursor hasNextPage } totalCount } }`;

test("UCL-9 a tenant of somebody else is refused; without the header the caller's own counts", async () => {
  const { ucl, system } = await paired();
  ucl.seed({ tenants: ["another"] });
  for (const tenant of ["another", "unknown"]) {
    const refused = await director(ucl, system, "{ viewer { id } }", { tenant });
    expect(refused).toMatchObject({ status: 400, data: null });
    expect(refused.errors?.[0]).toMatchObject({
      message: `Tenant not found [externalTenant=${tenant}]`,
      extensions: { error_code: 25, error: "TenantNotFound" },
    });
  }
  for (const tenant of [undefined, "", ucl.tenant]) {
    const options = tenant === undefined ? {} : { tenant };
    expect((await director(ucl, system, "{ viewer { type } }", options)).data).toEqual({ viewer: { type: "RUNTIME" } });
  }
});

test("UCL-10 450 applications come in pages of 200, each once, in the order of their ids", async () => {
  const { ucl, id, system } = await paired();
  ucl.seed({ applications: { count: 450, formations: ["f"] } });
  const ids: string[] = [];
  let after = "";
  for (const [size, more] of [
    [200, true],
    [200, true],
    [50, false],
  ] as const) {
    const { data } = await director(ucl, system, page(`runtimeID: "${id}", after: "${after}"`));
    const { data: items, pageInfo, totalCount } = data.page;
    expect([items.length, pageInfo.startCursor, pageInfo.hasNextPage, totalCount]).toEqual([size, after, more, 450]);
    ids.push(...items.map((item: { id: string }) => item.id));
    after = pageInfo.endCursor;
  }
  expect(after).toBe("");
  expect(new Set(ids).size).toBe(450);
  expect(ids).toEqual(ids.toSorted());
});

test("UCL-11 page sizes have bounds, and cursors must be cursors", async () => {
  const { ucl, id, system } = await paired();
  ucl.seed({ applications: { count: 1, formations: ["f"] } });
  const code = async (query: string) => (await director(ucl, system, query)).errors?.[0]?.extensions?.error_code;
  expect(await code(page(`runtimeID: "${id}", first: 0`))).toBe(22);
  expect(await code(page(`runtimeID: "${id}", first: null`))).toBe(22);
  expect(await code(page(`runtimeID: "${id}", first: 5000`))).toBeUndefined();
  const nested = await director(ucl, system, page(`runtimeID: "${id}"`, "bundles(first: 201) { totalCount }"));
  expect(nested.errors?.[0]).toMatchObject({
    message: "Invalid data [reason=page size must be between 1 and 200]",
    extensions: { error_code: 22, error: "InvalidData" },
  });
  for (const cursor of [
    "%",
    "x",
    Buffer.from("DpKtJ4j9jDq-1").toString("base64"),
    Buffer.from("a").toString("base64"),
  ]) {
    expect(await code(page(`runtimeID: "${id}", after: "${cursor}"`))).toBe(22);
  }
  const plain = Buffer.from("1").toString("base64");
  expect(await code(page(`runtimeID: "${id}", after: "${plain}"`))).toBeUndefined();
});

test.each([
  { label: undefined, names: ["mp-foo-bar", "mp-foo-bar-AB1"] },
  { label: "true", names: ["mp-foo-bar", "mp-foo-bar-AB1"] },
  { label: "false", names: ["Foo Bar", "Foo Bar-AB1"] },
  { label: true, names: ["Foo Bar", "Foo Bar-AB1"] },
])("UCL-12 a runtime with isNormalized $label is told $names", async ({ label, names }) => {
  const { ucl, id, system } = await paired();
  if (label === undefined) {
    await ucl.administrator('mutation ($id: ID!) { deleteRuntimeLabel(runtimeID: $id, key: "isNormalized") { key } }', {
      id,
    });
  } else {
    await ucl.administrator(
      'mutation ($id: ID!, $value: Any!) { setRuntimeLabel(runtimeID: $id, key: "isNormalized", value: $value) { key } }',
      { id, value: label },
    );
  }
  const applications = [
    { count: 1, name: "Foo Bar" },
    { count: 1, name: "Foo Bar", systemNumber: "AB1" },
  ];
  const planted = ucl.seed({ applications: applications.map((each) => ({ ...each, formations: ["f"] })) });
  const { data } = await director(ucl, system, page(`runtimeID: "${id}"`));
  const shown = new Map(data.page.data.map(({ id, name }: { id: string; name: string }) => [id, name]));
  expect(planted.applications.map((application) => shown.get(application.id))).toEqual(names);
  const raw = await director(ucl, system, "{ applications { data { name } } }");
  expect(raw.data.applications.data).toEqual([{ name: "Foo Bar" }, { name: "Foo Bar" }]);
});

test("UCL-13 without a formation there is nothing to see, and nothing of other formations", async () => {
  const ucl = await start();
  const { id, token } = await runtimeIn(ucl);
  const system = await pair(ucl, token);
  const { applications } = ucl.seed({ applications: { count: 1, formations: ["elsewhere"] } });
  const empty = await director(ucl, system, page(`runtimeID: "${id}"`));
  expect(empty.data.page).toMatchObject({ data: [], totalCount: 0, pageInfo: { hasNextPage: false } });
  const refused = await director(ucl, system, `{ application(id: "${applications[0]?.id}") { id } }`);
  expect(refused.errors?.[0]).toMatchObject({
    message:
      "The operation is not allowed [reason=requesting runtime should be in same scenario as the requested application resource]",
    extensions: { error_code: 27, error: "InvalidOperation" },
  });
});

test("UCL-14 a runtime may not read formations, and sees of auths only their ids", async () => {
  const { ucl, id, system } = await paired();
  ucl.seed({ applications: { count: 1, formations: ["f"], systemAuths: true } });
  const refused = await director(ucl, system, "{ formations { totalCount } }");
  expect(refused.errors?.[0]?.extensions).toEqual({ error_code: 23, error: "InsufficientScopes" });
  expect(refused.errors?.[0]?.message).toMatch(/^insufficient scopes provided \[actual=.+; required=formation:read\]$/);
  const fields = "auths { id auth { credential { __typename } } }";
  const { data } = await director(ucl, system, page(`runtimeID: "${id}"`, fields));
  expect(data.page.data).toEqual([{ auths: [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), auth: null }] }]);
});

test("UCL-15 a runtime finds its own credentials in lists, and never those of another", async () => {
  const { ucl, id, system } = await paired();
  const other = await runtimeIn(ucl, "f", "other");
  const { applications } = ucl.seed({ applications: { count: 1, auth: "basic", formations: ["f"] } });
  const [application] = applications;
  const list =
    "bundles { data { id defaultInstanceAuth { credential { ... on BasicCredentialData { username } } } instanceAuths { runtimeID } } }";
  const read = async () => {
    const { data } = await director(ucl, system, page(`runtimeID: "${id}"`, list));
    return data.page.data[0].bundles.data[0];
  };
  const bundle = await read();
  const give = (runtime: string, username: string) =>
    ucl.administrator(
      "mutation ($bundle: ID!, $in: BundleInstanceAuthCreateInput!) { result: createBundleInstanceAuth(bundleID: $bundle, in: $in) { id } }",
      { bundle: bundle.id, in: { runtimeID: runtime, auth: { credential: { basic: { username, password: "p" } } } } },
    );
  await give(other.id, "theirs");
  expect(await read()).toMatchObject({ defaultInstanceAuth: { credential: { username: "user" } }, instanceAuths: [] });
  const { result } = await give(id, "mine");
  expect(await read()).toMatchObject({
    defaultInstanceAuth: { credential: { username: "mine" } },
    instanceAuths: [{ runtimeID: id }],
  });
  const single = await director(
    ucl,
    system,
    `{ application(id: "${application?.id}") { bundle(id: "${bundle.id}") { defaultInstanceAuth { credential { ... on BasicCredentialData { username } } } } } }`,
  );
  expect(single.data.application.bundle.defaultInstanceAuth.credential).toEqual({ username: "user" });
  await ucl.administrator(
    "mutation ($id: ID!, $bundle: ID!) { updateBundleInstanceAuth(id: $id, bundleID: $bundle, in: { auth: null }) { status { condition } } }",
    { id: (result as { id: string }).id, bundle: bundle.id },
  );
  expect(await read()).toMatchObject({ defaultInstanceAuth: null });
});

test("UCL-16 an unknown runtime is null by itself and an error with its applications", async () => {
  const { ucl, system } = await paired();
  const unknown = "11111111-1111-4111-8111-111111111111";
  expect(await director(ucl, system, `{ runtime(id: "${unknown}") { id } }`)).toMatchObject({
    data: { runtime: null },
    errors: undefined,
  });
  const both = await director(
    ucl,
    system,
    `{ runtime(id: "${unknown}") { id } applicationsForRuntime(runtimeID: "${unknown}") { totalCount } }`,
  );
  expect(both.data).toBeNull();
  expect(both.errors?.[0]).toMatchObject({
    message: "Invalid data [reason=runtime does not exist]",
    extensions: { error_code: 22 },
    path: ["applicationsForRuntime"],
  });
  const nonsense = await director(ucl, system, '{ runtime(id: "nonsense") { id } }');
  expect(nonsense.errors?.[0]?.extensions).toEqual({ error_code: 10, error: "InternalError" });
  expect(nonsense.errors?.[0]?.message).toMatch(/^Internal Server Error \[errorID=/);
});

test("UCL-17 a label is the same whether it comes as a variable or inside the document", async () => {
  const { ucl, id, system } = await paired();
  const url = "https://gateway.example.com";
  const set =
    'mutation ($value: Any!) { result: setRuntimeLabel(runtimeID: "%", key: "a", value: $value) { key value } }';
  const inside = `mutation { result: setRuntimeLabel(runtimeID: "${id}", key: "b", value: "${url}") { key value } }`;
  expect((await director(ucl, system, set.replace("%", id), { variables: { value: url } })).data).toEqual({
    result: { key: "a", value: url },
  });
  await director(ucl, system, inside);
  const { data } = await director(ucl, system, `{ runtime(id: "${id}") { labels } }`);
  expect(data.runtime.labels).toEqual({ isNormalized: "true", scenarios: ["f"], a: url, b: url });
  const code = async (key: string) =>
    (await director(ucl, system, inside.replace('key: "b"', `key: "${key}"`))).errors?.[0]?.extensions?.error_code;
  expect([await code("runtimeType"), await code("x-y"), await code("scenarios")]).toEqual([22, 22, 10]);
});

test("UCL-18 two nested pages in one request both get the page of the first", async () => {
  const nested =
    'one: bundles(first: 2) { data { id } } two: bundles(first: 2, after: "RHBLdEo0ajlqRHEy") { data { id } }';
  for (const batchesNestedLists of [true, false]) {
    const { ucl, id, system } = await paired({ settings: { batchesNestedLists } });
    ucl.seed({ applications: { count: 1, bundles: 4, formations: ["f"] } });
    const { data } = await director(ucl, system, page(`runtimeID: "${id}"`, nested));
    const { one, two } = data.page.data[0] ?? {};
    expect(two.data.length).toBe(2);
    expect(JSON.stringify(one) === JSON.stringify(two)).toBe(batchesNestedLists);
  }
});

test("UCL-20 a runtime is connected from its first call to the Director by certificate", async () => {
  const { ucl, id, system } = await paired();
  const condition = async () => {
    const { runtime } = await ucl.administrator("query ($id: ID!) { runtime(id: $id) { status { condition } } }", {
      id,
    });
    return (runtime as { status: { condition: string } }).status.condition;
  };
  expect(await condition()).toBe("INITIAL");
  await director(ucl, system, "{ viewer { id } }");
  expect(await condition()).toBe("CONNECTED");
});

test("a runtime that is unregistered has no certificate that works any more", async () => {
  const { ucl, id, system } = await paired();
  await ucl.administrator("mutation ($id: ID!) { unregisterRuntime(id: $id) { id } }", { id });
  expect(await director(ucl, system, "{ viewer { id } }")).toMatchObject({ status: 401 });
});

test("an application has unique names, leaves its formations first, and its names never change", async () => {
  const { ucl } = await paired();
  const register = (name: string) =>
    ucl.administrator("mutation ($in: ApplicationRegisterInput!) { result: registerApplication(in: $in) { id } }", {
      in: { name },
    });
  const { result } = await register("Foo Bar");
  await expect(register("foo-bar")).rejects.toMatchObject({ extensions: { error_code: 31 } });
  await expect(register("")).rejects.toMatchObject({ extensions: { error_code: 22 } });
  const { id } = result as { id: string };
  await ucl.administrator(
    'mutation ($id: ID!) { assignFormation(objectID: $id, objectType: APPLICATION, formation: { name: "f" }) { id } }',
    { id },
  );
  const unregister = () => ucl.administrator("mutation ($id: ID!) { unregisterApplication(id: $id) { id } }", { id });
  await expect(unregister()).rejects.toThrow("System Foo Bar is part of the following formations : f");
});

test("requests that are no GraphQL, or not of this schema, are refused before anything happens", async () => {
  const { ucl, system } = await paired();
  const { directorURL } = ucl.urls;
  expect(await call(ucl, directorURL, { query: "", pair: system, body: "{" })).toMatchObject({ status: 400 });
  for (const query of ["{", "{ nonsense }", "{ viewer { nonsense } }"]) {
    const refused = await director(ucl, system, query);
    expect([refused.status, refused.data, refused.errors?.length]).toEqual([422, null, 1]);
  }
  const get = await director(ucl, system, "{ viewer { type } }", { method: "GET" });
  expect(get.data).toEqual({ viewer: { type: "RUNTIME" } });
});

test("definitions that are not public are not shown to runtimes, nor counted", async () => {
  const { ucl, id, system } = await paired();
  ucl.seed({ applications: { count: 1, apis: 3, formations: ["f"] } });
  const state = ucl.snapshot();
  Object.assign(state.apis[1] ?? {}, { visibility: "internal" });
  ucl.restore(state);
  const counted = "bundles { data { apiDefinitions { data { id } totalCount } } }";
  const { data } = await director(ucl, system, page(`runtimeID: "${id}"`, counted));
  expect(data.page.data[0].bundles.data[0].apiDefinitions).toMatchObject({ totalCount: 2 });
});

test("the whole life of upstream's end-to-end test works with a bearer token over HTTPS", async () => {
  const ucl = await start();
  const scope = "application:read application:write formation:write runtime:read runtime:write";
  const login = await call(ucl, ucl.tokenURL, {
    query: "",
    body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const { access_token: bearer, token_type } = JSON.parse(login.text);
  expect(token_type).toBe("bearer");
  const run = async (query: string) => {
    const { data, errors } = await call(ucl, ucl.administratorDirectorURL, { query, bearer, tenant: ucl.tenant });
    expect(errors).toBeUndefined();
    return data.result;
  };
  const runtime = await run('mutation { result: registerRuntime(in: { name: "r" }) { id } }');
  await run('mutation { result: createFormation(formation: { name: "f" }) { id name } }');
  const assign = (id: string, type: string, verb = "assign") =>
    run(
      `mutation { result: ${verb}Formation(objectID: "${id}", objectType: ${type}, formation: { name: "f" }) { name } }`,
    );
  await assign(runtime.id, "RUNTIME");
  const { token, connectorURL } = await run(
    `mutation { result: requestOneTimeTokenForRuntime(id: "${runtime.id}") { token connectorURL } }`,
  );
  expect(connectorURL).toBe(ucl.urls.connectorURL);
  const system = await pair(ucl, token);
  const application = await run(
    'mutation { result: registerApplicationFromTemplate(in: { templateName: "SAP Commerce Cloud", values: [{ placeholder: "name", value: "app1" }, { placeholder: "display-name", value: "App" }] }) { id } }',
  );
  await run(
    `mutation { result: addBundle(applicationID: "${application.id}", in: { name: "bndl-app-1", apiDefinitions: [{ name: "comments-v1", targetURL: "http://mywordpress.com/comments" }] }) { id } }`,
  );
  await assign(application.id, "APPLICATION");
  await run(`mutation { result: updateApplication(id: "${application.id}", in: { description: "new" }) { id } }`);
  const fields = "name description bundles { data { name apiDefinitions { data { name targetURL } } } }";
  const seen = await director(ucl, system, page(`runtimeID: "${runtime.id}"`, fields));
  expect(seen.data.page.data).toEqual([
    {
      name: "mp-app1",
      description: "new",
      bundles: {
        data: [
          {
            name: "bndl-app-1",
            apiDefinitions: { data: [{ name: "comments-v1", targetURL: "http://mywordpress.com/comments" }] },
          },
        ],
      },
    },
  ]);
  expect(await assign(application.id, "APPLICATION", "unassign")).toEqual({ name: "f" });
  await run(`mutation { result: unregisterApplication(id: "${application.id}") { id } }`);
  await run(`mutation { result: unregisterRuntime(id: "${runtime.id}") { id } }`);
  await run('mutation { result: deleteFormation(formation: { name: "f" }) { id } }');
});

test("tokens for applications live five minutes, and one auth may get a new one", async () => {
  const { ucl } = await paired();
  const { applications } = ucl.seed({ applications: { count: 1 } });
  const ask =
    "mutation ($id: ID!) { result: requestOneTimeTokenForApplication(id: $id) { token expiresAt createdAt legacyConnectorURL type raw rawEncoded } }";
  const { result } = await ucl.administrator(ask, { id: applications[0]?.id });
  const token = result as Record<string, string>;
  expect(Date.parse(token["expiresAt"] ?? "") - Date.parse(token["createdAt"] ?? "")).toBe(300_000);
  expect(token).toMatchObject({
    type: "Application",
    legacyConnectorURL: expect.stringContaining(token["token"] ?? "-"),
  });
  expect(JSON.parse(Buffer.from(token["rawEncoded"] ?? "", "base64").toString())).toEqual(
    JSON.parse(token["raw"] ?? ""),
  );
  const runtime = await runtimeIn(ucl, undefined, "again");
  expect(await freshToken(ucl, runtime.id)).not.toBe(runtime.token);
});
