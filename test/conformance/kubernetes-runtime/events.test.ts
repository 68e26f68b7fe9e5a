import {
  type ConfigMap,
  coreEvents,
  createEventRecorder,
  type Event,
  type EventRecorderOptions,
  events,
  namespaces,
  type Statement,
} from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { create, createWorld, metric, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const verified: Statement = { type: "Normal", reason: "Verified", message: "all is well" };

async function createRecorder(options: Partial<EventRecorderOptions> = {}, time: "real" | "manual" = "real") {
  const world = await createWorld(server, { time });
  const about = await create(world, "crm");
  const { client, metrics } = world;
  const recorder = createEventRecorder(client, { component: "tester", instance: "tester-1", metrics, ...options });
  onTestFinished(() => recorder.stop());
  return { ...world, about, recorder, world };
}

const written = async ({ admin, namespace }: World): Promise<readonly Event[]> =>
  (await admin.list(events, { namespace, fieldSelector: "reportingController=tester" })).items;

/** Waits until so many events are written or counted up. */
const done = (world: World, count: number): Promise<void> =>
  expect.poll(() => metric(world, "k8s_events_written_total"), { timeout: 15_000 }).toBe(count);

const posts = ({ proxy }: World): number => proxy.requests.filter(({ method }) => method === "POST").length;
const patches = ({ proxy }: World): number => proxy.requests.filter(({ method }) => method === "PATCH").length;

test("an event says what happened to which object, and counts when it happens again", async () => {
  const { recorder, about, world } = await createRecorder();
  recorder.event(about, { ...verified, type: "Warning", action: "Verify" });
  await done(world, 1);
  for (let count = 0; count < 100; count++) recorder.event(about, { ...verified, type: "Warning", action: "Verify" });
  await done(world, 2);
  await recorder.stop();
  const [event, ...others] = await written(world);
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: "Warning",
    reason: "Verified",
    action: "Verify",
    note: "all is well",
    regarding: {
      apiVersion: "v1",
      kind: "ConfigMap",
      namespace: world.namespace,
      name: "crm",
      uid: about.metadata.uid,
    },
    reportingController: "tester",
    reportingInstance: "tester-1",
    series: { count: 101 },
  });
  expect(patches(world)).toBeLessThanOrEqual(2);
});

test("a series is counted up once a minute at most, and at the end", async () => {
  const { recorder, about, world, clock } = await createRecorder({}, "manual");
  const say = () => recorder.event(about, verified);
  say();
  await done(world, 1);
  say();
  await done(world, 2);
  await until("it rests", () => clock.nextInMs === 60_000);
  say();
  say();
  await clock.advance(59_000);
  expect(patches(world)).toBe(1);
  await clock.advance(1_000);
  await done(world, 3);
  expect((await written(world))[0]?.series?.count).toBe(4);
  await until("it rests", () => clock.nextInMs === 60_000);
  say();
  await recorder.stop();
  expect((await written(world))[0]?.series?.count).toBe(5);
  expect(clock.pending).toBe(0);
});

test("an event that the server forgot is written anew when it goes on", async () => {
  const { recorder, about, world, admin, namespace } = await createRecorder();
  recorder.event(about, verified);
  await done(world, 1);
  const [{ metadata } = { metadata: { name: "" } }] = await written(world);
  await admin.delete(events, { name: metadata.name, namespace });
  recorder.event(about, verified);
  await done(world, 2);
  await recorder.stop();
  expect(await written(world)).toMatchObject([{ series: { count: 2 } }]);
});

test("the old shape has a source and a count", async () => {
  const { recorder, about, world, admin, namespace } = await createRecorder({ api: "v1" });
  recorder.event(about, verified);
  await done(world, 1);
  recorder.event(about, verified);
  await done(world, 2);
  const { items } = await admin.list(coreEvents, { namespace, fieldSelector: "involvedObject.name=crm" });
  expect(items).toMatchObject([{ count: 2, source: { component: "tester" }, message: "all is well", eventTime: null }]);
});

test("events of an object without a namespace are in the namespace default", async () => {
  const { recorder, world, admin, namespace } = await createRecorder();
  const about = await admin.get(namespaces, { name: namespace });
  recorder.event(about, verified);
  await done(world, 1);
  await recorder.stop();
  const fieldSelector = `regarding.name=${namespace},regarding.kind=Namespace`;
  const { items } = await admin.list(events, { namespace: "default", fieldSelector });
  expect(items).toMatchObject([{ reason: "Verified" }]);
  for (const { metadata } of items) await admin.delete(events, { name: metadata.name, namespace: "default" });
});

test("a failing server is tried again, and an answer that got lost makes no second event", async () => {
  const { recorder, about, world, proxy } = await createRecorder();
  const isPost = ({ method }: { method: string }) => method === "POST";
  proxy.answer(isPost, { status: 503 });
  proxy.answer(isPost, { lose: true });
  recorder.event(about, verified);
  await done(world, 1);
  expect(posts(world)).toBe(3);
  await recorder.stop();
  expect(await written(world)).toHaveLength(1);
  expect(recorder.dropped).toEqual({ budget: 0, queue: 0, failed: 0, refused: 0, stopped: 0, malformed: 0 });
});

test.each([
  { what: "a missing right", answer: { status: 403 }, loss: "refused", tries: 1 },
  { what: "an event that is not valid", answer: { status: 422 }, loss: "refused", tries: 1 },
  { what: "a server that fails for long", answer: { status: 500 }, loss: "failed", tries: 5 },
])("$what loses an event, which is counted, and nothing else", async ({ answer, loss, tries }) => {
  const { recorder, about, world, proxy, clock } = await createRecorder({}, "manual");
  proxy.answer(({ method }) => method === "POST", answer, tries);
  recorder.event(about, verified);
  while (recorder.dropped[loss as "failed"] === 0) {
    await until(
      "it is lost or tried again",
      () => recorder.dropped[loss as "failed"] > 0 || (clock.nextInMs ?? 60_000) < 9_000,
    );
    await clock.advance(9_000);
  }
  expect(await metric(world, "k8s_events_dropped_total", { reason: loss })).toBe(1);
  recorder.event(about, { ...verified, reason: "Recovered" });
  await done(world, 1);
  expect(posts(world)).toBe(tries + 1);
  await recorder.stop();
  expect(await written(world)).toMatchObject([{ reason: "Recovered" }]);
});

test("nothing is thrown, whatever is passed and when; what waits is bounded and ends with the recorder", async () => {
  const { recorder, about, proxy, clock } = await createRecorder({}, "manual");
  proxy.answer(({ method }) => method === "POST", { status: 200, hang: true }, 1_000);
  recorder.event({} as ConfigMap, verified);
  expect(recorder.dropped.malformed).toBe(1);
  for (let index = 0; index < 1_500; index++) {
    recorder.event({ ...about, metadata: { ...about.metadata, name: `crm-${index}` } }, verified);
  }
  expect(recorder.dropped.queue).toBe(500);
  const stopped = recorder.stop(2_000);
  await clock.advance(2_000);
  await stopped;
  expect(recorder.dropped.stopped).toBe(1_000);
  recorder.event(about, verified);
  expect(recorder.dropped.stopped).toBe(1_001);
  expect(clock.pending).toBe(0);
});
