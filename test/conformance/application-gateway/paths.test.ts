import { describe, expect, test } from "vitest";
import { raw } from "./http.ts";
import { changesWithinMs, isOurs } from "./other/other-gateway.ts";
import { echoOf, errorOf, expectReason, until, useWorld } from "./world.ts";

const world = useWorld();

/** Target path, request path behind /{app}/{service}, what the target sees with `encodeUrl` true and false. */
const rows: [base: string, path: string, encoded: string, kept: string][] = [
  ["", "", "/", "/"],
  ["", "/", "/", "/"],
  ["/base", "/", "/base", "/base"],
  ["/base/", "", "/base/", "/base/"],
  ["/base", "/x/", "/base/x", "/base/x"],
  ["/base/", "/x/", "/base/x", "/base/x"],
  ["/base", "//x", "/base/x", "/base/x"],
  ["", "/x//y", "/x//y", "/x//y"],
  ["", "////x", "///x", "///x"],
  ["", "/hello('%7Cworld%7C')", "/hello%28%27%7Cworld%7C%27%29", "/hello('%7Cworld%7C')"],
  ["", "/a%2Fb", "/a/b", "/a%2Fb"],
  ["/base", "/a%2fb", "/base/a/b", "/base/a%2fb"],
  ["", "/a%252Fb", "/a%252Fb", "/a%252Fb"],
  ["", "/a%20b", "/a%20b", "/a%20b"],
  ["", "/a+b", "/a+b", "/a+b"],
  ["", "/%E2%82%AC", "/%E2%82%AC", "/%E2%82%AC"],
  ["", "/a;b=c,d!*'()", "/a;b=c,d%21%2A%27%28%29", "/a;b=c,d!*'()"],
  ["", "/[x]", "/%5Bx%5D", "/[x]"],
  ["", "/%7e", "/~", "/%7e"],
  ["", "/x%3Fy", "/x%3Fy", "/x%3Fy"],
  ["", "/x%23y", "/x%23y", "/x%23y"],
  ["", "/a%00b", "/a%00b", "/a%00b"],
  ["/p/Xyz('1')", "", "/p/Xyz('1')", "/p/Xyz('1')"],
  ["/base", "/x/../y", "/base/x/../y", "/base/x/../y"],
  ["/base", "/./x", "/base/./x", "/base/./x"],
];

/** Rows that upstream treats otherwise: an empty first segment is data (DV-5), and bytes are kept (DV-15). */
const oddRows: typeof rows = [
  ["", "///host/y", "//host/y", "//host/y"],
  ["", "/a%2fb\"'c", "/a/b%22%27c", "/a%2fb\"'c"],
  ["", "/a<b>\\^{|}`", "/a%3Cb%3E%5C%5E%7B%7C%7D%60", "/a<b>\\^{|}`"],
  ["/p/Xyz('1')", "/z", "/p/Xyz%28%271%27%29/z", "/p/Xyz('1')/z"],
];

