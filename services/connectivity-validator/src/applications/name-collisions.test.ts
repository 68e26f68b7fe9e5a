import { expect, test } from "vitest";
import { NameCollisions } from "./name-collisions.ts";

test("names that become the same are found, from both sides", () => {
  const collisions = new NameCollisions();
  const put = (name: string, typeLabel?: string) => collisions.put({ name, typeLabel }).toSorted();
  expect(put("my-app")).toEqual([]);
  expect(put("other")).toEqual([]);
  expect(put("my.app")).toEqual(["my-app"]);
  expect(put("myapp")).toEqual(["my-app", "my.app"]);
  expect(put("labelled", "My")).toEqual([]);
  expect(put("labelled", "myapp")).toEqual(["my-app", "my.app", "myapp"]);
  collisions.remove("my.app");
  expect(put("myapp")).toEqual(["labelled", "my-app"]);
});

test("a label that two share is no accident, and one that leads away from another name helps", () => {
  const collisions = new NameCollisions();
  const put = (name: string, typeLabel?: string) => collisions.put({ name, typeLabel });
  put("shop-eu", "shop");
  expect(put("shop-us", "shop")).toEqual([]);
  expect(put("shop")).toEqual(["shop-eu", "shop-us"]);
  expect(put("shop", "store")).toEqual([]);
  expect(put("shop-us", "shop")).toEqual([]);
});
