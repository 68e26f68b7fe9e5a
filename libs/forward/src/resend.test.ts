import { createHash } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { createReplayStore, createTarget, type ForwardOptions, type Resend } from "./index.ts";
import {
  answerAll,
  eventually,
  get,
  type RawTarget,
  rawTarget,
  takeRequest,
  testedEngine,
  type Wire,
  world,
} from "./test-world.ts";

const refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 7\r\n\r\nrefused";
const fresh: Resend = { headers: ["Host", "h", "Authorization", "fresh"] };
const sendAgain = { reconsider: async () => ({ ...fresh, headers: [...fresh.headers] }) };

describe("a refused request", () => {
  test("AG-49 is sent again with other headers, and its second response is passed on to the end", async () => {
    const target = await refusing((wire) => {
      wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (let i = 0; i < 16; i += 1) setTimeout(() => wire.send(`10000\r\n${"x".repeat(0x10000)}\r\n`), 5 * i);
      setTimeout(() => wire.send("0\r\nX-Trailer: 1\r\n\r\n"), 100);
    });
    const { call, outcome } = await world({ targetPort: target.port, forward: sendAgain });
    const wire = call(get("/a?b"));
    const text = await wire.until("0\r\nX-Trailer: 1\r\n\r\n");
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(text).not.toContain("refused");
    expect(target.requests.map(({ head }) => head.split("\r\n", 1)[0])).toEqual(Array(2).fill("GET /a?b HTTP/1.1"));
    expect(target.requests[1]?.head).toContain("Authorization: fresh");
    const responseBytes = 1024 * 1024;
    expect(await outcome()).toMatchObject({ status: 200, targetStatus: 200, tries: 2, responseBytes, complete: true });
    // The first response was read to its end, so that its connection could be used again.
    expect(target.wires).toHaveLength(1);
  });

  test.each([
    { title: "a small body", length: 5 },
    { title: "a streamed body with a length", length: 300_000 },
    { title: "a streamed body without one", length: 300_000, chunked: true },
    { title: "a body that spills to the disk", length: 3_000_000, store: { memoryBytes: 100_000 } },
    { title: "a body that is on the disk only", length: 3_000_000, chunked: true, store: { memoryBytes: 0 } },
  ])("AG-50 has the same body: $title", async ({ length, chunked = false, store }) => {
    const target = await refusing();
    const replay = createReplayStore(store);
    const { call, outcome } = await world({ targetPort: target.port, forward: { ...sendAgain, replay } });
    const body = randomText(length);
    await call(post(body, chunked)).until(/200 OK[\s\S]*ok$/);
    expect(target.requests.map((request) => request.bodyHash)).toEqual(Array(2).fill(hashOf(body)));
    expect(target.requests[1]?.head.match(/content-length: \d+/gi)).toEqual(
      chunked ? null : [expect.stringMatching(new RegExp(`: ${length}$`))],
    );
    expect(await outcome()).toMatchObject({ status: 200, tries: 2, requestBytes: length, complete: true });
    expect(replay.bytes).toBe(0);
  });

  test("AG-51 is sent again as often as its caller says: a second refusal is passed on with its body", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) wire.send(refusal);
    });
    let asked = 0;
    const reconsider: ForwardOptions["reconsider"] = () => {
      asked += 1;
      return asked === 1 ? Promise.resolve({ headers: [...fresh.headers] }) : undefined;
    };
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider } });
    await call(get()).until(/401 Unauthorized[\s\S]*refused$/);
    expect(asked).toBe(2);
    expect(await outcome()).toMatchObject({ status: 401, tries: 2, complete: true });
  });

  test("comes to an end whatever its caller says", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) wire.send(refusal);
    });
    const { call, outcome } = await world({ targetPort: target.port, forward: sendAgain });
    await call(get()).until(/401 Unauthorized[\s\S]*refused$/);
    expect((await outcome()).tries).toBe(16);
  });

  test("may go to another path", async () => {
    const target = await rawTarget((wire) => {
      const request = takeRequest(wire);
      if (request?.startsWith("GET /new?q ")) wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      else if (request !== undefined) wire.send("HTTP/1.1 302 Found\r\nLocation: /new?q\r\nContent-Length: 0\r\n\r\n");
    });
    const reconsider: ForwardOptions["reconsider"] = async (_status, headers) => ({
      headers: ["Host", "h"],
      path: headers[headers.indexOf("Location") + 1] as string,
    });
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider } });
    await call(get("/old")).until(/200 OK[\s\S]*ok$/);
    expect(await outcome()).toMatchObject({ status: 200, tries: 2 });
  });

  test("may go to another target", async () => {
    const [first, second] = [await refusing(), await rawTarget()];
    const target = createTarget({ engine: testedEngine, origin: `http://127.0.0.1:${second.port}` });
    onTestFinished(() => target.destroy());
    const reconsider = async () => ({ headers: ["Host", "second"], target });
    const { call } = await world({ targetPort: first.port, forward: { reconsider } });
    await call(get()).until(/200 OK[\s\S]*ok$/);
    expect(second.received).toContain("host: second");
  });

  test("has a limit in time for each of its tries", async () => {
    const target = await rawTarget((wire) => {
      const request = takeRequest(wire);
      if (request === undefined) return;
      const answer = request.includes("fresh") ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" : refusal;
      setTimeout(() => wire.send(answer), 500);
    });
    const { call } = await world({ targetPort: target.port, forward: { ...sendAgain, responseTimeoutMs: 800 } });
    await call(get()).until(/200 OK[\s\S]*ok$/);
    const silent = await refusing(() => undefined);
    const { call: callSilent, outcome } = await world({
      targetPort: silent.port,
      forward: { ...sendAgain, responseTimeoutMs: 200 },
    });
    await callSilent(get()).until(/504 [\s\S]*timeout$/);
    expect(await outcome()).toMatchObject({ tries: 2, failure: { kind: "timeout" } });
  });

  test.each([
    { title: "an endless one", body: "Transfer-Encoding: chunked\r\n\r\n", more: `4000\r\n${"x".repeat(0x4000)}\r\n` },
    { title: "a silent one", body: "Content-Length: 1000\r\n\r\nx", more: "" },
  ])("does not wait for the first response to end: $title", async ({ body, more }) => {
    const target = await refusing(undefined, (wire) => {
      wire.send(`HTTP/1.1 403 Forbidden\r\n${body}`);
      const pour = () => {
        if (more === "" || wire.closed) return;
        wire.send(more);
        setImmediate(pour);
      };
      pour();
    });
    const { call } = await world({ targetPort: target.port, forward: sendAgain });
    await call(get()).until(/200 OK[\s\S]*ok$/);
    expect(target.wires).toHaveLength(2);
    await eventually(() => target.wires[0]?.closed === true, "the first connection to be given up");
  });

  test("that is refused amid its body is sent again from the start, and the rest follows", async () => {
    const target = await rawTarget((wire) => {
      if (!wire.received.includes("fresh")) {
        if (wire.received.includes("begin")) wire.send(refusal);
      } else answerAll(wire);
    });
    const replay = createReplayStore();
    let decide: (resend: Resend) => void = () => undefined;
    const decision = new Promise<Resend>((resolve) => {
      decide = resolve;
    });
    let asked = false;
    const reconsider = () => {
      asked = true;
      return decision;
    };
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider, replay } });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
    await eventually(() => asked, "the question");
    wire.send("7\r\n middle\r\n");
    await eventually(() => replay.bytes > 11, "the middle to be kept");
    decide({ headers: [...fresh.headers] });
    await eventually(() => target.wires.length === 2, "the second try");
    wire.send("4\r\n end\r\n0\r\n\r\n");
    await wire.until(/200 OK[\s\S]*ok$/);
    const second = target.wires[1]?.received ?? "";
    expect(bodyOf(second)).toBe("begin middle end");
    expect(await outcome()).toMatchObject({ status: 200, requestBytes: 16, tries: 2, complete: true });
    expect(replay.bytes).toBe(0);
  });

  test("is not sent again when its client has left meanwhile", async () => {
    const target = await refusing();
    let decide: (resend: Resend) => void = () => undefined;
    const reconsider = () =>
      new Promise<Resend>((resolve) => {
        decide = resolve;
      });
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider } });
    const wire = call(get());
    await eventually(() => target.requests.length === 1, "the request");
    await new Promise((resolve) => setTimeout(resolve, 50));
    wire.socket.destroy();
    expect((await outcome()).failure?.kind).toBe("client_gone");
    decide({ headers: [...fresh.headers] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(target.requests).toHaveLength(1);
  });

  test("has an end as a whole", async () => {
    const target = await refusing(() => undefined);
    const reconsider = () => new Promise<Resend>(() => undefined);
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider, maxDurationMs: 300 } });
    await call(get()).until(/504 [\s\S]*timeout$/);
    expect(await outcome()).toMatchObject({ failure: { kind: "timeout" } });
    await eventually(() => target.open === 0, "the target's connection to be broken");
  });
});

