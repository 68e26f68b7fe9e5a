import type { Application } from "@application-connector/crds";
import { describe, expect, test } from "vitest";
import { unrestricted } from "../policy/settings.ts";
import { type ApplicationRules, compileApplication, describe as shown } from "./application.ts";

const rules: ApplicationRules = {
  prefixes: { v1: "/%%APP_NAME%%/v1/events", v2: "/%%APP_NAME%%/v2/events", events: "/%%APP_NAME%%/events" },
  placeholder: "%%APP_NAME%%",
  emptyClientIds: "name",
  tenantGroup: "ignore",
  annotationPrefix: "inbound",
  settings: unrestricted,
};
const application = (spec?: object): Application =>
  ({ metadata: { name: "app" }, ...(spec ? { spec } : {}) }) as Application;
const ucl = (...clientIds: string[]) => application({ compassMetadata: { authentication: { clientIds } } });

describe("who may call", () => {
  test.each([
    ["standalone: its name", application({}), "name", ["app"]],
    ["without a spec: its name", application(), "name", ["app"]],
    ["standalone, deny: still its name", application({}), "deny", ["app"]],
    ["of a formation: any of its ids and not its name", ucl("id1", "id2"), "name", ["id1", "id2"]],
    ["of a formation without ids: its name", ucl(), "name", ["app"]],
    ["of a formation without ids, deny: nobody", ucl(), "deny", []],
    ["D-08: empty ids do not count", ucl("", "id1", ""), "name", ["id1"]],
    ["D-08: only empty ids are none", ucl("", ""), "deny", []],
    ["D-08: only empty ids are none", ucl(""), "name", ["app"]],
    ["compassMetadata without authentication", application({ compassMetadata: {} }), "deny", []],
    [
      "client ids that are no list: nobody",
      application({ compassMetadata: { authentication: { clientIds: "app" } } }),
      "name",
      [],
    ],
    [
      "what is no text among the ids does not count",
      application({ compassMetadata: { authentication: { clientIds: [null, 7, "id1"] } } }),
      "name",
      ["id1"],
    ],
    ["compassMetadata null", application({ compassMetadata: null }), "deny", ["app"]],
  ] as const)("%s", (_title, object, emptyClientIds, names) => {
    expect([...compileApplication(object, { ...rules, emptyClientIds }).acceptedNames]).toEqual(names);
  });
});

test("tenant and group bind only where the policy says so, and only when set", () => {
  const bound = application({ tenant: "t", group: "" });
  expect(compileApplication(bound, rules)).toMatchObject({ tenant: undefined, group: undefined });
  expect(compileApplication(bound, { ...rules, tenantGroup: "ifset" })).toMatchObject({
    tenant: "t",
    group: undefined,
  });
});

test("the log shows an entry as upstream's Go struct", () => {
  expect(shown(compileApplication(ucl("id1", "id2"), rules))).toBe(
    "{[id1 id2] /app/v1/events /app/v2/events /app/events}",
  );
});
