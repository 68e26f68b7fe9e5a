import { describe, expect, test } from "vitest";
import { open, raw, valuesOf } from "./http.ts";
import { expectReason, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 1_000, requestTimeoutMs: 1_000 });

describe("a status of the target", () => {
  test.each([500, 503, 599])("AG-53 %i becomes 502, and is told in a header", async (status) => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/status/${status}`);
    expect(answer.status).toBe(502);
    expect(valuesOf(answer, "target-system-status")).toEqual([String(status)]);
    expect(answer.body.toString()).toBe(`status ${status}\n`);
    expect(valuesOf(answer, "application-gateway-error")).toEqual([]);
  });

  test.each([200, 201, 204, 304, 401, 403, 404, 418, 499, 600])("AG-53 %i stays", async (status) => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/status/${status}`);
    expect(answer.status).toBe(status);
    expect(valuesOf(answer, "target-system-status")).toEqual([]);
  });
});

describe("headers of the target", () => {
  test("come back as they are, with duplicates, and nothing is added", async () => {
    const app = world.api();
    await world.settled();
    const { headers } = await world.call(`/${app}/s/headers?Set-Cookie=a%3D1&X-One=1&Set-Cookie=b%3D2&x-two=2`);
    const told = headers.filter(([name]) => /^(set-cookie|x-one|x-two)$/i.test(name));
    expect(told).toEqual([
      ["Set-Cookie", "a=1"],
      ["X-One", "1"],
      ["Set-Cookie", "b=2"],
      ["x-two", "2"],
    ]);
    expect(valuesOf({ headers }, "content-type")).toEqual([]);
    expect(valuesOf({ headers }, "content-encoding")).toEqual([]);
  });

  test("AG-54 Location is rewritten where it points into the API", async () => {
    const app = world.application([
      { displayName: "base", entries: [{ name: "e", targetUrl: `${world.target.url}/once/302x0` }] },
      { displayName: "root", entries: [{ name: "e" }] },
    ]);
    await world.settled();
    const t = `127.0.0.1:${world.target.port}`;
    const rewritten: [string, string][] = [
      ["/x", "/x"],
      [`http://${t}`, ""],
      [`http://${t}/x?a=b&c=%20#f`, "/x?a=b&c=%20#f"],
      [`https://127.0.0.1:1/x`, "/x"],
      [`//${t}/x`, "/x"],
      [`http://u:p@${t}/x`, "/x"],
      ["x", "/x"],
    ];
    for (const [location, rest] of rewritten) {
      const path = `/redirect?location=${encodeURIComponent(location)}`;
      expect(valuesOf(await world.call(`/${app}/root${path}`), "location")).toEqual([`/${app}/root${rest}`]);
      expect(valuesOf(await world.callBundle(`/${app}/root/e${path}`), "location")).toEqual([`/${app}/root/e${rest}`]);
    }
    for (const location of ["http://else/x", "mailto:a@b", "::bad"]) {
      const path = `/redirect?location=${encodeURIComponent(location)}`;
      expect(valuesOf(await world.call(`/${app}/root${path}`), "location")).toEqual([location]);
    }
    const outside = `/redirect?location=${encodeURIComponent("/other")}`;
    expect(valuesOf(await world.call(`/${app}/base${outside}`), "location")).toEqual(["/other"]);
    const inside = `/redirect?location=${encodeURIComponent("/once/302x0/x")}`;
    expect(valuesOf(await world.call(`/${app}/base${inside}`), "location")).toEqual([`/${app}/base/x`]);
  });

  test("AG-54 Location keeps its escapes, and is not changed where only the beginning of a name fits (DV-10)", async () => {
    const app = world.application([
      { displayName: "base", entries: [{ targetUrl: `${world.target.url}/redirect` }] },
      { displayName: "root", entries: [{}] },
    ]);
    await world.settled();
    const escaped = `/redirect?location=${encodeURIComponent(`${world.target.url}/a%2Fb`)}`;
    expect(valuesOf(await world.call(`/${app}/root${escaped}`), "location")).toEqual([`/${app}/root/a%2Fb`]);
    const neighbour = `?location=${encodeURIComponent("/redirection/x")}`;
    expect(valuesOf(await world.call(`/${app}/base${neighbour}`), "location")).toEqual(["/redirection/x"]);
  });

  test("AG-54 Location gets the authority of an absolute-form request", async () => {
    const app = world.api();
    await world.settled();
    const answer = await raw(
      world.gateway.ports.proxy,
      `GET http://gw.example:8080/${app}/s/redirect?location=%2Fx HTTP/1.1\r\nHost: gw\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain(`http://gw.example:8080/${app}/s/x\r\n`);
  });
});

describe("a target that can't be reached", () => {
  test.each([
    ["name", "http://no-such-host.invalid"],
    ["refused port", "http://127.0.0.1:1"],
    ["no TLS", "https://127.0.0.1:1"],
  ])("AG-64 is 502: %s", async (_, targetUrl) => {
    const app = world.api({ targetUrl });
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(502);
    expectReason(answer, "target_unreachable");
  });

  test.each([
    "reset-before-head",
    "reset-mid-head",
    "garbage-head",
    "close-without-response",
    "conflicting-content-length",
  ])("AG-64 or breaks its answer is 502: %s", async (breakage) => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/broken/${breakage}`);
    expect(answer.status).toBe(502);
    expectReason(answer, "target_unreachable");
  });

  test("AG-55 or says nothing in time is 504", async () => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/slow?head_ms=4000`);
    expect(answer.status).toBe(504);
    expectReason(answer, "target_timeout");
  });
});