describe("the first response is passed on as it came", () => {
  const responses = [
    { title: "small", text: refusal, end: /refused$/ },
    { title: "chunked", text: `${head403}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n`, end: /0\r\n\r\n$/ },
    { title: "large", text: `${head403}Content-Length: 500000\r\n\r\n${"x".repeat(499_999)}y`, end: /xy$/ },
    { title: "without a body", text: `${head403}Content-Length: 0\r\n\r\n`, end: /\r\n\r\n$/ },
    {
      title: "ended by its connection",
      text: `${head403}Connection: close\r\n\r\nthe end`,
      end: /the end\r\n0\r\n\r\n$/,
    },
  ];
  test.each(responses)("when that is decided later: $title", async ({ text, end }) => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) === undefined) return;
      wire.send(text);
      if (text.includes("close")) wire.socket.end();
    });
    const reconsider = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 50));
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider } });
    const wire = call(get());
    expect(await wire.until(end)).toMatch(/^HTTP\/1.1 40[13] /);
    expect(await outcome()).toMatchObject({ tries: 1, complete: true });
  });

  test("when that is decided later: to HEAD", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) wire.send(`${head403}Content-Length: 10\r\n\r\n`);
    });
    const reconsider = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 50));
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider } });
    const wire = call("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    expect(await wire.until(/\r\n\r\n$/)).toMatch(/^HTTP\/1.1 403 [\s\S]*Content-Length: 10/);
    expect(await outcome()).toMatchObject({ status: 403, complete: true });
  });

  test("when it breaks off while that is decided: as a broken one", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) === undefined) return;
      wire.send(`${head403}Content-Length: 100\r\n\r\nnot all`);
      wire.socket.end();
    });
    const reconsider = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 50));
    const { call, outcome } = await world({ targetPort: target.port, forward: { reconsider } });
    await call(get()).untilEnd();
    expect(await outcome()).toMatchObject({ complete: false, failure: { kind: "reset" } });
  });

  test.each([
    { title: "more than the limits of one body", length: 300_000, store: { memoryBytes: 100_000, diskBytes: 100_000 } },
    { title: "more than the limit of all", length: 300_000, store: { totalBytes: 200_000, memoryBytes: 1_000_000 } },
    {
      title: "more than a disk that is not there",
      length: 300_000,
      store: { memoryBytes: 100_000, folder: "/nowhere" },
    },
    { title: "without a store", length: 300_000, store: undefined },
  ])("when its request can't be sent again: $title", async ({ length, store }) => {
    const target = await refusing();
    const errors: Error[] = [];
    const replay = store && createReplayStore({ ...store, onError: (error) => errors.push(error) });
    let asked = false;
    const reconsider = async () => {
      asked = true;
      return fresh;
    };
    const forward = { reconsider, ...(replay === undefined ? {} : { replay }) };
    const { call, outcome } = await world({ targetPort: target.port, forward });
    const body = randomText(length);
    await call(post(body, true)).until(/401 Unauthorized[\s\S]*refused$/);
    expect(asked).toBe(false);
    expect(target.requests.map((request) => request.bodyHash)).toEqual([hashOf(body)]);
    expect(await outcome()).toMatchObject({ status: 401, tries: 1, complete: true });
    expect(errors.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(
      store !== undefined && "folder" in store ? ["ENOENT"] : [],
    );
    expect(replay?.bytes ?? 0).toBe(0);
  });
});

