import { expect, test } from "vitest";
import { answerHandshake } from "./webhook.ts";

const allow = ["Allow", "POST, OPTIONS"];
const ask = (origins: string[], headers: string[], rateLimit?: { perSecond: number; burst: number }) =>
  answerHandshake(headers, origins, { rateLimit }).headers;
const from = (origin: string) => ["WebHook-Request-Origin", origin];

test("a known origin may send, and is told how often", () => {
  const granted = [...allow, "WebHook-Allowed-Origin", "events.example.com", "WebHook-Allowed-Rate"];
  expect(ask(["events.example.com"], from("events.example.com"))).toEqual([...granted, "*"]);
  expect(ask(["*"], from("events.example.com"), { perSecond: 2, burst: 5 })).toEqual([...granted, "120"]);
  expect(ask(["*"], from("events.example.com"), { perSecond: 0.001, burst: 1 })).toEqual([...granted, "1"]);
});

test("nothing is granted to others", () => {
  expect(ask(["events.example.com"], from("evil.example.com"))).toEqual(allow);
  expect(ask(["events.example.com"], [])).toEqual(allow);
  expect(ask(["*"], [...from("a"), ...from("b")])).toEqual(allow);
});
