// biome-ignore-all lint/suspicious/noExplicitAny: tests spoil answers at any place
import { expect, test } from "vitest";
import { UclError, type UclErrorOptions } from "../ucl-error.ts";
import { createDirector } from "./director.ts";
import type { DirectorRequest } from "./director-call.ts";
import { InconsistentError } from "./page.ts";
import { createPageSize } from "./page-size.ts";

interface Answers {
  /** What the n-th request is answered with, in place of the truth. */
  spoil?: (request: DirectorRequest, data: any, asked: number) => unknown;
  count?: number;
  bundles?: number;
  apis?: number;
}

/** A Director of so many applications, as a function. */
function world({ spoil, count = 5, bundles = 0, apis = 0 }: Answers = {}, pageSize = 2) {
  const asked: DirectorRequest[] = [];
  const page = (items: unknown[], first: number, after: unknown) => {
    const from = after === undefined || after === null ? 0 : Number(after);
    const hasNextPage = from + first < items.length;
    return {
      data: items.slice(from, from + first),
      pageInfo: { startCursor: "", endCursor: hasNextPage ? String(from + first) : "", hasNextPage },
      totalCount: items.length,
    };
  };
  const apisOf = Array.from({ length: apis }, (_, index) => ({
    id: `a${index}`,
    name: `api ${index}`,
    targetURL: "https://x",
  }));
  const bundle = (index: number) => ({
    id: `b${index}`,
    name: `bundle ${index}`,
    apiDefinitions: page(apisOf, 200, 0),
    eventDefinitions: null,
  });
  const allBundles = Array.from({ length: bundles }, (_, index) => bundle(index));
  const application = (index: number) => ({ id: `id-${index}`, name: `n${index}`, bundles: page(allBundles, 200, 0) });
  const truth = ({ operation, document, variables }: DirectorRequest): unknown => {
    const { first, after, bundle: id } = variables as { first: number; after?: string; bundle?: string };
    if (operation === "applicationsForRuntime") {
      const list = Array.from({ length: count }, (_, index) => application(index));
      return { runtime: { labels: { isNormalized: "true" } }, applicationsForRuntime: page(list, first, after) };
    }
    if (id !== undefined) return { application: { bundle: { apiDefinitions: page(apisOf, 200, after) } } };
    if (document.includes("bundles(")) return { application: { bundles: page(allBundles, 200, after) } };
    return { application: { id: variables["id"] } };
  };
  const call = async (request: DirectorRequest): Promise<unknown> => {
    asked.push(request);
    const data = JSON.parse(JSON.stringify(truth(request)));
    return spoil ? spoil(request, data, asked.length) : data;
  };
  const director = createDirector({ call, runtimeId: "r", pageSize: createPageSize(pageSize) });
  const restarts: string[] = [];
  return {
    asked,
    restarts,
    director,
    read: () =>
      director.snapshot({ convert: (application) => application, onRestart: (reason) => restarts.push(reason) }),
  };
}

const throwing = (fields: Partial<UclErrorOptions>): never => {
  throw new UclError("spoiled", { code: "status", what: "director", requestId: "1", ...fields });
};

test("what is described as before is not converted again, and what differs in anything is", async () => {
  const changed: { description?: string } = {};
  const { director } = world({
    bundles: 1,
    apis: 1,
    spoil(_, data: any) {
      const [first] = data.applicationsForRuntime.data;
      if (changed.description !== undefined && first.id === "id-2") first.description = changed.description;
      return data;
    },
  });
  const made = new Map<string, string>();
  const read = async () => {
    const converted: string[] = [];
    const { applications } = await director.snapshot<string>({
      recall: (id, source) => (made.get(id) === source ? id : undefined),
      convert({ id }, _, source = "") {
        converted.push(id);
        made.set(id, source);
        return id;
      },
    });
    expect(applications).toEqual(["id-0", "id-1", "id-2", "id-3", "id-4"]);
    return converted;
  };
  expect(await read()).toHaveLength(5);
  expect(await read()).toEqual([]);
  changed.description = "other";
  expect(await read()).toEqual(["id-2"]);
  expect(await read()).toEqual([]);
});

