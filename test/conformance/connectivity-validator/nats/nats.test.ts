import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { X } from "../certificates.ts";
import { anyBody, binaryEvent } from "../events.ts";
import { application, startWorld, type World } from "../world.ts";
import { messagesOf, type Nats, natsServer, sap, startNats } from "./nats-server.ts";

const xfcc = X("compat", "CN=std");
const applications = [application("std"), application("labelled", {}, { labels: { "application-type": "shop" } })];

describe.skipIf(natsServer === undefined)("events go straight into the stream", () => {
  let nats: Nats;
  let world: World;
  beforeAll(async () => {
    [nats] = (await startNats()) as [Nats];
    world = await startWorld({ applications, flags: ["--delivery=nats", `--natsUrl=${nats.url}`] });
  });
  afterAll(async () => {
    await world.stop();
    await nats.stop();
  });

  async function recreate(config: object = {}): Promise<void> {
    const connection = await nats.client();
    const { streams } = await jetstreamManager(connection);
    await streams.delete(sap.name).catch(() => undefined);
    await streams.add({ ...sap, ...config });
    await connection.close();
  }
  beforeEach(() => recreate());

  const send = (id: string, of: World = world) =>
    of.call("/std/events", { xfcc, headers: binaryEvent("std", id), body: anyBody });
  const outcome = async (id: string, of?: World) => {
    const response = await send(id, of);
    return [response.status, response.header("target-system-status")];
  };

  test("as the publisher proxy would put them there", async () => {
    const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = [...binaryEvent("std", "a/b%C3%A4"), `traceparent: ${trace}`, "X-B3-TraceId: 1"];
    expect(await world.call("/std/events", { xfcc, headers, body: anyBody })).toMatchObject({ status: 204, text: "" });
    const [message] = await messagesOf(nats);
    expect(message).toMatchObject({
      subject: "kyma.std.order.created.v1",
      headers: {
        "Content-Type": "application/json",
        "ce-specversion": "1.0",
        "ce-type": "kyma.std.order.created.v1",
        "ce-source": "std",
        "ce-id": "a/bä",
        "Nats-Msg-Id": "std/a%2Fb%C3%A4",
      },
    });
    // The number has more digits than a float.
    expect(message?.body).toContain(`"data":${anyBody}`);
    expect(JSON.parse(message?.body ?? "")).toMatchObject({
      specversion: "1.0",
      id: "a/bä",
      source: "std",
      type: "kyma.std.order.created.v1",
      originaltype: "order.created.v1",
      datacontenttype: "application/json",
      traceparent: trace,
      b3traceid: "1",
    });
  });

  test("structured events, prefixed types, labels of Applications and a batch", async () => {
    const json = ["Content-Type: application/cloudevents+json"];
    const event = (id: string, more: object) => ({
      specversion: "1.0",
      id,
      source: "labelled",
      type: "a.b.v1",
      ...more,
    });
    const labelled = X("compat", "CN=labelled");
    const first = JSON.stringify(event("1", { data: { n: 0 }, extra: 7 })).replace('"n":0', '"n":  1e400');
    expect((await world.call("/labelled/events", { xfcc: labelled, headers: json, body: first })).status).toBe(204);
    const batch = JSON.stringify([
      event("2", { type: "sap.kyma.custom.labelled.big.order.created.v1" }),
      event("3", {}),
    ]);
    const headers = ["Content-Type: application/cloudevents-batch+json"];
    expect((await world.call("/labelled/events", { xfcc: labelled, headers, body: batch })).status).toBe(204);
    const messages = await messagesOf(nats);
    expect(messages.map(({ subject }) => subject).sort()).toEqual([
      "kyma.sap.kyma.custom.shop.bigorder.created.v1",
      "kyma.shop.a.b.v1",
      "kyma.shop.a.b.v1",
    ]);
    expect(messages[0]?.body).toContain('"data":{"n":  1e400},"extra":7');
    const prefixed = messages.find(({ subject }) => subject.includes("custom"));
    expect(JSON.parse(prefixed?.body ?? "").type).toBe("sap.kyma.custom.shop.bigorder.created.v1");
  });

  test("a legacy event becomes two messages with one id", async () => {
    const members = '"event-type":"order.created","event-type-version":"v1","event-time":"2030-01-01T00:00:00Z"';
    const body = `{${members},"data":12345678901234567890}`;
    const response = await world.call("/std/v1/events", { xfcc, body });
    expect(response.status).toBe(200);
    const id = JSON.parse(response.text)["event-id"];
    const messages = await messagesOf(nats);
    expect(
      messages.map(({ subject, headers }) => [subject, headers["ce-id"], headers["ce-source"], headers["Nats-Msg-Id"]]),
    ).toEqual([
      ["kyma.std.order.created.v1", id, "std", `std/${id}`],
      ["kyma.sap.kyma.custom.std.order.created.v1", id, "kyma", `std/${id}#o`],
    ]);
    for (const message of messages) expect(message.body).toContain('"data":12345678901234567890');
    const wrong = await world.call("/std/v1/events", { xfcc, body: "{}" });
    expect([wrong.status, JSON.parse(wrong.text).type]).toEqual([400, "validation_violation"]);
  });

  const batch = (...ids: string[]) => {
    const events = ids.map((id) => ({ specversion: "1.0", id, source: "std", type: `order.t${id.length}.v1` }));
    const headers = ["Content-Type: application/cloudevents-batch+json"];
    return world.call("/std/events", { xfcc, headers, body: JSON.stringify(events) });
  };
  const storedIds = async () => (await messagesOf(nats)).map(({ headers }) => headers["ce-id"]);

  test("B-10 a batch is stored in its order, once, whatever of it was stored before", async () => {
    const ids = Array.from({ length: 100 }, (_, at) => `${at}`);
    expect((await batch("7", "99")).status).toBe(204);
    expect((await batch(...ids)).status).toBe(204);
    const others = ids.filter((id) => id !== "7" && id !== "99");
    expect(await storedIds()).toEqual(["7", "99", ...others]);
  });

  test("B-10 of a batch that the stream has no room for, each event is told what became of it", async () => {
    await recreate({ max_msgs: 2 });
    const response = await batch("1", "2", "3");
    expect(response.status).toBe(207);
    expect(JSON.parse(response.text).results.map(({ status }: { status: number }) => status)).toEqual([204, 204, 502]);
    expect(await storedIds()).toEqual(["1", "2"]);
  });

  test("a repeated event is known within the duplicate window", async () => {
    for (let count = 0; count < 3; count++) expect(await outcome("same")).toEqual([204, undefined]);
    expect(await outcome("other")).toEqual([204, undefined]);
    expect((await messagesOf(nats)).map(({ headers }) => headers["ce-id"])).toEqual(["same", "other"]);
  });

  test("what is no event, or has a type without a subject, is refused", async () => {
    const noId = binaryEvent("std").filter((line) => !line.startsWith("Ce-Id"));
    expect((await world.call("/std/events", { xfcc, headers: noId, body: anyBody })).status).toBe(400);
    const empty = binaryEvent("std").map((line) => line.replace("order.created", "order..created"));
    expect((await world.call("/std/events", { xfcc, headers: empty, body: anyBody })).status).toBe(400);
    expect(await messagesOf(nats)).toEqual([]);
  });

  test("a full stream is 507, another stream than the one that is meant 500, none 504", async () => {
    await recreate({ max_msgs: 1 });
    expect(await outcome("1")).toEqual([204, undefined]);
    expect(await outcome("2")).toEqual([502, "507"]);
    const connection = await nats.client();
    const { streams } = await jetstreamManager(connection);
    await streams.delete(sap.name);
    expect(await outcome("3")).toEqual([502, "504"]);
    await streams.add({ ...sap, name: "other" });
    expect(await outcome("4")).toEqual([502, "500"]);
    await streams.delete("other");
    await connection.close();
  });

  test("a message that is too large for the server is 413", async () => {
    const body = JSON.stringify("x".repeat(1024 * 1024 - 100));
    expect((await world.call("/std/events", { xfcc, headers: binaryEvent("std"), body })).status).toBe(413);
  });

  test("a server that restarts: 502 meanwhile, then all is well, and what it had is there", async () => {
    expect(await outcome("before")).toEqual([204, undefined]);
    await nats.kill();
    await expect.poll(() => outcome("meanwhile")).toEqual([502, "502"]);
    const { text } = await world.health("/metrics");
    expect(text).toContain("connectivity_validator_nats_connected 0");
    expect((await world.health("/readyz")).status).toBe(200);
    await nats.start();
    await expect.poll(() => outcome("after"), { timeout: 10_000 }).toEqual([204, undefined]);
    expect((await messagesOf(nats)).map(({ headers }) => headers["ce-id"])).toEqual(["before", "after"]);
  });

  test("a stream that is slow to acknowledge is 504; sent again, the event is stored once", async () => {
    const slow = await startSlowLink(nats.port);
    const other = await startWorld({
      applications,
      flags: ["--delivery=nats", `--natsUrl=nats://127.0.0.1:${slow.port}`],
    });
    onTestFinished(async () => {
      await other.stop();
      slow.stop();
    });
    await expect.poll(() => outcome("first", other)).toEqual([204, undefined]);
    slow.hold(true);
    expect(await outcome("slow", other)).toEqual([502, "504"]);
    slow.hold(false);
    await expect.poll(() => outcome("slow", other), { timeout: 10_000 }).toEqual([204, undefined]);
    expect((await messagesOf(nats)).map(({ headers }) => headers["ce-id"])).toEqual(["first", "slow"]);
  });

  test("with the spool in front, events outlive an outage of the stream, in their order", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nats-spool-"));
    const spooled = await startWorld({
      applications,
      flags: ["--delivery=nats", `--natsUrl=${nats.url}`, `--spoolDir=${folder}`],
    });
    onTestFinished(async () => {
      await spooled.stop();
      await rm(folder, { recursive: true, force: true });
    });
    await expect.poll(async () => (await spooled.health("/metrics")).text).toContain("nats_connected 1");
    const direct = await send("0", spooled);
    expect([direct.status, direct.header("delivery")]).toEqual([204, undefined]);
    await nats.kill();
    for (const id of ["1", "2", "3"]) {
      const response = await send(id, spooled);
      expect([response.status, response.header("delivery")]).toEqual([204, "queued"]);
    }
    await nats.start();
    const ids = async () => (await messagesOf(nats)).map(({ headers }) => headers["ce-id"]);
    await expect.poll(ids, { timeout: 15_000 }).toEqual(["0", "1", "2", "3"]);
  });
});

/** Passes on what clients say, and holds back what the server says while it is told to. */
async function startSlowLink(port: number) {
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    upstreams.add(upstream);
    for (const each of [socket, upstream]) sockets.add(each.on("error", () => undefined));
    socket.pipe(upstream);
    upstream.on("data", (chunk) => socket.write(chunk));
    socket.on("close", () => upstream.destroy());
    upstream.on("close", () => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    hold(on: boolean) {
      for (const upstream of upstreams) on ? upstream.pause() : upstream.resume();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
