import type { Application, ApplicationService } from "@application-connector/crds";
import { none, noParameters } from "@application-connector/credentials";
import type { Target } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { describe, expect, test } from "vitest";
import { basePath } from "../target/join.ts";
import { parseTargetUrl, type TargetUrl } from "../target/target-url.ts";
import type { Api } from "./api.ts";
import type { Candidate } from "./candidate.ts";
import { EntryTable } from "./entry-table.ts";

describe("finding an API", () => {
  const { table } = world();
  table.setApplication(
    application("a", [
      service("Orders", [api("http://orders")]),
      service("S One", [api("http://one", { name: "Entry 1" }), api("http://two", { name: "Entry_2" })]),
      service("Mixed", [{ type: "Events" }, api("http://mixed")]),
      service("Only Events", [{ type: "Events" }]),
      service("Dup 2", [api("http://x")]),
      service("dup--2", [api("http://y")]),
      service("日本", [api("http://nowhere")]),
      service("x".repeat(70), [api("http://long")]),
    ]),
  );

  test.each([
    ["orders", "http://orders"],
    ["mixed", "http://mixed"],
    ["x".repeat(57), "http://long"],
  ])("AG-10 by the normalised display name: %s", (segment, url) => {
    expect(table.findService("a", segment)?.entry?.candidate.targetUrl).toBe(url);
    expect(table.findService("a", segment)).toMatchObject({ prefix: `/a/${segment}` });
  });

  test.each([
    "Orders",
    "order%73",
    "technical-orders",
    "only-events",
    "",
    "日本",
    "missing",
    "__proto__",
    "constructor",
  ])("AG-11 not by %j", (segment) => {
    expect(table.findService("a", segment)).toBeUndefined();
    expect(table.findService(segment, "orders")).toBeUndefined();
  });

  test("AG-14 by the normalised names of service and entry", () => {
    expect(table.findEntry("a", "s-one", "entry-2")).toMatchObject({
      entry: { candidate: { targetUrl: "http://two" } },
      prefix: "/a/s-one/entry-2",
    });
    expect(table.findEntry("a", "s-one", "")).toBeUndefined();
    expect(table.findEntry("a", "s-one", "entry-3")).toBeUndefined();
  });

  test("AG-9 AG-15 is refused with all candidates when several match", () => {
    expect(table.findService("a", "s-one")?.problem?.status).toBe(400);
    expect(table.findService("a", "dup-2")?.problem?.message).toBe(
      "failed to get service with name 'dup-2': multiple services found: " +
        "service.ID: 'id of Dup 2', service.DisplayName: 'Dup 2', entry.Name: '' | " +
        "service.ID: 'id of dup--2', service.DisplayName: 'dup--2', entry.Name: ''",
    );
  });
});

describe("a change", () => {
  test("of an Application recompiles its own entries only, and gives the old ones back", () => {
    const { table, compiled, held } = world();
    table.setApplication(application("a", [service("One", [api("http://one")]), service("Two", [api("http://two")])]));
    table.setApplication(application("b", [service("One", [api("http://other")])]));
    compiled.length = 0;
    table.setApplication(application("a", [service("One", [api("http://new")])]));
    expect(compiled).toEqual(["http://new"]);
    expect([...held].sort()).toEqual(["http://new", "http://other"]);
    expect(table.findService("a", "two")).toBeUndefined();
    table.removeApplication("a");
    expect([...held]).toEqual(["http://other"]);
    expect(table.findService("a", "one")).toBeUndefined();
  });

  test("that is none to the routes compiles nothing", () => {
    const { table, compiled } = world();
    table.setApplication(application("a", [service("One", [api("http://one")])]));
    const before = table.findService("a", "one");
    table.setApplication(application("a", [service("One", [api("http://one")])]));
    expect(compiled).toEqual(["http://one"]);
    expect(table.findService("a", "one")).toBe(before);
  });

  test("of a Secret recompiles what uses it, in place", () => {
    const { table, compiled, secrets } = world();
    const credentials = { type: "Basic", secretName: "crm" };
    table.setApplication(
      application("a", [
        service("With", [api("http://with", { credentials })]),
        service("Headers", [api("http://headers", { requestParametersSecretName: "crm" })]),
        service("Without", [api("http://without")]),
      ]),
    );
    const route = table.findService("a", "with");
    expect(route?.entry?.state.problem?.message).toBe("no secret crm");
    compiled.length = 0;
    secrets.add("crm");
    table.secretChanged("crm");
    expect(compiled).toEqual(["http://with", "http://headers"]);
    expect(route?.entry?.state.api).toBeDefined();
    compiled.length = 0;
    table.secretChanged("unrelated");
    expect(compiled).toEqual([]);
  });

  test("for the worse, and then for the better, is told once", () => {
    const { table, secrets, told } = world();
    table.setApplication(
      application("a", [service("With", [api("http://with", { credentials: { type: "Basic", secretName: "crm" } })])]),
    );
    table.secretChanged("crm");
    secrets.add("crm");
    table.secretChanged("crm");
    table.secretChanged("crm");
    expect(told).toEqual(["With: no secret crm", "With"]);
  });

  test("that makes two APIs clash is told for both, once", () => {
    const { table, told } = world();
    const services = [service("Dup 2", [api("http://x")]), service("日本", [api("http://y")])];
    table.setApplication(application("a", services));
    table.setApplication(application("a", [...services, service("dup--2", [api("http://z")])]));
    table.setApplication(application("a", [...services, service("dup--2", [api("http://new")])]));
    expect(told).toEqual([
      "日本: no path leads to a service with the name '日本'",
      expect.stringMatching(/^Dup 2: failed to get service with name 'dup-2': multiple services found: /),
      expect.stringMatching(/^dup--2: failed to get service with name 'dup-2': multiple services found: /),
    ]);
  });

  test("that makes thousands of APIs clash is told in few words", () => {
    const { table, told } = world();
    const twins = Array.from({ length: 2_000 }, () => api("http://x"));
    table.setApplication(application("a", [service("One", twins)]));
    expect(told.length).toBe(2_000);
    expect(told[0]?.length).toBeLessThan(2_000);
    expect(told[0]).toMatch(/ \| and 1990 more$/);
  });

  test("keeps what was counted while an entry keeps its path", () => {
    const { table } = world();
    const counted = {} as NonNullable<ReturnType<typeof stats>>;
    function stats() {
      return table.findService("a", "one")?.entry?.stats;
    }
    table.setApplication(application("a", [service("One", [api("http://one")])]));
    const { entry } = table.findService("a", "one") ?? {};
    if (entry !== undefined) entry.stats = counted;
    table.setApplication(application("a", [service("One", [api("http://new")])]));
    expect(stats()).toBe(counted);
  });
});