describe("a body of the target", () => {
  test("AG-56 reaches the client piece by piece, however long it takes", async () => {
    const app = world.api();
    await world.settled();
    const socket = await open(world.gateway.ports.proxy);
    const events: { sentAt: number; lateMs: number }[] = [];
    socket.on("data", (chunk: Buffer) => {
      for (const [, at = ""] of chunk.toString().matchAll(/"at":"([^"]+)"/g)) {
        events.push({ sentAt: Date.parse(at), lateMs: Date.now() - Date.parse(at) });
      }
    });
    socket.write(`GET /${app}/s/sse?count=8&interval_ms=250 HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => events.length === 8);
    // Longer than the timeout as a whole, and no event waited for the next.
    expect((events.at(-1)?.sentAt ?? 0) - (events[0]?.sentAt ?? 0)).toBeGreaterThan(1_500);
    expect(Math.min(...events.map(({ lateMs }) => lateMs))).toBeLessThan(500);
  });

  test.each(["reset-mid-chunk", "short-content-length", "bad-chunk", "missing-last-chunk"])(
    "AG-57 that breaks off is broken off for the client too: %s",
    async (breakage) => {
      const app = world.api();
      await world.settled();
      const answer = await world.call(`/${app}/s/broken/${breakage}`);
      expect(answer).toMatchObject({ status: 200, complete: false });
    },
  );

  test("that stalls is broken off", async () => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/slow?body_ms=8000&chunks=2`);
    expect(answer).toMatchObject({ status: 200, complete: false });
  });

  test.each(["bytes", "chunked"])("of 5 MB arrives whole: %s", async (kind) => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/${kind}/5000000`);
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.body.length).toBe(5_000_000);
  });

  test("stays away after HEAD, with its length told", async () => {
    const app = world.api();
    await world.settled();
    const answer = await world.call(`/${app}/s/bytes/1000`, { method: "HEAD" });
    expect(valuesOf(answer, "content-length")).toEqual(["1000"]);
    expect(answer.body.length).toBe(0);
  });

  test("may be followed by trailers", async () => {
    const app = world.api();
    await world.settled();
    const answer = await raw(
      world.gateway.ports.proxy,
      `GET /${app}/s/trailers HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n`,
    );
    expect(answer).toMatch(/\r\n0\r\nx-checksum: abc123\r\n/i);
  });
});

describe("a client", () => {
  test("that stalls while it sends its body gets 408", async () => {
    const app = world.api();
    await world.settled();
    const answer = await raw(
      world.gateway.ports.proxy,
      `POST /${app}/s/sink HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100000\r\n\r\nonly a part`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain("Application-Gateway-Error: request_timeout");
  });

  test("that leaves takes its call to the target with it", async () => {
    const app = world.api();
    await world.settled();
    const before = world.target.connections.open;
    const socket = await open(world.gateway.ports.proxy);
    socket.write(`GET /${app}/s/sse?interval_ms=10 HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => world.target.requests.count({ url: /sse/ }) === 1);
    socket.destroy();
    await until(() => world.target.connections.open <= before);
  });
});
