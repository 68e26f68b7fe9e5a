import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Answered, valuesOf } from "./http.ts";
import { errorOf, until, useWorld } from "./world.ts";

const world = useWorld();

describe("rate-limit", () => {
  test("lets a burst through, answers the rest with 429, and goes on later", async () => {
    const app = world.api({}, {}, { "rate-limit": "60/m", "rate-limit-burst": "3" });
    await world.settled();
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.call(`/${app}/s`)));
    expect(answers.filter(({ status }) => status === 200).length).toBe(3);
    const refused = answers.find(({ status }) => status === 429) as Answered;
    expect(errorOf(refused).code).toBe(429);
    expect(valuesOf(refused, "retry-after")).toEqual(["1"]);
    expect(valuesOf(refused, "application-gateway-error")).toEqual(["call_rate_exceeded"]);
    expect(world.target.requests.count({})).toBe(3);
    await until(async () => (await world.call(`/${app}/s`)).status === 200, 5_000);
  });

  test("says how long to wait", async () => {
    const app = world.api({}, {}, { "rate-limit": "1/h" });
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(200);
    const [wait] = valuesOf(await world.call(`/${app}/s`), "retry-after");
    expect(Number(wait)).toBeGreaterThan(3_500);
    expect(Number(wait)).toBeLessThanOrEqual(3_600);
  });

  test("is shared by the APIs of an Application, unless a service has its own", async () => {
    const services = ["One", "Two", "Three"].map((displayName) => ({ displayName, entries: [{}] }));
    const app = world.application(services, {}, undefined, {
      "rate-limit": "1/h",
      "rate-limit.three": "2/h",
      "rate-limit-burst.three": "2",
    });
    await world.settled();
    const statuses: number[] = [];
    for (const service of ["one", "two", "three", "three", "three", "one"]) {
      statuses.push((await world.call(`/${app}/${service}`)).status);
    }
    expect(statuses).toEqual([200, 429, 200, 200, 429, 429]);
  });

  test("is not refilled by a change of something else", async () => {
    const app = world.api({}, {}, { "rate-limit": "1/h" });
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(200);
    world.application([{ displayName: "s", entries: [{ targetUrl: `${world.target.url}/new` }] }], {}, app, {
      "rate-limit": "1/h",
    });
    await world.settled();
    expect((await world.call(`/${app}/s`)).status).toBe(429);
  });
});