describe("credentials", () => {
  test.each([
    [undefined, undefined],
    [{ type: "", secretName: "" }, undefined],
    [{ type: "", secretName: "s" }, "no secret s"],
    [{ type: "Foo", secretName: "s" }, "no secret s"],
  ])("AG-33 %j", (credentials, problem) => {
    const { table } = world();
    table.setApplication(application("a", [service("One", [api("http://one", credentials && { credentials })])]));
    expect(table.findService("a", "one")?.entry?.state.problem?.message).toBe(problem);
  });
});

type Entry = NonNullable<ApplicationService["entries"]>[number];

function world() {
  const compiled: string[] = [];
  const held = new Set<string>();
  const secrets = new Set<string>();
  const told: string[] = [];
  const toldOfApplications: string[] = [];
  const table = new EntryTable({
    compile(candidate) {
      for (const name of [candidate.credentials?.secretName, candidate.requestParametersSecret || undefined]) {
        if (name !== undefined && !secrets.has(name)) throw new Problem("SECRET_NOT_FOUND", `no secret ${name}`);
      }
      compiled.push(candidate.targetUrl);
      held.add(candidate.targetUrl);
      return apiOf(candidate, () => held.delete(candidate.targetUrl));
    },
    onApplicationMistakes: (name, mistakes) =>
      toldOfApplications.push([name, ...mistakes.map(({ message }) => message)].join(": ")),
    onMistakes: ({ displayName }, mistakes) =>
      told.push([displayName, ...mistakes.map(({ message }) => message)].join(": ")),
  });
  return { table, compiled, held, secrets, told, toldOfApplications };
}

function apiOf({ targetUrl }: Candidate, release: () => void): Api {
  return {
    target: {} as Target,
    url: parseTargetUrl(targetUrl) as TargetUrl,
    base: basePath("", true),
    encodeUrl: true,
    credential: none(),
    parameters: noParameters,
    purgeCodes: [],
    keepsTrailingSlash: false,
    allowsDotSegments: false,
    redirects: "rewrite",
    limits: {
      requestIdleTimeoutMs: 0,
      responseTimeoutMs: 0,
      bodyIdleTimeoutMs: 0,
      maxDurationMs: 0,
      tunnelIdleTimeoutMs: 0,
      maxRequestBodyBytes: 0,
      maxResponseBodyBytes: 0,
    },
    strip: {},
    stripWithExternalToken: {},
    forwardsAddress: true,
    responseHeaders: undefined,
    admission: undefined,
    circuit: undefined,
    retry: undefined,
    warnings: [],
    isReplaced: false,
    hold: () => undefined,
    letGo: () => undefined,
    release,
  };
}

function application(name: string, services: ApplicationService[]): Application {
  return { metadata: { name, uid: `uid of ${name}` }, spec: { services } } as Application;
}

function service(displayName: string, entries: Entry[]): ApplicationService {
  return { id: `id of ${displayName}`, name: `technical-${displayName}`, displayName, entries } as ApplicationService;
}

function api(targetUrl: string, more: Partial<Entry> = {}): Entry {
  return { type: "API", targetUrl, ...more };
}
