import { expect, test } from "vitest";
import { createDelivery } from "./delivery.ts";

test("who subscribes while changes are delivered gets the store, and none of these changes again", () => {
  const delivery = createDelivery<string>(() => {});
  const late: string[] = [];
  let subscribed = false;
  delivery.subscribe(
    {
      add() {
        if (!subscribed) delivery.subscribe({ add: (now) => void late.push(now) }, ["a", "b"]);
        subscribed = true;
      },
    },
    [],
  );
  delivery.deliver([
    { type: "add", now: "a" },
    { type: "add", now: "b" },
  ]);
  expect(late).toEqual(["a", "b"]);
});

test("who unsubscribed hears nothing more, and stopping waits for handlers that run", async () => {
  const delivery = createDelivery<string>(() => {});
  const heard: string[] = [];
  let finish = (): void => {};
  const end = delivery.subscribe(
    {
      add(now) {
        heard.push(now);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    },
    ["a"],
  );
  end();
  delivery.deliver([{ type: "add", now: "b" }]);
  expect(heard).toEqual(["a"]);
  let isSettled = false;
  const settled = delivery.settled().then(() => {
    isSettled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isSettled).toBe(false);
  finish();
  await settled;
});
