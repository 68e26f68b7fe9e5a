import { validateHeaderValue } from "node:http";
import { expect, test } from "vitest";
import { errorHeaders, headerText, originName } from "./error-headers.ts";
import { requestIdOf } from "./request-id.ts";

test("an error of our own names its origin, its message and the request", () => {
  const origin = originName("application-gateway");
  expect(errorHeaders({ origin, message: "target is down", requestId: "7f3c" })).toEqual({
    "x-error-origin": "Application Gateway",
    "x-error-message": "target is down",
    "x-request-id": "7f3c",
  });
  expect(errorHeaders({ origin, message: "target is down" })).not.toHaveProperty("x-request-id");
});

test.each([
  { title: "a second header smuggled in", text: "a\r\nSet-Cookie: x=1", value: "a Set-Cookie: x=1" },
  { title: "control characters", text: "a\u0000b\u0085c\td", value: "a b c d" },
  { title: "line separators of Unicode", text: "a\u2028b\u00a0c", value: "a b c" },
  { title: "letters beyond ASCII", text: "Größe “x” 😀", value: "Gr??e ?x? ?" },
  { title: "white space around", text: "  a  b \n", value: "a b" },
])("a header value is one line of visible ASCII: $title", ({ text, value }) => {
  expect(headerText(text)).toBe(value);
});

test("a header value has a bounded length whatever the message", () => {
  const value = headerText("é\n".repeat(1_000_000));
  expect(value).toHaveLength(1024);
  expect(value.endsWith("...")).toBe(true);
  expect(() => validateHeaderValue("x-error-message", value)).not.toThrow();
});

test("a request keeps the id it came with when that is safe to repeat", () => {
  expect(requestIdOf("7f3c-ab")).toBe("7f3c-ab");
});

test.each([undefined, "", "a b", "a\r\nb", "é", "x".repeat(129), ["a", "b"]])(
  "a request gets a new id in place of %j",
  (received) => {
    expect(requestIdOf(received)).toMatch(/^[\da-f-]{36}$/);
  },
);
