import { describe, expect, onTestFinished, test } from "vitest";
import { type CollectedSpan, startCollector } from "../application-gateway/otlp-collector.ts";
import { X } from "./certificates.ts";
import { binaryEvent } from "./events.ts";
import { otherValidator } from "./other/other-validator.ts";
import { type Call, startWorld, valuesOf } from "./world.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const sender = "b7ad6b7169203331";
const traceparent = `traceparent: 00-${traceId}-${sender}-01`;
const server = 2;
const client = 3;
const xfcc = X("strict", "CN=std");

/** A validator that exports its spans, and how many of a kind there are when it has told all. */
async function traced(...flags: string[]) {
  const collector = await startCollector();
  for (const [name, value] of Object.entries(collector.variables)) {
    process.env[name] = value;
    onTestFinished(() => void delete process.env[name]);
  }
  const world = await startWorld({ profile: "strict", flags });
  onTestFinished(() => world.stop());
  const post = (more: string[] = [], call: Call = {}, path = "/std/events?key=hidden") =>
    world.call(path, { xfcc, body: '{"n":"in-body"}', headers: [...binaryEvent("std"), ...more], ...call });
  const spans = async (kind: number, count: number): Promise<readonly CollectedSpan[]> => {
    const found = () => collector.spans.filter((span) => span.kind === kind);
    await expect.poll(() => found().length, { timeout: 10_000 }).toBe(count);
    return found();
  };
  const echoed = (name: string) => {
    const { rawHeaders = [] } = world.echo.seen.at(-1) ?? {};
    const headers = rawHeaders.flatMap((each, at) => (at % 2 === 0 ? [[each, rawHeaders[at + 1] ?? ""]] : []));
    return valuesOf({ method: "", path: "", body: "", headers: headers as [string, string][] }, name);
  };
  return { world, collector, post, spans, echoed };
}

describe.skipIf(otherValidator !== undefined)("B-13 traces", () => {
  test("an accepted event is a span below the sender's, and its way to Eventing one below that", async () => {
    const { collector, post, spans, echoed } = await traced();
    expect((await post([traceparent, "tracestate: a=1"])).status).toBe(200);
    const [seen] = await spans(server, 1);
    expect(seen).toMatchObject({ name: "POST /std/events", traceId, parentSpanId: sender });
    expect(seen?.attributes).toMatchObject({
      "http.request.method": "POST",
      "http.route": "/std/events",
      "http.response.status_code": 200,
      "url.path": "/std/events",
      "connectivity_validator.application": "std",
    });
    const [sent] = await spans(client, 1);
    expect(sent).toMatchObject({ traceId, parentSpanId: seen?.spanId });
    expect(sent?.attributes).toMatchObject({ "http.response.status_code": 200, "server.address": "127.0.0.1" });
    expect(echoed("traceparent")).toEqual([`00-${traceId}-${sent?.spanId}-01`]);
    expect(echoed("tracestate")).toEqual(["a=1"]);
    expect(collector.text()).not.toMatch(/hidden|in-body|CERTIFICATE|Subject/);
  });

  test("a sender's B3 headers count when there is no traceparent, and pass", async () => {
    const { post, spans, echoed } = await traced();
    const many = [`X-B3-TraceId: ${traceId}`, `X-B3-SpanId: ${sender}`, "X-B3-Sampled: 1"];
    await post(many);
    await post([`b3: ${traceId}-${sender}-1`]);
    for (const span of await spans(server, 2)) expect(span).toMatchObject({ traceId, parentSpanId: sender });
    expect(echoed("b3")).toEqual([`${traceId}-${sender}-1`]);
    expect(echoed("traceparent")).toHaveLength(1);
  });

  test("what is refused is a span too, with the reason, and no error of ours", async () => {
    const { post, spans } = await traced();
    expect((await post([], { xfcc: X("strict", "CN=other") })).status).toBe(403);
    expect((await post([], {}, "/std/events?status=503")).status).toBe(502);
    const found = await spans(server, 2);
    const [refused, failed] = [403, 502].map((status) =>
      found.find(({ attributes }) => attributes["http.response.status_code"] === status),
    );
    expect(refused?.attributes).toMatchObject({ "error.type": "subject_mismatch" });
    expect(refused?.status.code).not.toBe(2);
    expect([failed?.attributes["error.type"], failed?.status.code]).toEqual(["eventing_error", 2]);
    await spans(client, 1);
  });

  test("each event of a batch has a span of its own", async () => {
    const { world, post, spans } = await traced();
    const event = (id: string) => ({ specversion: "1.0", id, source: "std", type: "t" });
    const body = JSON.stringify([event("1"), event("2"), event("3")]);
    const headers = ["Content-Type: application/cloudevents-batch+json", traceparent];
    expect((await post([], { headers, body })).status).toBe(204);
    const [seen] = await spans(server, 1);
    const sent = await spans(client, 3);
    expect(sent.map(({ parentSpanId }) => parentSpanId)).toEqual([seen?.spanId, seen?.spanId, seen?.spanId]);
    const parents = world.echo.seen.map(({ rawHeaders }) => rawHeaders[rawHeaders.indexOf("traceparent") + 1]);
    expect(parents.toSorted()).toEqual(sent.map(({ spanId }) => `00-${traceId}-${spanId}-01`).toSorted());
  });

  test("without trust in senders a new trace begins, and nothing of theirs goes on", async () => {
    const { collector, post, spans, echoed } = await traced("--traceTrust=false");
    await post([traceparent, "tracestate: a=1", `X-B3-TraceId: ${traceId}`, `b3: ${traceId}-${sender}-1`]);
    const [seen] = await spans(server, 1);
    expect(seen?.traceId).not.toBe(traceId);
    expect(seen?.parentSpanId ?? "").toBe("");
    expect(JSON.parse(collector.text()).resourceSpans[0].scopeSpans[0].spans.flatMap(linksOf)).toEqual([traceId]);
    expect(echoed("traceparent")).toEqual([expect.stringMatching(new RegExp(`^00-${seen?.traceId}-`))]);
    expect([...echoed("tracestate"), ...echoed("x-b3-traceid"), ...echoed("b3")]).toEqual([]);
  });

  test("without an exporter what senders say of traces passes as it came", async () => {
    const world = await startWorld({ profile: "strict", flags: ["--traceTrust=false"] });
    onTestFinished(() => world.stop());
    const headers = [...binaryEvent("std"), traceparent];
    const echo = await world.echoOf("/std/events", { xfcc, body: "{}", headers });
    expect(valuesOf(echo, "traceparent")).toEqual([traceparent.split(": ")[1]]);
  });
});

const linksOf = ({ links = [] }: { links?: { traceId: string }[] }) => links.map((link) => link.traceId);
