import { describe, expect, test } from "vitest";
import { valuesOf } from "./http.ts";
import { echoOf, errorOf, expectReason, useWorld } from "./world.ts";

const world = useWorld();

describe("a path that names no API", () => {
  test.each(["/", "/a", "/a/", "//"])("AG-5 %s on the port for services is 400", async (path) => {
    const answer = await world.call(path);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code: 400, error: "failed to extract API Identifier from path" });
    expect(valuesOf(answer, "content-type")).toEqual(["application/json;charset=UTF-8"]);
    expectReason(answer, "path_invalid");
  });

  test.each(["/", "/a", "/a/s", "/a/s/"])("AG-5 %s on the port for bundles is 400", async (path) => {
    const answer = await world.callBundle(path);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe(400);
  });

  test("AG-6 is 404 when there is no such Application or service", async () => {
    const app = world.api();
    await world.settled();
    expect(errorOf(await world.call("/missing/x"))).toEqual({ code: 404, error: "service with name x not found" });
    expect(errorOf(await world.call(`/${app}/missing`))).toEqual({
      code: 404,
      error: "service with name missing not found",
    });
    expect(errorOf(await world.callBundle(`/${app}/s/e`))).toEqual({
      code: 404,
      error: "service with name s and entry name e not found",
    });
  });

  test.each(["/a%20b/s", "/./s", "/../s", "/app//s/x"])("is 404 when a name can't be one: %s", async (path) => {
    expect((await world.call(path)).status).toBe(404);
  });

  test("AG-7 AG-8 does not count Events", async () => {
    const app = world.application([
      { displayName: "events", entries: [{ type: "Events" }] },
      { displayName: "both", entries: [{ type: "Events" }, { type: "API" }] },
    ]);
    await world.settled();
    expect((await world.call(`/${app}/events`)).status).toBe(404);
    expect((await world.call(`/${app}/both`)).status).toBe(200);
  });
});

describe("a service", () => {
  test("AG-9 is refused when two have its name, and both are named", async () => {
    const app = world.application([
      { displayName: "Dup 2", entries: [{}] },
      { displayName: "dup--2", entries: [{}] },
    ]);
    await world.settled();
    const { code, error } = errorOf(await world.call(`/${app}/dup-2`));
    expect(code).toBe(400);
    expect(error).toMatch(
      /^failed to get service with name 'dup-2': multiple services found: .*'Dup 2'.* \| .*'dup--2'/,
    );
  });

  test("AG-10 AG-11 is found by its normalised display name, byte for byte", async () => {
    const app = world.application([{ displayName: "My Orders API (v2)", entries: [{}] }]);
    await world.settled();
    expect(echoOf(await world.call(`/${app}/my-orders-api-v2/x`)).url).toBe("/x");
    expect((await world.call(`/${app}/My-Orders-API-v2`)).status).toBe(404);
    expect((await world.call(`/${app}/my%2Dorders-api-v2`)).status).toBe(404);
  });

  test("AG-12 has 57 characters of its name in the path", async () => {
    const app = world.application([{ displayName: "Abcdefg".repeat(10), entries: [{}] }]);
    await world.settled();
    expect((await world.call(`/${app}/${"abcdefg".repeat(10).slice(0, 57)}`)).status).toBe(200);
  });

  test("AG-13 is not found by its technical name", async () => {
    const app = world.application([{ displayName: "shown", name: "technical", entries: [{}] }]);
    await world.settled();
    expect((await world.call(`/${app}/technical`)).status).toBe(404);
  });

  test("AG-14 AG-15 with several APIs is called by entry on the port for bundles, and not otherwise", async () => {
    const app = world.application([
      {
        displayName: "S One",
        entries: [
          { name: "Entry 1", targetUrl: `${world.target.url}/one` },
          { name: "Entry_2", targetUrl: `${world.target.url}/two` },
        ],
      },
    ]);
    await world.settled();
    expect(echoOf(await world.callBundle(`/${app}/s-one/entry-2/x`)).url).toBe("/two/x");
    expect(echoOf(await world.callBundle(`/${app}/s-one/entry-1`)).url).toBe("/one");
    expect((await world.call(`/${app}/s-one`)).status).toBe(400);
  });

  test("AG-16 with one API is called without its entry's name", async () => {
    const app = world.application([{ displayName: "single", entries: [{ name: "Entry" }] }]);
    await world.settled();
    expect((await world.call(`/${app}/single`)).status).toBe(200);
    expect((await world.callBundle(`/${app}/single/entry`)).status).toBe(200);
  });

  test("AG-60 is never mixed up with one whose names join to the same text", async () => {
    world.application([{ displayName: "c", entries: [{ targetUrl: `${world.target.url}/ab-c` }] }], {}, "ab");
    world.application([{ displayName: "bc", entries: [{ targetUrl: `${world.target.url}/a-bc` }] }], {}, "a");
    await world.settled();
    for (let round = 0; round < 3; round++) {
      expect(echoOf(await world.call("/ab/c")).url).toBe("/ab-c");
      expect(echoOf(await world.call("/a/bc")).url).toBe("/a-bc");
    }
  });

  test("whose name normalises to nothing can't be addressed", async () => {
    const app = world.application([{ displayName: "日本", entries: [{}] }]);
    await world.settled();
    expect((await world.call(`/${app}//x`)).status).toBe(404);
  });
});
