import { expect, onTestFinished, test } from "vitest";
import { binaryHeaders, post, startUntil } from "./testing/start.ts";

const start = startUntil(onTestFinished);
const legacy = '{"event-type":"a.b","event-type-version":"v1","event-time":"2026-01-01T00:00:00Z","data":1}';

test.each([500, 502, 503, 504, 507])("a backend's %i is passed on and nothing is stored", async (status) => {
  const eventing = await start();
  eventing.fail({ status }, 2);
  const publish = () => post(`${eventing.url}/publish`, "{}", binaryHeaders);
  expect(await publish()).toMatchObject({ status, text: "" });
  const refused = await post(`${eventing.url}/app/v1/events`, legacy);
  expect([refused.status, JSON.parse(refused.text)]).toEqual([status, { status, message: expect.any(String) }]);
  expect(eventing.stored).toBe(0);
  expect((await publish()).status).toBe(204);
});

test("a delay comes before the acknowledgement", async () => {
  const eventing = await start();
  eventing.fail({ delayMs: 80 }, 1);
  const begin = performance.now();
  expect((await post(`${eventing.url}/publish`, "{}", binaryHeaders)).status).toBe(204);
  expect(performance.now() - begin).toBeGreaterThan(70);
});

test("a reset breaks the connection", async () => {
  const eventing = await start();
  eventing.fail({ reset: true }, 1);
  await expect(post(`${eventing.url}/publish`, "{}", binaryHeaders)).rejects.toThrow();
  expect(eventing.stored).toBe(0);
});

test("a hanging call ends with stop, the next one after heal is served", async () => {
  const eventing = await start();
  eventing.fail({ hang: true });
  const hanging = post(`${eventing.url}/publish`, "{}", binaryHeaders);
  hanging.catch(() => undefined);
  await expect.poll(() => eventing.requests[0]?.complete).toBe(true);
  eventing.heal();
  expect((await post(`${eventing.url}/publish`, "{}", binaryHeaders)).status).toBe(204);
  await eventing.stop();
  await expect(hanging).rejects.toThrow();
});

test("faults are set, seen and healed over HTTP", async () => {
  const { url } = await start();
  const put = (fault: unknown) => fetch(`${url}/faults`, { method: "PUT", body: JSON.stringify(fault) });
  expect(await (await put({ status: 503 })).json()).toEqual({ faults: [{ status: 503 }] });
  expect((await fetch(`${url}/readyz`)).status).toBe(500);
  expect((await post(`${url}/publish`, "{}", binaryHeaders)).status).toBe(503);
  expect((await fetch(`${url}/faults`, { method: "DELETE" })).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await post(`${url}/publish`, "{}", binaryHeaders)).status).toBe(204);
});

test.each([[{ status: 99 }], [{ times: 0 }], [{ constructor: 1 }], [{ hang: "yes" }], [[]], ["x"]])(
  "a fault that is none is refused: %j",
  async (fault) => {
    const { url } = await start();
    expect((await fetch(`${url}/faults`, { method: "PUT", body: JSON.stringify(fault) })).status).toBe(400);
  },
);