describe("the path that the target sees", () => {
  test.each([
    ["AG-17", "every row", rows, true],
    ["AG-18", "every row", rows, false],
    ["AG-17", "DV-5 and DV-15", oddRows, true],
    ["AG-18", "DV-5 and DV-15", oddRows, false],
  ] as const)("%s for %s of the table", async (_id, _which, rows, encodeUrl) => {
    const bases = [...new Set(rows.map(([base]) => base))];
    const app = world.application(
      bases.map((base, index) => ({ displayName: `b${index}`, entries: [{ targetUrl: world.target.url + base }] })),
      { encodeUrl },
    );
    await world.settled();
    for (const [base, path, encoded, kept] of rows) {
      await raw(world.gateway.ports.proxy, get(`/${app}/b${bases.indexOf(base)}${path}`));
      expect({ base, path, seen: world.target.requests.last()?.url }).toEqual({
        base,
        path,
        seen: encodeUrl ? encoded : kept,
      });
    }
  });

  test("AG-19 is encoded anew when the Application says nothing about it", async () => {
    const app = world.api();
    await world.settled();
    expect(echoOf(await world.call(`/${app}/s/a%2Fb`)).url).toBe("/a/b");
  });

  test.each([true, false])("AG-20 may hold colons anywhere (encodeUrl %s)", async (encodeUrl) => {
    const app = world.api({}, { encodeUrl });
    await world.settled();
    for (const path of ["/urn:1/x", "/1:2/y", "/:x"])
      expect(echoOf(await world.call(`/${app}/s${path}`)).url).toBe(path);
  });

  test.each([true, false])("AG-21 never leaves the base of the API (encodeUrl %s)", async (encodeUrl) => {
    const app = world.api({ targetUrl: `${world.target.url}/api/v1` }, { encodeUrl });
    await world.settled();
    for (const path of ["/../../admin", "/%2e%2e/x", "/x/..%2f..%2fy", "/..", "/x//../../y", "/..;a=b/x"]) {
      const answer = await world.call(`/${app}/s${path}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 400 });
      expectReason(answer, "path_leaves_base");
    }
    expect(world.target.requests.total).toBe(0);
  });

  test("comes out of an absolute-form request line", async () => {
    const app = world.api();
    await world.settled();
    await raw(world.gateway.ports.proxy, get(`http://anybody/${app}/s/x?y`));
    expect(world.target.requests.last()?.url).toBe("/x?y");
  });

  test.each(["/%zz", "/%4", "/a b", "/a\u0001b", "/\u007f"])(
    "is refused with 400 when it is no path: %j",
    async (path) => {
      const app = world.api();
      await world.settled();
      expect(await raw(world.gateway.ports.proxy, get(`/${app}/s${path}`))).toMatch(/^HTTP\/1\.1 400 /);
      expect(world.target.requests.total).toBe(0);
    },
  );
});

describe("the query that the target sees", () => {
  test("AG-22 is the target's own, then that of the request", async () => {
    const app = world.api({ targetUrl: `${world.target.url}/base?x=1` });
    await world.settled();
    expect(echoOf(await world.call(`/${app}/s/z?y=2&y=3`)).url).toBe("/base/z?x=1&y=2&y=3");
    expect(echoOf(await world.call(`/${app}/s/z`)).url).toBe("/base/z?x=1");
  });

  test("AG-23 keeps its bytes", async () => {
    const app = world.api();
    await world.settled();
    for (const query of ["?a=%zz&b=1;c=2", "?", "?y=%7e&x='|'", "?a=b?c/../d"]) {
      await raw(world.gateway.ports.proxy, get(`/${app}/s/x${query}`));
      expect(world.target.requests.last()?.url).toBe(`/x${query}`);
    }
  });

  test("AG-24 gets from a Secret what the request does not have", async () => {
    const requestParametersSecretName = world.secret({ queryParameters: '{"k":["v 1"],"x":["zz"]}' });
    const app = world.api({ requestParametersSecretName });
    await world.settled();
    expect(echoOf(await world.call(`/${app}/s/p?k=mine`)).url).toBe("/p?k=mine&x=zz");
    expect(echoOf(await world.call(`/${app}/s/p`)).url).toBe("/p?k=v+1&x=zz");
  });
});

describe("a target URL", () => {
  test.each(["http://[::1", " http://t", "host:8080/x", "http://t/%zz"])(
    "that can't be read is 500: %j",
    async (targetUrl) => {
      const app = world.api({ targetUrl });
      await world.settled();
      const answer = await world.call(`/${app}/s`);
      expect(answer.status).toBe(500);
      expect(errorOf(answer).error).toMatch(/^failed to parse target url '/);
    },
  );

  test.each(["", "/relative", "host/x", "http://t:65536/x", "ftp://t/x"])(
    "that can't be called is 502: %j",
    async (targetUrl) => {
      const app = world.api({ targetUrl });
      await world.settled();
      const answer = await world.call(`/${app}/s`);
      expect(answer.status).toBe(502);
      if (isOurs) expect(errorOf(answer).code).toBe(502);
    },
  );

  test("never shows what may be secret in it", async () => {
    const app = world.api({ targetUrl: "http://user:hidden@t:port/x?key=hidden" });
    await world.settled();
    expect((await world.call(`/${app}/s`)).body.toString()).not.toContain("hidden");
  });

  test("takes effect within two seconds of a change", async () => {
    const app = world.api({ targetUrl: `${world.target.url}/old` });
    await world.settled();
    world.application([{ displayName: "s", entries: [{ targetUrl: `${world.target.url}/new` }] }], {}, app);
    await until(async () => echoOf(await world.call(`/${app}/s`)).url === "/new", changesWithinMs);
  });
});

function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n`;
}
