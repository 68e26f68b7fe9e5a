import { once } from "node:events";
import { connect } from "node:net";
import { Problem } from "@application-connector/problem";
import type { FastifyInstance } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import type { ApiOptions } from "./api.ts";
import { createService } from "./service.ts";
import { keepLines } from "./testing/lines.ts";

test.each([
  { title: "an unknown path", path: "/nope", status: 404, error: "Requested resource could not be found." },
  { title: "a slash too many", path: "/problem/", status: 404, error: "Requested resource could not be found." },
  { title: "another method", path: "/items", method: "DELETE", status: 405, error: "Method not allowed." },
  {
    title: "another method with a query",
    path: "/items?a=b",
    method: "PUT",
    status: 405,
    error: "Method not allowed.",
  },
  {
    title: "another method on a parameter",
    path: "/items/1",
    method: "PUT",
    status: 405,
    error: "Method not allowed.",
  },
  { title: "a method nobody heard of", path: "/items", method: "PROPFIND", status: 405, error: "Method not allowed." },
  { title: "a problem", path: "/problem", status: 403, error: "no <valid> subject" },
  { title: "a body that is no JSON", path: "/items", method: "POST", body: "{", status: 400, error: /JSON/ },
  {
    title: "a body that is too large",
    path: "/items",
    method: "POST",
    body: `"${"x".repeat(200)}"`,
    status: 413,
    error: /large/,
  },
  {
    title: "an unknown kind of body",
    path: "/items",
    method: "POST",
    body: "x",
    type: "a/b",
    status: 415,
    error: /Unsupported/,
  },
  { title: "a path that cannot be decoded", path: "/%zz", status: 400, error: /not a valid url/ },
  { title: "a failure of ours", path: "/bug", status: 500, error: "Internal error." },
])("$title is answered $status in the legacy shape", async ({ path, method = "GET", body, type, status, error }) => {
  const { url } = await world();
  const headers = {
    "x-request-id": "7f3c",
    ...(body === undefined ? {} : { "content-type": type ?? "application/json" }),
  };
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/json;charset=UTF-8");
  expect(JSON.parse(text)).toEqual({
    code: status,
    error: typeof error === "string" ? error : expect.stringMatching(error),
  });
  expect(text).toMatch(/^\{"code":.*\}\n$/);
  expect(text).not.toMatch(/[<>]/);
  expect(response.headers.get("x-error-origin")).toBe("Example Service");
  expect(response.headers.get("x-error-message")).toBe(JSON.parse(text).error);
  expect(response.headers.get("x-request-id")).toBe("7f3c");
  expect(response.headers.get("allow")).toBe(status === 405 ? (path === "/items/1" ? "GET" : "GET, POST") : null);
});

test("HEAD is a method of its own", async () => {
  const { url } = await world();
  const response = await fetch(`${url}/items`, { method: "HEAD" });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST"]);
});

test("what went wrong inside is in the log under the request's id, not in the answer", async () => {
  const { url, log } = await world();
  const response = await fetch(`${url}/bug`);
  expect(await response.text()).not.toContain("cable");
  expect(log.records).toContainEqual(
    expect.objectContaining({
      level: "error",
      requestId: response.headers.get("x-request-id"),
      err: expect.objectContaining({ message: "the cable is out" }),
    }),
  );
});

test("an API of our own answers RFC 9457", async () => {
  const { url } = await world({ errors: "rfc9457" });
  const response = await fetch(`${url}/problem?x=1`);
  expect(response.status).toBe(403);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json(;|$)/);
  expect(await response.json()).toMatchObject({ code: "SUBJECT_MISMATCH", status: 403, instance: "/problem?x=1" });
});

test("a surface may have its own answer to unknown paths", async () => {
  const { url } = await world({ notFound: (_request, reply) => reply.code(404).send("404 page not found\n") });
  const response = await fetch(`${url}/nope`);
  expect([response.status, await response.text()]).toEqual([404, "404 page not found\n"]);
  expect((await fetch(`${url}/items`, { method: "DELETE" })).status).toBe(405);
});

test.each([
  { title: "no HTTP", bytes: "hello\r\n\r\n", answer: "400 Bad Request" },
  {
    title: "headers without end",
    bytes: `GET / HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(70_000)}\r\n\r\n`,
    answer: "431 Request Header Fields Too Large",
  },
])("$title gets the plain answer of Go's server: $answer", async ({ bytes, answer }) => {
  const received = await answerTo((await world()).port, bytes);
  expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${answer}\r\n`));
  expect(received).toContain("Content-Type: text/plain; charset=utf-8\r\n");
  expect(received.endsWith(`\r\n\r\n${answer}`)).toBe(true);
});

test.each([
  ["two Hosts", "GET /items HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "more than one Host header"],
  ["no version", "GET /items\r\n\r\n", "HTTP/0.9 is not spoken here"],
  ["another version", "GET /items HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/2.0 is not spoken here"],
])("a request with %s is refused, and its connection ends", async (_, bytes, error) => {
  const answer = await answerTo((await world()).port, bytes + anotherRequest);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain(error);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test("what follows the last request on a connection does not take its answer away", async () => {
  const last = "GET /items HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  expect(await answerTo((await world()).port, last + anotherRequest)).toMatch(/^HTTP\/1\.1 200 /);
});

test("a request for an upgrade is the last on its connection: Node loses what follows it", async () => {
  const upgrade = "GET /items HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
  expect(await answerTo((await world()).port, upgrade + anotherRequest)).toMatch(
    /^HTTP\/1\.1 200 [\s\S]*connection: close/i,
  );
});

test("a request that does not arrive in time is answered 408", async () => {
  const { port } = await world({ requestTimeoutMs: 200 });
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.setEncoding("latin1").write("GET / HTTP/1.1\r\nHost: x\r\n");
  const [answer] = await once(socket, "data");
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

const anotherRequest = "GET /items HTTP/1.1\r\nHost: x\r\n\r\n";

/** All that comes back until the connection ends. */
async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.setEncoding("latin1").write(bytes);
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  await once(socket, "close");
  return received;
}

async function world(options: ApiOptions = {}) {
  const log = keepLines();
  const service = createService("example-service", { logDestination: log });
  onTestFinished(() => service.stop());
  const app: FastifyInstance = service.api({ bodyLimit: 100, ...options });
  app.get("/items", () => []);
  app.post("/items", () => []);
  app.get("/items/:id", () => ({}));
  app.get("/problem", () => {
    throw new Problem("SUBJECT_MISMATCH", "no <valid> subject");
  });
  app.get("/bug", () => {
    throw new TypeError("the cable is out");
  });
  const port = await service.listen(app, 0, "127.0.0.1");
  return { url: `http://127.0.0.1:${port}`, port, log };
}
