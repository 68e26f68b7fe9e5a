import { describe, expect, test } from "vitest";
import { refuses } from "./authorize.ts";

const identity = { commonName: "id1", organizations: ["tenant", "other"], organizationalUnits: ["group"] };
const application = {
  acceptedNames: new Set(["id0", "id1"]),
  tenant: undefined,
  group: undefined,
  settings: { certSha256: undefined as ReadonlySet<string> | undefined },
};

test("any of the accepted common names may call", () => {
  expect(refuses(application, identity)).toBeUndefined();
  expect(refuses(application, { ...identity, commonName: "id2" })).toMatchObject({ rejected: "not_accepted" });
  expect(refuses({ ...application, acceptedNames: new Set() }, identity)).toMatchObject({ rejected: "not_accepted" });
});

describe("a bound Application", () => {
  test.each([
    ["both as they must be", { tenant: "tenant", group: "group" }, undefined],
    ["any O may be the tenant", { tenant: "other" }, undefined],
    ["another tenant", { tenant: "evil" }, "tenant_mismatch"],
    ["another group", { group: "evil" }, "group_mismatch"],
    ["case matters", { tenant: "Tenant" }, "tenant_mismatch"],
    ["O is not OU", { tenant: "group" }, "tenant_mismatch"],
  ])("%s", (_title, bound, rejected) => {
    expect(refuses({ ...application, ...bound }, identity)?.rejected).toBe(rejected);
  });
});

describe("an Application that is bound to certificates", () => {
  const pinned = (...digests: string[]) => ({ ...application, settings: { certSha256: new Set(digests) } });
  test.each([
    ["one of them", pinned("aa", "bb"), { ...identity, certSha256: "bb" }, undefined],
    ["another one of the right name", pinned("aa"), { ...identity, certSha256: "cc" }, "certificate_not_pinned"],
    ["one that nobody has seen", pinned("aa"), identity, "certificate_not_pinned"],
    ["none at all", pinned(), { ...identity, certSha256: "aa" }, "certificate_not_pinned"],
    ["one of them, of another name", pinned("aa"), { ...identity, commonName: "x", certSha256: "aa" }, "not_accepted"],
  ])("%s", (_title, bound, who, rejected) => {
    expect(refuses(bound, who)?.rejected).toBe(rejected);
  });
});