test("when nobody can say whether to send again, the exchange fails with what was thrown", async () => {
  const target = await refusing();
  const error = new Error("no token");
  const {
    call,
    failures,
    target: pool,
  } = await world({
    targetPort: target.port,
    forward: { reconsider: () => Promise.reject(error) },
  });
  await call(get()).until(/502 [\s\S]*resend_failed$/);
  expect(failures).toEqual([{ kind: "resend_failed", error }]);
  await eventually(() => pool.inFlight === 0, "the connection to be free");
});

test("a body that is too large to be sent at once is sent again after a stale connection too", async () => {
  const target = await rawTarget((wire) => {
    if (wire.received.includes("/again") && target.wires.length === 1) wire.socket.resetAndDestroy();
    else answerAll(wire);
  });
  const replay = createReplayStore({ memoryBytes: 50_000 });
  const { call, outcome } = await world({ targetPort: target.port, forward: { replay } });
  await call(get("/first")).until("ok");
  const body = randomText(200_000);
  await call(post(body, false, "PUT /again")).until(/200 OK[\s\S]*ok$/);
  expect(bodyOf(target.wires[1]?.received ?? "")).toBe(body);
  expect(await outcome(2)).toMatchObject({ status: 200, tries: 2, complete: true });
  expect(replay.bytes).toBe(0);
});