describe("max-concurrent-calls", () => {
  test("holds calls back until others end, and refuses what can't wait", async () => {
    const annotations = { "max-concurrent-calls": "2", "max-queued-calls": "1" };
    const held: ServerResponse[] = [];
    const server = await serve((response) => void held.push(response));
    const app = world.api({ targetUrl: server.url }, {}, annotations);
    await world.settled();
    const calls = Array.from({ length: 3 }, () => world.call(`/${app}/s`));
    await until(() => held.length === 2);
    // The third waits by now: the fourth finds its place taken.
    await until(async () => {
      const refused = world.call(`/${app}/s`);
      const status = await Promise.race([
        refused.then(({ status }) => status),
        new Promise((resolve) => setTimeout(resolve, 500)),
      ]);
      return status === 429;
    });
    expect(held.length).toBe(2);
    held[0]?.end();
    await until(() => held.length === 3);
    for (const response of held) response.end();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe("circuit-failures", () => {
  const annotations = { "circuit-failures": "3", "circuit-open-time": "1s" };

  test("opens after failures in a row, tells when to come back, and closes when the target is well", async () => {
    let status = 500;
    let seen = 0;
    const server = await serve((response) => {
      seen++;
      response.writeHead(status).end();
    });
    const app = world.api({ targetUrl: server.url }, {}, annotations);
    await world.settled();
    for (let call = 0; call < 3; call++) expect((await world.call(`/${app}/s`)).status).toBe(502);
    const refused = await world.call(`/${app}/s`);
    expect(refused.status).toBe(503);
    expect(errorOf(refused).code).toBe(503);
    expect(valuesOf(refused, "application-gateway-error")).toEqual(["circuit_open"]);
    expect(valuesOf(refused, "retry-after")).toEqual(["1"]);
    expect(seen).toBe(3);
    expect(await gauge(app)).toBe(2);

    // One call at a time tries it again; it fails, and the circuit stays open.
    await until(async () => (await world.call(`/${app}/s`)).status === 502, 5_000);
    expect(seen).toBe(4);
    expect((await world.call(`/${app}/s`)).status).toBe(503);

    status = 200;
    await until(async () => (await world.call(`/${app}/s`)).status === 200, 5_000);
    expect(seen).toBe(5);
    for (let call = 0; call < 5; call++) expect((await world.call(`/${app}/s`)).status).toBe(200);
    expect(await gauge(app)).toBe(0);
  });

  test("counts what the target refuses to answer at all, and one call tries it", async () => {
    const held: ServerResponse[] = [];
    const server = await serve((response) => void held.push(response));
    const { port } = server;
    await server.close();
    const app = world.api({ targetUrl: server.url }, {}, annotations);
    await world.settled();
    for (let call = 0; call < 3; call++) expect((await world.call(`/${app}/s`)).status).toBe(502);
    expect((await world.call(`/${app}/s`)).status).toBe(503);
    await serve((response) => void held.push(response), port);
    await until(() => {
      void world.call(`/${app}/s`).catch(() => undefined);
      return held.length > 0;
    }, 5_000);
    const others = await Promise.all(Array.from({ length: 5 }, () => world.call(`/${app}/s`)));
    expect(others.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(held.length).toBe(1);
    held[0]?.end();
    await until(() => {
      void world.call(`/${app}/s`).catch(() => undefined);
      for (const response of held) response.end();
      return held.length > 1;
    }, 5_000);
  });

  test("is not opened by errors of the caller, nor for another target", async () => {
    const app = world.api({}, {}, annotations);
    const other = world.api({ targetUrl: `http://localhost:${world.target.port}` }, {}, annotations);
    await world.settled();
    for (let call = 0; call < 5; call++) expect((await world.call(`/${app}/s/status/404`)).status).toBe(404);
    for (let call = 0; call < 3; call++) expect((await world.call(`/${app}/s/status/503`)).status).toBe(502);
    expect((await world.call(`/${app}/s/x`)).status).toBe(503);
    expect((await world.call(`/${other}/s/x`)).status).toBe(200);
  });

  test("stays open as long as the target asks for", async () => {
    const server = await serve((response) => void response.writeHead(503, { "Retry-After": "120" }).end());
    const app = world.api({ targetUrl: server.url }, {}, annotations);
    await world.settled();
    for (let call = 0; call < 3; call++) expect((await world.call(`/${app}/s`)).status).toBe(502);
    const [wait] = valuesOf(await world.call(`/${app}/s`), "retry-after");
    expect(Number(wait)).toBeGreaterThan(100);
  });

  async function gauge(app: string): Promise<number> {
    const text = (await world.callHealth("/metrics")).body.toString();
    return Number(new RegExp(`^agw_circuit_state\\{application="${app}".*\\} (\\d)$`, "m").exec(text)?.[1]);
  }
});

describe("retries", () => {
  test.each([
    { method: "GET", body: undefined },
    { method: "POST", body: "hello" },
  ])("try a $method again whose connection could not be opened, and count it", async ({ method, body }) => {
    const port = await freePort();
    const app = world.api({ targetUrl: `http://127.0.0.1:${port}` }, {}, { retries: "5" });
    await world.settled();
    const pending = world.call(`/${app}/s/x`, { method, ...(body === undefined ? {} : { body }) });
    const seen: (string | undefined)[] = [];
    await serve(
      (response) => void response.end(),
      port,
      ({ url }) => seen.push(url),
    );
    expect((await pending).status).toBe(200);
    expect(seen).toEqual(["/x"]);
  });

  test("are bounded in number, and together by their budget", async () => {
    const app = world.api({ targetUrl: `http://127.0.0.1:${await freePort()}` }, {}, { retries: "3" });
    await world.settled();
    const answers = await Promise.all(Array.from({ length: 60 }, () => world.call(`/${app}/s/x`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([502]));
    const text = (await world.callHealth("/metrics")).body.toString();
    const retries = new RegExp(`^agw_retries_total\\{application="${app}".*reason="connect"\\} (\\d+)$`, "m").exec(
      text,
    )?.[1];
    expect(Number(retries)).toBeGreaterThan(0);
    expect(Number(retries)).toBeLessThanOrEqual(6);
  });

  test("are not made unasked, nor for what was sent already", async () => {
    const unasked = world.api({ targetUrl: `http://127.0.0.1:${await freePort()}` });
    const sent = world.api({}, {}, { retries: "3" });
    await world.settled();
    expect((await world.call(`/${unasked}/s/x`)).status).toBe(502);
    // No GET: the engine sends one of those again by itself when its connection may have gone stale.
    const post = { method: "POST", body: "x" };
    expect((await world.call(`/${sent}/s/broken/reset-before-head`, post)).status).toBe(502);
    expect(world.target.requests.total).toBe(1);
  });
});

interface Served {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A target that does as it is told. */
async function serve(
  answer: (response: ServerResponse) => void,
  port = 0,
  onRequest: (request: IncomingMessage) => void = () => undefined,
): Promise<Served> {
  const server: Server = createServer((request, response) => {
    request.resume();
    onRequest(request);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  const opened = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${opened}`, port: opened, close };
}

/** A port on which nobody listens, for now. */
async function freePort(): Promise<number> {
  const { port, close } = await serve(() => undefined);
  await close();
  return port;
}