test("what one answer does not hold whole is read each time, and not taken for the same", async () => {
  const sources: unknown[] = [];
  const { director, asked } = world({ count: 1, bundles: 201 });
  for (let times = 0; times < 2; times++) {
    await director.snapshot({ recall: () => undefined, convert: (_, __, source) => sources.push(source) });
  }
  expect(sources).toEqual([undefined, undefined]);
  expect(asked).toHaveLength(4);
});

test("everything is read over all pages, the runtime's labels with the first one", async () => {
  const { read, asked } = world();
  const { applications, labels, pages, malformed } = await read();
  expect(applications.map(({ id }) => id)).toEqual(["id-0", "id-1", "id-2", "id-3", "id-4"]);
  expect([labels, pages, malformed]).toEqual([{ isNormalized: "true" }, 3, []]);
  expect(asked.map(({ document }) => document.includes("runtime(id:"))).toEqual([true, false, false]);
  expect(asked.map(({ variables }) => variables["after"])).toEqual([undefined, "2", "4"]);
});

type Page = { data: any[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } };

test.each<[string, (page: Page) => unknown]>([
  ["lacks an item", (page) => page.data.pop()],
  ["has an item twice", (page) => page.data.fill(page.data[0])],
  ["ends too early", (page) => Object.assign(page.pageInfo, { hasNextPage: false })],
  ["has a cursor that is empty", (page) => Object.assign(page.pageInfo, { endCursor: "" })],
  ["has another count", (page) => Object.assign(page, { totalCount: 6 })],
  ["leads back to itself", (page) => Object.assign(page.pageInfo, { endCursor: "2" })],
])("a page that %s is never taken for the truth", async (_, spoilPage) => {
  const spoilSecond = (until: number) => (request: DirectorRequest, data: any, asked: number) => {
    if (request.variables["after"] === "2" && asked <= until) spoilPage(data.applicationsForRuntime);
    return data;
  };
  const once = world({ spoil: spoilSecond(2) });
  expect((await once.read()).applications).toHaveLength(5);
  expect(once.restarts).toHaveLength(1);
  const always = world({ spoil: spoilSecond(99) });
  await expect(always.read()).rejects.toThrow(InconsistentError);
  expect(always.restarts).toHaveLength(2);
});

test.each([
  ["no object", (data: any) => Object.assign(data, { applicationsForRuntime: null })],
  ["no list", (data: any) => Object.assign(data.applicationsForRuntime, { data: {} })],
  ["no runtime", (data: any) => Object.assign(data, { runtime: null })],
  ["no count", (data: any) => void delete data.applicationsForRuntime.totalCount],
])("an answer with %s fails", async (_, spoil) => {
  const { read, asked } = world({
    spoil: (_, data) => {
      spoil(data);
      return data;
    },
  });
  await expect(read()).rejects.toThrow(/is no|neither/);
  expect(asked).toHaveLength(1);
});

test("RA-42 what is nested in more than one page is fetched, each list by its own cursor", async () => {
  const { read, asked } = world({ count: 1, bundles: 250, apis: 230 });
  const [application] = (await read()).applications;
  expect(application?.bundles).toHaveLength(250);
  expect(new Set(application?.bundles.map(({ id }) => id)).size).toBe(250);
  expect(application?.bundles.every(({ apis }) => apis.length === 230)).toBe(true);
  expect(asked).toHaveLength(1 + 1 + 250);
  expect(asked.slice(1).every(({ variables }) => typeof variables["after"] === "string")).toBe(true);
});

test("a malformed application is its own problem", async () => {
  const { read } = world({
    bundles: 1,
    apis: 1,
    spoil: (_, data) => {
      for (const each of data.applicationsForRuntime?.data ?? []) {
        if (each.id === "id-1") each.bundles.data[0].apiDefinitions.data[0].targetURL = null;
        if (each.id === "id-2") each.name = 7;
        if (each.id === "id-3") each.id = null;
      }
      return data;
    },
  });
  const { applications, malformed, nameless } = await read();
  expect(applications.map(({ id }) => id)).toEqual(["id-0", "id-4"]);
  expect(nameless).toBe(1);
  expect(malformed).toEqual([
    { id: "id-1", name: "n1", problem: "bundles[0].apiDefinitions[0].targetURL is no text" },
    { id: "id-2", name: "", problem: "name is no text" },
  ]);
});

