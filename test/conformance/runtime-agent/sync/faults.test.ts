import type { FaultAction, FaultMatch } from "@application-connector/ucl-emulator";
import { expect, test } from "vitest";
import { api, basic } from "./formation.ts";
import { createWorld, type World } from "./world.ts";

/** Five applications on three pages, mirrored. */
async function world() {
  const world = await createWorld({ flags: ["--directorPageSize=2"], timeoutMs: 400 });
  for (const name of ["a", "b", "c", "d", "e"]) {
    const bundle = { name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] };
    await world.admin.register({ name, bundles: [bundle] });
  }
  await world.round();
  return world;
}

const state = ({ applications, secrets, secret }: World) => [
  ...applications().map(({ metadata }) => `${metadata["name"]} ${metadata["uid"]} ${metadata["resourceVersion"]}`),
  ...Object.keys(secrets()).map((name) => `${name} ${secret(name)?.metadata["resourceVersion"]}`),
];

const pages: FaultAction[] = (["drop", "double", "cut", "noCursor", "sameCursor", "miscount", "repeat"] as const).map(
  (page) => ({ page }),
);
const answers: FaultAction[] = [
  { status: 500, body: "json" },
  { status: 500, executed: true },
  { status: 502, body: "html" },
  { status: 503, body: "empty" },
  { status: 401 },
  { graphqlError: { message: "no", code: 10 } },
  { partialData: true },
  { reset: "before" },
  { reset: "after" },
  { truncate: true },
  { hang: true },
  { nullField: "applicationsForRuntime" },
  { nullField: "applicationsForRuntime.data" },
  { nullField: "applicationsForRuntime.pageInfo" },
  { nullField: "applicationsForRuntime.totalCount" },
  { setField: { path: "applicationsForRuntime.data", value: [] } },
  { setField: { path: "applicationsForRuntime", value: { data: [], totalCount: 0, pageInfo: { hasNextPage: "no" } } } },
];

test("whatever goes wrong with a page, for good or once, nothing is changed or deleted by it", async () => {
  const mirrored = await world();
  const { ucl, round } = mirrored;
  const before = state(mirrored);
  for (const [at, action] of [...pages, ...answers].entries()) {
    for (const pageIndex of action.page === undefined ? [at % 3] : [0, 1, 2]) {
      if (action.page === "repeat" && pageIndex === 0) continue;
      const what = `${JSON.stringify(action)} at page ${pageIndex}`;
      const match: FaultMatch = { operation: "applicationsForRuntime", pageIndex };
      ucl.faults.add({ match, action });
      // On the last page, of one item, some change nothing; and in smaller pages it is no longer the same page.
      const isHarmless = pageIndex === 2 && ["cut", "noCursor", "sameCursor", "double"].includes(action.page ?? "");
      const isAvoided = action.hang === true || action.status === 502 || action.status === 503;
      const spoiled = await round();
      if (!isHarmless && !isAvoided) expect([what, spoiled.result]).toEqual([what, "fetch-failed"]);
      expect([what, ...state(mirrored)]).toEqual([what, ...before]);
      ucl.faults.clear();
      ucl.faults.add({ match, action, times: 1 });
      await round();
      expect([what, ...state(mirrored)]).toEqual([what, ...before]);
      ucl.faults.clear();
      expect((await round()).result).toBe("synchronized");
      expect([what, ...state(mirrored)]).toEqual([what, ...before]);
    }
  }
}, 60_000);

test("what changes while pages are read deletes nothing that is still there", async () => {
  const mirrored = await world();
  const { ucl, admin, round, applications } = mirrored;
  const ids = applications().map(({ spec }) => spec.compassMetadata.applicationId as string);
  const sorted = ids.toSorted();
  const uids = new Map(
    applications().map(({ metadata, spec }) => [spec.compassMetadata.applicationId, metadata["uid"]]),
  );
  // The first leaves when its page was read and another comes: the count is the same, and the third was never seen.
  ucl.betweenPages(0, async () => {
    void admin.unassign(sorted[0] ?? "");
    ucl.seed({ applications: { count: 1, name: "late", formations: ["formation-1"] } });
  });
  expect((await round()).result).toBe("synchronized");
  const left = new Map(
    applications().map(({ metadata, spec }) => [spec.compassMetadata.applicationId, metadata["uid"]]),
  );
  for (const id of sorted.slice(1)) expect(left.get(id)).toBe(uids.get(id));
  expect((await round()).result).toBe("synchronized");
  expect(applications().map(({ metadata }) => metadata["name"])).toContain("mp-late");
  expect(applications()).toHaveLength(5);
});

