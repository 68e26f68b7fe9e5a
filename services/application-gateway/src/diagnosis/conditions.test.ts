import { describe, expect, test } from "vitest";
import type { Mistake } from "../entries/mistake.ts";
import { conditionsOf, findingsOf, type ObservedApi, type ObservedApplication } from "./conditions.ts";

const day = 24 * 60 * 60_000;
const now = Date.parse("2026-06-01T00:00:00Z");
const fine: ObservedApi = { path: "/fine", callable: true, mistakes: [] };
const broken: ObservedApi = {
  path: "/orders/v1",
  callable: false,
  mistakes: [{ reason: "SecretNotFound", message: "secret 'x' not found" }],
};

describe("the conditions of an Application", () => {
  test("say that all is well, of which generation", () => {
    const conditions = conditions_({ apis: [fine, fine], generation: 7 });
    expect(conditions.map(({ type, status }) => `${type} ${status}`)).toEqual([
      "Ready True",
      "CredentialsReady True",
      "EndpointsValid True",
      "NameConflict False",
      "CertificateExpiring False",
      "TLSVerificationDisabled False",
      "SettingsValid True",
    ]);
    expect(conditions[0]).toMatchObject({ reason: "ApisCallable", message: "2 APIs can be called" });
    expect(new Set(conditions.map(({ observedGeneration }) => observedGeneration))).toEqual(new Set([7]));
  });

  test("say that there is nothing to call", () => {
    expect(conditions_({ apis: [] })[0]).toMatchObject({ status: "True", reason: "NoApis" });
  });

  test.each<[Mistake["reason"], string, "True" | "False"]>([
    ["SecretNotFound", "CredentialsReady", "False"],
    ["SecretInvalid", "CredentialsReady", "False"],
    ["CertificateInvalid", "CredentialsReady", "False"],
    ["TargetUrlInvalid", "EndpointsValid", "False"],
    ["TargetForbidden", "EndpointsValid", "False"],
    ["PreparationFailed", "EndpointsValid", "False"],
    ["NameAmbiguous", "NameConflict", "True"],
    ["NameUnaddressable", "NameConflict", "True"],
    ["TlsNotVerified", "TLSVerificationDisabled", "True"],
    ["AnnotationInvalid", "SettingsValid", "False"],
    ["SecretPartIgnored", "SettingsValid", "False"],
    ["CallersUnknown", "SettingsValid", "False"],
  ])("%s makes %s %s, and no other condition", (reason, type, status) => {
    const api = { path: "/a", callable: true, mistakes: [{ reason, message: "why" }] };
    const all = conditions_({ apis: [api] });
    expect(all.find((condition) => condition.type === type)).toMatchObject({ status, reason, message: "/a: why" });
    const usual = conditions_({ apis: [fine] });
    const changed = all.filter(({ status: one }, index) => one !== usual[index]?.status);
    expect(changed.map((condition) => condition.type)).toEqual([type]);
  });

  test("say which APIs can't be called, and why", () => {
    const warned = { ...broken, mistakes: [...broken.mistakes, { reason: "TlsNotVerified", message: "w" } as const] };
    expect(conditions_({ apis: [fine, warned] })[0]).toEqual({
      type: "Ready",
      status: "False",
      reason: "SomeApisNotCallable",
      message: "1 of 2 APIs can't be called: /orders/v1: secret 'x' not found",
    });
    expect(conditions_({ apis: [broken] })[0]).toMatchObject({ reason: "NoApiCallable" });
  });

  test("stay short however much is wrong", () => {
    const apis = Array.from({ length: 2_000 }, (_, index) => ({
      path: `/s/${index}`,
      callable: false,
      mistakes: [{ reason: "SecretInvalid", message: "x".repeat(5_000) } as const],
    }));
    for (const { message = "" } of conditions_({ apis })) expect(message.length).toBeLessThan(2_000);
    expect(conditions_({ apis })[1]?.message).toMatch(/…; and 1995 more$/);
  });

  test("tell what is wrong with the Application itself without a path", () => {
    const mistakes: Mistake[] = [{ reason: "AnnotationInvalid", message: "annotation 'x' ignored" }];
    const settings = conditions_({ apis: [fine], mistakes }).at(-1);
    expect(settings).toMatchObject({ type: "SettingsValid", status: "False", message: "annotation 'x' ignored" });
  });
});

describe("a client certificate", () => {
  test.each([
    ["in 15 days", 15 * day, "False", "CertificatesValid"],
    ["in 14 days", 14 * day, "True", "CertificateExpiring"],
    ["in a second", 1000, "True", "CertificateExpiring"],
    ["now", 0, "True", "CertificateExpired"],
    ["yesterday", -day, "True", "CertificateExpired"],
  ])("that expires %s is told so", (_, in_, status, reason) => {
    const api = { ...fine, certificateExpiresAt: now + in_ };
    const condition = conditions_({ apis: [api] }).find(({ type }) => type === "CertificateExpiring");
    expect(condition).toMatchObject({ status, reason });
    const at = new Date(now + in_).toISOString();
    if (status === "True") expect(condition?.message).toContain(at);
  });
});

function conditions_(some: Partial<ObservedApplication>) {
  const application = { generation: undefined, mistakes: [], apis: [], ...some };
  return conditionsOf(application, findingsOf(application, now, 14 * day));
}
