import { expect, test } from "vitest";
import { FailingAddresses } from "./failing-addresses.ts";

const a = { address: "192.0.2.1", family: 4 };
const b = { address: "192.0.2.2", family: 4 };
const c = { address: "2001:db8::1", family: 6 };

test("an address that failed comes last, for a while or until it works", () => {
  let now = 0;
  const addresses = new FailingAddresses(() => now);
  expect(addresses.last([a, b, c])).toEqual([a, b, c]);
  addresses.failed(a.address);
  expect(addresses.last([a, b, c])).toEqual([b, c, a]);
  addresses.failed(b.address);
  expect(addresses.last([a, b, c])).toEqual([c, a, b]);
  addresses.works(a.address);
  expect(addresses.last([a, b, c])).toEqual([a, c, b]);
  now = 60_000;
  expect(addresses.last([a, b, c])).toEqual([a, b, c]);
});

test("where all fail the order is the name server's, and none is left out", () => {
  const addresses = new FailingAddresses();
  for (const { address } of [c, b, a]) addresses.failed(address);
  expect(addresses.last([a, b, c])).toEqual([a, b, c]);
});

test("of very many the oldest failures are forgotten", () => {
  const addresses = new FailingAddresses();
  addresses.failed(a.address);
  for (let host = 0; host < 64; host++) addresses.failed(`198.51.100.${host}`);
  addresses.failed(b.address);
  expect(addresses.last([b, a])).toEqual([a, b]);
});
