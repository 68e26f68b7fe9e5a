import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { X } from "./certificates.ts";
import { application, startWorld, type World } from "./world.ts";

const prefix = "inbound.applicationconnector.kyma-project.io";
const batched = ["Content-Type: Application/CloudEvents-Batch+JSON"];
const applications = [
  application("std"),
  application("own", {}, { annotations: { [`${prefix}/source-policy`]: "rewrite" } }),
];

/** A validator before a receiver that takes batches. */
async function started(flags: readonly string[]): Promise<World> {
  const world = await startWorld({ profile: "strict", applications, flags: ["--eventingBatches=on", ...flags] });
  onTestFinished(() => world.stop());
  return world;
}

const event = (source: string, id: string) =>
  `{"id": "${id}", "source" :"${source}","specversion":"1.0","type":"order.created.v1", "data":12345678901234567890}`;
const post = (world: World, name: string, body: string, query = "") =>
  world.call(`/${name}/events${query}`, {
    xfcc: X("strict", `CN=${name}`),
    headers: [
      ...batched,
      "Ce-Id: contradiction",
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ],
    body,
  });

test.each(["node", "sockets"])("B-10 a receiver that takes batches gets them in one request (%s)", async (engine) => {
  const world = await started([`--engine=${engine}`]);
  const events = ["1", "2", "3"].map((id) => event("std", id));
  const response = await post(world, "std", `[ ${events.join(" , ")} ]`, "?a=1");
  expect([response.status, response.text]).toEqual([204, ""]);
  const [seen, ...more] = world.echo.seen;
  expect(more).toEqual([]);
  expect([seen?.url, seen?.body.toString()]).toEqual(["/publish?a=1", `[${events}]`]);
  const lines = new Map((seen?.rawHeaders ?? []).map((name, at, all) => [name.toLowerCase(), all[at + 1]]));
  expect(lines.get("content-type")).toBe("application/cloudevents-batch+json; charset=utf-8");
  expect(lines.has("ce-id")).toBe(false);
  expect(lines.get("traceparent")).toContain("0af7651916cd43dd8448eb211c80319c");
  const { text } = await world.health("/metrics");
  expect(text).toContain('connectivity_validator_upstream_duration_seconds_count{code="200"} 1');
});

test("B-10 its own rules and checks hold for each event of it", async () => {
  const world = await started([]);
  expect((await post(world, "own", `[${event("other", "1")},${event("own", "2")}]`)).status).toBe(204);
  expect(world.echo.seen.map(({ body }) => body.toString())).toEqual([`[${event("own", "1")},${event("own", "2")}]`]);
  const foreign = await post(world, "std", `[${event("std", "1")},${event("other", "2")}]`);
  expect([foreign.status, foreign.header("error-reason")]).toEqual([403, "source_not_allowed"]);
  expect(world.echo.seen).toHaveLength(1);
});

test("B-10 what it says of a batch is said of each event, and a report is passed on", async () => {
  const report = JSON.stringify({
    results: [
      { index: 0, status: 204 },
      { index: 1, status: 503 },
    ],
  });
  const receiver = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(207, { "content-type": "application/json" }).end(report));
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  onTestFinished(() => void receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const world = await started([`--eventingPublisherHost=127.0.0.1:${port}`]);
  const response = await post(world, "std", `[${event("std", "1")},${event("std", "2")}]`);
  expect([response.status, JSON.parse(response.text)]).toEqual([
    207,
    {
      results: [
        { index: 0, id: "1", source: "std", status: 204 },
        { index: 1, id: "2", source: "std", status: 502 },
      ],
    },
  ]);
});

test("B-10 a repeated batch is not handed on again", async () => {
  const world = await started(["--idempotencyWindow=5m"]);
  const body = (...ids: string[]) => `[${ids.map((id) => event("std", id))}]`;
  for (const ids of [
    ["1", "2"],
    ["1", "2"],
    ["2", "3", "4"],
  ])
    expect((await post(world, "std", body(...ids))).status).toBe(204);
  expect(world.echo.seen.map((seen) => seen.body.toString())).toEqual([body("1", "2"), body("3", "4")]);
});