test("whoever is missing in several pages is asked for before it goes; no answer is no reason to delete", async () => {
  const mirrored = await world();
  const { ucl, admin, round, applications, asked } = mirrored;
  const [first] = applications();
  await admin.unassign(first?.spec.compassMetadata.applicationId);
  // It is refused with an error that says why: one more beside it makes no difference.
  for (const action of answers.slice(0, 11).filter(({ partialData }) => !partialData)) {
    ucl.faults.add({ match: { operation: "application" }, action });
    expect([action, (await round()).result]).toEqual([action, "fetch-failed"]);
    expect(applications()).toHaveLength(5);
    ucl.faults.clear();
  }
  asked("application");
  expect((await round()).result).toBe("synchronized");
  expect(asked("application")).toBe(1);
  expect(applications()).toHaveLength(4);
}, 30_000);

test("many that are missing are confirmed by a second look at everything", async () => {
  const mirrored = await createWorld({ flags: ["--directorPageSize=10"] });
  const { ucl, admin, round, applications, asked } = mirrored;
  ucl.seed({ applications: { count: 45, bundles: 0, formations: ["formation-1"] } });
  await round();
  const ids = applications().map(({ spec }) => spec.compassMetadata.applicationId as string);
  for (const id of ids.slice(0, 25)) await admin.unassign(id);
  ucl.journal.clear();
  await round();
  expect(applications()).toHaveLength(20);
  const pagesAsked = ucl.journal.entries.filter(({ operations }) =>
    operations.includes("applicationsForRuntime"),
  ).length;
  expect([pagesAsked, asked("application")]).toEqual([4, 0]);
});

test("a label that cannot be set fails only the report, and is set in the next round", async () => {
  const mirrored = await world();
  const { ucl, admin, round, runtimeId, asked } = mirrored;
  for (const action of answers.slice(0, 11)) {
    await admin.setRuntimeLabel(runtimeId, "runtime_consoleUrl", "https://wrong.example.com");
    ucl.faults.add({ match: { operation: "setRuntimeLabel" }, action });
    expect([action, (await round()).result]).toEqual([action, "labels-failed"]);
    ucl.faults.clear();
    expect((await round()).result).toBe("synchronized");
  }
  asked("setRuntimeLabel");
  await round();
  expect(asked("setRuntimeLabel")).toBe(0);
}, 30_000);

test("UCL that is asked too often is waited for, and TLS that fails once is tried again", async () => {
  const mirrored = await world();
  const { ucl, round } = mirrored;
  ucl.faults.add({
    match: { operation: "applicationsForRuntime" },
    action: { rateLimit: { retryAfterS: 1 } },
    times: 2,
  });
  expect((await round()).result).toBe("synchronized");
  ucl.dropConnections();
  expect((await round()).result).toBe("synchronized");
  ucl.dropConnections();
  ucl.faults.add({ action: { tlsAlert: true } });
  expect((await round()).result).toBe("fetch-failed");
  ucl.faults.clear();
  expect((await round()).result).toBe("synchronized");
});

test("a UCL that cannot answer large pages is asked for smaller ones", async () => {
  const mirrored = await createWorld({ flags: ["--directorPageSize=8"], timeoutMs: 400 });
  const { ucl, round, applications } = mirrored;
  ucl.seed({ applications: { count: 20, bundles: 0, formations: ["formation-1"] } });
  for (const action of [{ status: 413 }, { hang: true }, { status: 504, body: "html" } as const]) {
    ucl.faults.add({ match: { operation: "applicationsForRuntime" }, action, times: 1 });
  }
  expect((await round()).result).toBe("synchronized");
  expect(applications()).toHaveLength(20);
});

test("RA-41 450 applications are read in five pages and stay; a round in which nothing changes writes and lists nothing", async () => {
  const mirrored = await createWorld();
  const { ucl, round, applications, kubeApi, asked } = mirrored;
  ucl.seed({ applications: { count: 450, bundles: 0, formations: ["formation-1"] } });
  expect((await round()).result).toBe("synchronized");
  expect(asked("applicationsForRuntime")).toBe(5);
  expect(applications()).toHaveLength(450);
  kubeApi.requests.clear();
  expect((await round()).result).toBe("synchronized");
  expect([asked("applicationsForRuntime"), asked("application")]).toEqual([5, 0]);
  expect(kubeApi.requests.list()).toEqual([]);
  expect(applications()).toHaveLength(450);
}, 30_000);
