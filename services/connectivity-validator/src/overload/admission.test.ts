import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";
import { ApplicationLoad } from "./application-load.ts";

const sender = () => ({ load: new ApplicationLoad() });

test("no Application gets more than half, and all together no more than there is", () => {
  const admission = createAdmission(5);
  const [one, two, three] = [sender(), sender(), sender()];
  const enter = (who: typeof one) => admission.admit(who, 0)?.reason;
  expect([enter(one), enter(one), enter(one), enter(one)]).toEqual([undefined, undefined, undefined, "overloaded"]);
  expect([enter(two), enter(two), enter(three)]).toEqual([undefined, undefined, "overloaded"]);
  expect(admission.inFlight).toBe(5);
  admission.release(one);
  expect(enter(three)).toBeUndefined();
  expect(admission.admit(two, 0)).toMatchObject({ status: 429, retryAfterS: 1 });
});

test("0 is no limit", () => {
  const admission = createAdmission(0);
  const one = sender();
  for (let count = 0; count < 10_000; count++) expect(admission.admit(one, 0)).toBeUndefined();
  expect([admission.inFlight, one.load.inFlight]).toEqual([10_000, 10_000]);
});

test("a rate counts who is let in, and is told to who is not", () => {
  const admission = createAdmission(2);
  const one = sender();
  one.load.setRate({ perSecond: 0.1, burst: 1 }, 0);
  expect(admission.admit(one, 0)).toBeUndefined();
  // Full: that costs no token.
  expect(admission.admit(one, 0)).toMatchObject({ reason: "overloaded" });
  admission.release(one);
  expect(admission.admit(one, 0)).toMatchObject({
    status: 429,
    reason: "rate_limited",
    retryAfterS: 10,
    headers: ["RateLimit-Limit", "1", "RateLimit-Remaining", "0", "RateLimit-Reset", "10"],
  });
  expect(admission.inFlight).toBe(0);
  expect(admission.admit(one, 10_000)).toBeUndefined();
});