test("a nested list that does not add up is read once more on its own, then given up for its application", async () => {
  const spoil = (all: boolean) => (request: DirectorRequest, data: any) => {
    const lists =
      request.operation === "application" ? (all ? [data.application] : []) : data.applicationsForRuntime.data;
    for (const each of lists) each.bundles.data.pop();
    return data;
  };
  const once = await world({ count: 2, bundles: 2, spoil: spoil(false) }).read();
  expect(once.applications.map(({ bundles }) => bundles.length)).toEqual([2, 2]);
  const always = await world({ count: 2, bundles: 2, spoil: spoil(true) }).read();
  expect(always.malformed.map(({ problem }) => problem)).toEqual(
    Array(2).fill("bundles: there are 2 items, and 1 came"),
  );
});

test("an application that leaves while it is read begins everything anew", async () => {
  const { read, restarts } = world({
    count: 1,
    bundles: 201,
    spoil: (request, data, asked) =>
      request.operation === "application" && asked === 2 ? throwing({ directorCode: 27 }) : data,
  });
  expect((await read()).applications).toHaveLength(1);
  expect(restarts).toEqual(["the application id-0 went while it was read"]);
});

test.each<Partial<UclErrorOptions>>([
  { code: "timeout" },
  { status: 413 },
  { status: 502 },
  { status: 503 },
  { status: 504 },
])("after %j a smaller page is asked for at the same place", async (failure) => {
  const { read, asked } = world(
    { spoil: ({ variables }, data) => (Number(variables["first"]) > 1 ? throwing(failure) : data) },
    4,
  );
  expect((await read()).applications).toHaveLength(5);
  expect(asked.map(({ variables }) => variables["first"])).toEqual([4, 2, 1, 1, 1, 1, 1]);
});

test("a failure at the smallest page, and any other failure, ends it", async () => {
  const dead = world({ spoil: () => throwing({ status: 503 }) }, 4);
  await expect(dead.read()).rejects.toThrow("spoiled");
  expect(dead.asked).toHaveLength(3);
  const refused = world({ spoil: () => throwing({ status: 500 }) });
  await expect(refused.read()).rejects.toThrow("spoiled");
  expect(refused.asked).toHaveLength(1);
});

test("UCL is waited for as long as it says, within reason", async () => {
  const patient = world({
    spoil: (_, data, asked) => (asked < 3 ? throwing({ code: "rate-limited", retryAfterMs: 1 }) : data),
  });
  expect((await patient.read()).applications).toHaveLength(5);
  const hopeless = world({ spoil: () => throwing({ code: "rate-limited", retryAfterMs: 3_600_000 }) });
  await expect(hopeless.read()).rejects.toThrow("spoiled");
  expect(hopeless.asked).toHaveLength(1);
});

test("page sizes grow back when all goes well", () => {
  const size = createPageSize(100);
  for (let times = 0; times < 9; times++) size.shrink();
  expect(size.current).toBe(1);
  for (let times = 0; times < 100; times++) size.succeeded();
  expect(size.current).toBe(100);
});

test.each([
  ["null", () => ({ application: null }), false],
  ["code 20", () => throwing({ directorCode: 20 }), false],
  ["code 27", () => throwing({ directorCode: 27 }), false],
  ["the application", () => ({ application: { id: "x" } }), true],
])("whether an application is ours by an answer with %s", async (_, spoil, expected) => {
  expect(await world({ spoil }).director.has("x")).toBe(expected);
});

test("no answer about an application is no answer", async () => {
  await expect(world({ spoil: () => throwing({ directorCode: 23 }) }).director.has("x")).rejects.toThrow();
  await expect(world({ spoil: () => ({}) }).director.has("x")).rejects.toThrow("data.application is missing");
});

test("a label that was not set is an error", async () => {
  await expect(world({ spoil: () => ({ setRuntimeLabel: null }) }).director.setLabel("k", "v")).rejects.toThrow(
    "setRuntimeLabel is no object",
  );
});