test("nothing is kept of a request that the target has accepted, nor of one that has failed", async () => {
  const target = await rawTarget((wire) => {
    if (wire.received.includes("/accepted") && !wire.received.includes("0\r\n\r\n")) {
      if (!wire.received.endsWith("\r\n\r\n")) wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    }
  });
  const replay = createReplayStore();
  const { call, outcome } = await world({ targetPort: target.port, forward: { ...sendAgain, replay } });
  const accepted = call(`POST /accepted HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n`);
  await accepted.until("200 OK");
  expect(replay.bytes).toBe(0);
  accepted.socket.destroy();
  await outcome();
  const failed = call(`POST /failed HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n`);
  await eventually(() => replay.bytes > 0, "the body to be kept");
  failed.socket.destroy();
  await outcome(2);
  expect(replay.bytes).toBe(0);
});

const head403 = "HTTP/1.1 403 Forbidden\r\n";

interface Refusing extends RawTarget {
  readonly requests: { head: string; bodyHash: string }[];
}

/** A target that refuses every request without the fresh header, and answers the others. */
async function refusing(
  accept: (wire: Wire) => void = (wire) => wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
  refuse: (wire: Wire) => void = (wire) => wire.send(refusal),
): Promise<Refusing> {
  const requests: Refusing["requests"] = [];
  const target = await rawTarget((wire) => {
    for (let request = takeRequest(wire); request !== undefined; request = takeRequest(wire)) {
      const head = request.slice(0, request.indexOf("\r\n\r\n"));
      requests.push({ head, bodyHash: hashOf(bodyOf(request)) });
      if (head.includes("fresh")) accept(wire);
      else refuse(wire);
    }
  });
  return Object.assign(target, { requests });
}

function post(body: string, chunked: boolean, line = "POST /"): string {
  const head = `${line} HTTP/1.1\r\nHost: h\r\n`;
  if (!chunked) return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
  const pieces = body.match(/[\s\S]{1,50000}/g) ?? [];
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
  return `${head}Transfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\n\r\n`;
}

/** The body of a request or response as text, out of its chunks if it has some. */
function bodyOf(message: string): string {
  const end = message.indexOf("\r\n\r\n");
  const rest = message.slice(end + 4);
  if (!/transfer-encoding: chunked/i.test(message.slice(0, end))) return rest;
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    const size = Number.parseInt(rest.slice(at, lineEnd), 16);
    if (!(size > 0)) return body;
    body += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
}

function randomText(length: number): string {
  let text = "";
  for (let i = 0; text.length < length; i += 1) text += createHash("sha256").update(String(i)).digest("base64url");
  return text.slice(0, length);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}
