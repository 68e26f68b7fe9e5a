import { noParameters, type OutgoingCall } from "@application-connector/credentials";
import type { Exchange, Target } from "@application-connector/forward";
import { expect, test } from "vitest";
import type { Api } from "../entries/api.ts";
import { secondTry } from "./second-try.ts";
import { Sent } from "./sent.ts";

const target = {} as Target;
const first = sent(api(), "/x", ["Host", "h", "Authorization", "old"]);

test("the same again is no second try, whether its credential had to be fetched or not", async () => {
  for (const wait of [false, true]) {
    const same = api({ authorization: "old", wait });
    expect(await secondTry(first, remake(same))).toBeUndefined();
    expect(same.holds).toBe(0);
  }
});

test.each([
  ["another credential", { authorization: "new" }, "/x"],
  ["a credential that had to be fetched", { authorization: "new", wait: true }, "/x"],
  ["another connection, such as one with another client certificate", { target: {} as Target }, "/x"],
  ["another query out of a Secret", {}, "/x?key=new"],
])("%s is one, and holds its API", async (_, change, path) => {
  const changed = api({ authorization: "old", ...change });
  expect(await secondTry(first, remake(changed, path))).toMatchObject({ api: changed, path });
  expect(changed.holds).toBe(1);
});

test("the common case waits for nothing", () => {
  expect(secondTry(first, remake(api({ authorization: "old" })))).toBeUndefined();
});

test("a seal, of which no two are alike, is no difference, and nothing of it is in what is compared", () => {
  let seals = 0;
  const seal = (call: OutgoingCall) => {
    call.headers.push("Signature", String(++seals));
    call.path += `?signature=${seals}`;
  };
  const sealed = api({ authorization: "old", seal });
  const before = sent(sealed, "/x", ["Host", "h", "Authorization", "old"]);
  before.seal();
  expect(before.path).toBe("/x?signature=1");
  expect(secondTry(before, remake(sealed))).toBeUndefined();
  expect(secondTry(before, remake(api({ authorization: "new", seal })))).toMatchObject({ path: "/x" });
});

test("there is none for an API that is gone or replaced, or whose path leads elsewhere now", () => {
  const gone = { ...remake(api()), api: undefined };
  const replaced = remake(api({ isReplaced: true }));
  const lost = { ...remake(api({ authorization: "new" })), path: () => undefined };
  for (const made of [gone, replaced, lost]) expect(secondTry(first, made)).toBeUndefined();
});

test("a credential that can't be had is an error, and holds nothing", async () => {
  const failing = api({ fails: true });
  await expect(secondTry(first, remake(failing))).rejects.toThrow("no token");
  expect(failing.holds).toBe(0);
});

interface Change {
  authorization?: string;
  wait?: boolean;
  fails?: boolean;
  target?: Target;
  isReplaced?: boolean;
  seal?: (call: OutgoingCall) => void;
}

function api({ authorization = "old", wait = false, fails = false, isReplaced = false, ...change }: Change = {}) {
  const made = {
    target: change.target ?? target,
    parameters: noParameters,
    isReplaced,
    holds: 0,
    hold: () => void made.holds++,
    letGo: () => void made.holds--,
    credential: {
      seal: change.seal,
      authorize({ headers }: OutgoingCall) {
        if (fails) return Promise.reject(new Error("no token"));
        const add = () => void headers.push("Authorization", authorization);
        return wait ? Promise.resolve().then(add) : add();
      },
    },
  };
  return made as unknown as Api & { holds: number };
}

function remake(made: Api, path = "/x") {
  const make = (current: Api, to: string) => sent(current, to, ["Host", "h"]);
  return { api: made, path: () => path, make, authorize: (call: Sent) => call.api.credential.authorize(call) };
}

function sent(made: Api, path: string, headers: string[]): Sent {
  return new Sent(made, path, headers, { method: "GET", headers: [] } as unknown as Exchange, undefined);
}
