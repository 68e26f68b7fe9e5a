import { describe, expect, test } from "vitest";
import { Circuit } from "../overload/circuit.ts";
import type { DeliverableEvent, DeliveryResult } from "./delivery.ts";
import { guardedDelivery } from "./guarded.ts";

const event = {} as DeliverableEvent;
const answer = (status: number): DeliveryResult => ({ status, headers: [], body: Buffer.alloc(0) });

function world(reply: () => DeliveryResult[]) {
  const circuit = new Circuit({ failures: 2, windowMs: 60_000, probeMs: 60_000 });
  let asked = 0;
  const delivery = guardedDelivery(
    {
      deliver: async () => answer(204),
      async deliverAll() {
        asked++;
        return reply();
      },
    },
    circuit,
  );
  const send = () => delivery.deliverAll?.([event, event], () => undefined);
  return { circuit, send, asked: () => asked };
}

test("a batch that fails counts once, and an open circuit refuses all of it without asking", async () => {
  const { circuit, send, asked } = world(() => [answer(204), answer(503)]);
  await send();
  expect(circuit.isOpen).toBe(false);
  await send();
  expect(circuit.isOpen).toBe(true);
  expect(await send()).toEqual([{ kind: "circuit_open" }, { kind: "circuit_open" }]);
  expect(asked()).toBe(2);
});

test("one that was stored closes it; one that nobody was asked for says nothing", async () => {
  let results: DeliveryResult[] = [{ kind: "timeout" }];
  const { circuit, send } = world(() => results);
  await send();
  results = [{ kind: "client_gone" }];
  await send();
  results = [{ kind: "timeout" }];
  await send();
  expect(circuit.isOpen).toBe(true);
  circuit.succeeded();
  await send();
  results = [answer(204)];
  await send();
  results = [{ kind: "timeout" }];
  await send();
  expect(circuit.isOpen).toBe(false);
});

describe("a batch of which nothing was taken", () => {
  function singly(answers: DeliveryResult[]) {
    const circuit = new Circuit({ failures: 2, windowMs: 60_000, probeMs: 60_000 });
    const asked: DeliverableEvent[] = [];
    const delivery = guardedDelivery(
      {
        async deliver(each) {
          asked.push(each);
          return answers.shift() ?? answer(204);
        },
        deliverAll: async () => undefined,
      },
      circuit,
    );
    const events = ["1", "2", "3", "4"].map((id) => ({ context: { id, source: id } }) as DeliverableEvent);
    return { circuit, asked, send: (count: number) => delivery.deliverAll?.(events.slice(0, count), () => undefined) };
  }

  test("goes on event by event, each of which counts, until the circuit opens", async () => {
    const { circuit, asked, send } = singly([answer(503), answer(503), answer(503)]);
    await send(2);
    expect(circuit.isOpen).toBe(true);
    expect(await send(4)).toEqual(new Array(4).fill({ kind: "circuit_open" }));
    expect(asked).toHaveLength(2);
  });

  test("leaves it to one of its events to find out whether Eventing is well again", async () => {
    const { circuit, send } = singly([answer(503), answer(503)]);
    await send(2);
    // The time of the next probe has come.
    circuit.giveBack(Date.now());
    expect(await send(2)).toContainEqual(answer(204));
    expect(circuit.isOpen).toBe(false);
  });
});

test("what takes events only one by one stays so", () => {
  const circuit = new Circuit({ failures: 2, windowMs: 1, probeMs: 1 });
  expect(guardedDelivery({ deliver: async () => answer(204) }, circuit)).not.toHaveProperty("deliverAll");
});
