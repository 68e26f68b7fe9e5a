import { describe, expect, test } from "vitest";
import { chooseRoute, prefixesOf } from "./route.ts";

const templates = {
  v1: "/%%APP_NAME%%/v1/events",
  v2: "/%%APP_NAME%%/v2/events",
  events: "/%%APP_NAME%%/events",
};
const std = prefixesOf("std", templates, "%%APP_NAME%%");

describe("the placeholder", () => {
  test("every occurrence becomes the Application's name, as text and not as a pattern", () => {
    const twice = { ...templates, events: "/%%APP_NAME%%/x/%%APP_NAME%%" };
    expect(prefixesOf("a$&b", twice, "%%APP_NAME%%").events).toBe("/a$&b/x/a$&b");
  });
  test("an empty placeholder leaves the prefixes as they are", () => {
    expect(prefixesOf("std", { v1: "/v1/events", v2: "/v2/events", events: "/events" }, "")).toEqual({
      v1: "/v1/events",
      v2: "/v2/events",
      events: "/events",
    });
  });
});

test.each([
  ["/std/v1/events", "v1"],
  ["/std/v1/events/", "v1"],
  ["/std/v1/events/subscribed", "v1"],
  ["/std/v2/events", "v2"],
  ["/std/v2/events/a/b", "v2"],
  ["/std/events", "events"],
  ["/std/events/v1/events", "events"],
  ["/std/v1/metadata/services", undefined],
  ["/std/v3/events", undefined],
  ["/std/", undefined],
  ["/std/Events", undefined],
  ["/std/v1/event", undefined],
])("%s is route %s", (path, route) => {
  expect(chooseRoute(path, std)).toBe(route);
});

test.each(["/std/eventsXYZ", "/std/v1/eventsXYZ", "/std/v2/events.", "/std/events;a", "/std/events%2f"])(
  "D-06: %s does not begin with a whole prefix",
  (path) => {
    expect(chooseRoute(path, std)).toBeUndefined();
  },
);

test("an Application called v1 is reached by the Events prefix and by its own V1 prefix", () => {
  const v1 = prefixesOf("v1", templates, "%%APP_NAME%%");
  expect(chooseRoute("/v1/events", v1)).toBe("events");
  expect(chooseRoute("/v1/v1/events", v1)).toBe("v1");
});

test("a configured prefix that ends in a slash covers what follows it", () => {
  const prefixes = { ...std, events: "/std/in/" };
  expect(chooseRoute("/std/in/x", prefixes)).toBe("events");
  expect(chooseRoute("/std/in", prefixes)).toBeUndefined();
});
