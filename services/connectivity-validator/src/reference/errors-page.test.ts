import { catalogue } from "@application-connector/problem";
import { expect, test } from "vitest";
import { refusals } from "../proxy/refusal.ts";
import { errorsPage } from "./errors-page.ts";

test("every refusal in upstream's shape is explained", () => {
  const page = errorsPage();
  const reasons = Object.values(refusals).flatMap(({ shape, reason }) => (shape === "plain" ? [] : [reason]));
  const more = [
    "application_unknown",
    "payload_too_large",
    "method_not_allowed",
    "rate_limited",
    "invalid_event",
    "unsupported_media_type",
    "eventing_error",
  ];
  expect([...reasons, ...more].filter((reason) => !page.includes(`| \`${reason}\` |`))).toEqual([]);
  expect(reasons.filter((reason) => !(reason.toUpperCase() in catalogue))).toEqual([]);
});
