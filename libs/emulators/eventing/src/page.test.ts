import { expect, onTestFinished, test } from "vitest";
import { binaryHeaders, post, startUntil } from "./testing/start.ts";

const start = startUntil(onTestFinished);
const hostile = `<script>alert("1")</script>'&`;

async function publish(url: string, id: string, attributes: Record<string, string> = {}): Promise<void> {
  const event = { specversion: "1.0", source: "commerce", type: "order.created.v1", id, ...attributes };
  await post(`${url}/publish`, JSON.stringify(event), { "content-type": "application/cloudevents+json" });
}

test("events are listed newest first and filtered by type and source", async () => {
  const { url } = await start();
  await publish(url, "1");
  await publish(url, "2", { type: "order.paid.v1" });
  await publish(url, "3", { source: "crm" });
  const ids = async (query: string) => {
    const { events } = (await (await fetch(`${url}/events${query}`)).json()) as { events: { event: { id: string } }[] };
    return events.map(({ event }) => event.id);
  };
  expect(await ids("")).toEqual(["3", "2", "1"]);
  expect(await ids("?type=order.created.v1")).toEqual(["3", "1"]);
  expect(await ids("?type=order.*&source=commerce")).toEqual(["2", "1"]);
  expect(await ids("?type=kyma.crm.order.created.v1")).toEqual(["3"]);
  expect(await ids("?limit=1")).toEqual(["3"]);
});

test("the page shows events without script and escapes everything senders wrote", async () => {
  const { url } = await start();
  await publish(url, hostile, { source: hostile, type: `order.${hostile}.v1`, subject: hostile });
  const response = await fetch(`${url}/?type=${encodeURIComponent(`${hostile}"`)}`);
  const all = await (await fetch(url)).text();
  expect(all).toContain("&lt;script&gt;alert");
  for (const page of [all, await response.text()]) expect(page).not.toContain("<script>alert");
  expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*script-src 'sha256-/);
});

test("the stream brings each new event as an escaped row", async () => {
  const eventing = await start();
  const stream = await fetch(`${eventing.url}/events/stream?source=${encodeURIComponent(hostile)}`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel().catch(() => undefined));
  await publish(eventing.url, "other");
  await publish(eventing.url, "mine", { source: hostile });
  let text = "";
  while (!text.includes("event: stored")) text += (await reader?.read())?.value ?? "";
  expect(text).toContain("mine");
  expect(text).not.toContain("other");
  expect(text).not.toContain("<script>");
});

test("only the last events are kept, all are counted", async () => {
  const eventing = await start({ maxEvents: 2 });
  const seen: string[] = [];
  const unsubscribe = eventing.onEvent(({ id }) => seen.push(id));
  for (const id of ["1", "2", "3"]) await publish(eventing.url, id);
  unsubscribe();
  await post(`${eventing.url}/publish`, "{}", { ...binaryHeaders, "ce-id": "4" });
  expect(seen).toEqual(["1", "2", "3"]);
  expect([eventing.stored, eventing.events.map(({ id }) => id)]).toEqual([4, ["3", "4"]]);
  expect(await (await fetch(`${eventing.url}/events`)).json()).toMatchObject({ stored: 4, dropped: 2 });
  eventing.reset();
  expect([eventing.stored, eventing.events]).toEqual([0, []]);
});
