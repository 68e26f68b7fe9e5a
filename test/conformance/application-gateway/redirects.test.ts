import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { valuesOf } from "./http.ts";
import { errorOf, headersOf, until, useWorld } from "./world.ts";

const world = useWorld();
const follow = { redirects: "follow" };

test.each(["GET", "HEAD"])("%s follows the target to where it redirects, credentials included", async (method) => {
  const secretName = world.secret({ username: "u", password: "p" });
  const app = world.api({ credentials: { type: "Basic", secretName } }, {}, follow);
  await world.settled();
  const answer = await world.call(`/${app}/s/redirect?location=/redirect?location=/echo?n=2`, { method });
  expect(answer).toMatchObject({ status: 200, complete: true });
  expect(world.target.requests.list().map(({ url }) => url)).toEqual([
    "/redirect?location=/redirect?location=/echo?n=2",
    "/redirect?location=/echo?n=2",
    "/echo?n=2",
  ]);
  for (const request of world.target.requests.list()) {
    expect(request.method).toBe(method);
    expect(headersOf(request, "authorization")).toEqual(["Basic dTpw"]);
  }
});

test("an absolute Location of the same origin is followed, and one of another is not", async () => {
  const app = world.api({}, {}, follow);
  await world.settled();
  expect((await world.call(`/${app}/s/redirect?location=${world.target.url}/echo`)).status).toBe(200);
  world.target.requests.clear();
  const elsewhere = `http://localhost:${world.target.port}/echo`;
  const answer = await world.call(`/${app}/s/redirect?location=${elsewhere}`);
  expect([answer.status, valuesOf(answer, "location")]).toEqual([302, [elsewhere]]);
  expect(world.target.requests.count({})).toBe(1);
});

test("what is no GET is left to the client, rewritten as usual", async () => {
  const app = world.api({}, {}, follow);
  await world.settled();
  const answer = await world.call(`/${app}/s/redirect?location=/echo&status=307`, { method: "POST", body: "x" });
  expect([answer.status, valuesOf(answer, "location")]).toEqual([307, [`/${app}/s/echo`]]);
});

test("a caller's own token goes along", async () => {
  const secretName = world.secret({ username: "u", password: "p" });
  const app = world.api({ credentials: { type: "Basic", secretName } }, {}, follow);
  await world.settled();
  const headers = ["Access-Token", "Bearer mine"];
  expect((await world.call(`/${app}/s/redirect?location=/echo`, { headers })).status).toBe(200);
  const seen = world.target.requests.list().map((request) => headersOf(request, "authorization"));
  expect(seen).toEqual([["Bearer mine"], ["Bearer mine"]]);
});

test("more than five are too many", async () => {
  const seen: string[] = [];
  const url = await target(({ url = "" }, response) => {
    seen.push(url);
    response.writeHead(302, { location: `/x${seen.length}` }).end("gone on");
  });
  const app = world.api({ targetUrl: url }, {}, follow);
  await world.settled();
  const answer = await world.call(`/${app}/s/x`);
  expect(answer.status).toBe(502);
  expect(errorOf(answer).error).toContain("redirects more than 5 times");
  expect(valuesOf(answer, "application-gateway-error")).toEqual(["redirect_failed"]);
  expect(seen).toEqual(["/x", "/x1", "/x2", "/x3", "/x4", "/x5"]);
});

test("a connection is used again after a redirect was followed", async () => {
  let connections = 0;
  const url = await target(
    ({ url = "" }, response) => {
      if (url === "/x") response.writeHead(302, { location: "/y" }).end("a body that nobody gets");
      else response.end("there");
    },
    () => connections++,
  );
  const app = world.api({ targetUrl: url }, {}, follow);
  await world.settled();
  for (let call = 0; call < 5; call++) expect((await world.call(`/${app}/s/x`)).body.toString()).toBe("there");
  expect(connections).toBe(1);
});

test.each(["follow", "rewrite"])("a target that only wants https is an error that says so: %s", async (redirects) => {
  const url = await target((request, response) => {
    response.writeHead(301, { location: `https://127.0.0.1${request.url}` }).end();
  });
  const app = world.api({ targetUrl: url }, {}, { redirects });
  const passing = world.api({ targetUrl: url }, {}, { redirects: "passthrough" });
  await world.settled();
  const answer = await world.call(`/${app}/s/x?q=1`);
  expect(answer.status).toBe(502);
  expect(errorOf(answer).error).toContain("write targetUrl with 'https://127.0.0.1'");
  expect(valuesOf(answer, "location")).toEqual([]);
  expect((await world.call(`/${passing}/s/x`)).status).toBe(301);
  await until(
    async () => /agw_inflight_requests\{.*\} [1-9]/.test(String((await world.callHealth("/metrics")).body)) === false,
  );
});

async function target(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  onConnection: () => void = () => undefined,
): Promise<string> {
  const server = createServer(answer);
  server.on("connection", onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
