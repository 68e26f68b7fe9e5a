import type { Application } from "@application-connector/crds";
import type { Handler, Informer } from "@application-connector/kube";
import { expect, onTestFinished, test } from "vitest";
import { unrestricted } from "../policy/settings.ts";
import { type CacheOptions, createApplicationCache, keepOfApplication } from "./application-cache.ts";

const rules = {
  prefixes: { v1: "/%%APP_NAME%%/v1/events", v2: "/%%APP_NAME%%/v2/events", events: "/%%APP_NAME%%/events" },
  placeholder: "%%APP_NAME%%",
  emptyClientIds: "name",
  tenantGroup: "ignore",
  annotationPrefix: "inbound",
  settings: unrestricted,
} as const;

interface More {
  ids?: string[];
  deleted?: boolean;
  annotations?: Record<string, string>;
}
const application = (name: string, more: More = {}): Application => ({
  metadata: {
    name,
    ...(more.deleted ? { deletionTimestamp: "2030-01-01T00:00:00Z" } : {}),
    ...(more.annotations ? { annotations: more.annotations } : {}),
  },
  spec: more.ids ? { compassMetadata: { authentication: { clientIds: more.ids } } } : {},
});

function world(syncPeriodMs = 0) {
  const objects = new Map<string, Application>();
  const lines: string[] = [];
  const mistakes: string[] = [];
  let handler: Handler<Application> = {};
  const informer = {
    hasSynced: true,
    get: (name: string) => objects.get(name),
    list: () => [...objects.values()],
    subscribe(given: Handler<Application>) {
      handler = given;
      return () => {
        handler = {};
      };
    },
  };
  const log = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
  const cache = createApplicationCache(informer as unknown as Informer<Application>, {
    rules,
    log: { info: log("info"), warn: log("warn") } as unknown as CacheOptions["log"],
    syncPeriodMs,
    events: {
      annotationUnusable: ({ name }, { annotation }) => void mistakes.push(`${name} ${annotation}`),
      namesCollide: ({ name }, others) => void mistakes.push(`${name} is like ${others}`),
    },
  });
  onTestFinished(() => cache.stop());
  return {
    cache,
    lines,
    mistakes,
    objects,
    put(now: Application) {
      const old = objects.get(now.metadata.name);
      objects.set(now.metadata.name, now);
      if (old === undefined) handler.add?.(now);
      else handler.update?.(old, now);
    },
    delete(name: string) {
      const old = objects.get(name);
      objects.delete(name);
      if (old !== undefined) handler.delete?.(old, false);
    },
  };
}

test("entries come, change and go with their Applications, and the log says so in upstream's words", () => {
  const { cache, put, delete: remove, lines } = world();
  put(application("a", { ids: ["id1"] }));
  expect(cache.get("a")?.acceptedNames).toEqual(new Set(["id1"]));
  put(application("a", { ids: ["id2"] }));
  expect(cache.get("a")?.acceptedNames).toEqual(new Set(["id2"]));
  remove("a");
  expect(cache.get("a")).toBeUndefined();
  const values = (id: string) => `{[${id}] /a/v1/events /a/v2/events /a/events}`;
  expect(lines).toEqual([
    `info Added/Updated the application in the cache with values ${values("id1")}`,
    `info Added/Updated the application in the cache with values ${values("id2")}`,
    "info Application not found, deleting from the cache.",
    `warn Deleted the application from the cache with values ${values("id2")}`,
  ]);
});

test("an Application that waits for its finalizers is gone at once, and stays gone", () => {
  const { cache, put, delete: remove, lines } = world();
  put(application("a"));
  put(application("a", { deleted: true }));
  expect(cache.get("a")).toBeUndefined();
  expect(lines.slice(1)).toEqual([
    "info Deleted the application from the cache on graceful deletion.",
    "warn Deleted the application from the cache with values {[a] /a/v1/events /a/v2/events /a/events}",
  ]);
  put(application("a", { deleted: true }));
  remove("a");
  expect(cache.get("a")).toBeUndefined();
  expect(lines).toHaveLength(3);
});

test("an Application that is being deleted when it is first seen never comes in", () => {
  const { cache, put } = world();
  put(application("a", { deleted: true }));
  expect(cache.size).toBe(0);
});

test("counts outlive a change of the Application", () => {
  const { cache, put } = world();
  put(application("a"));
  cache.get("a")?.stats.count("v1", 200, "");
  put(application("a", { ids: ["id"] }));
  expect(cache.get("a")?.stats.answers.size).toBe(1);
});

test("a mistake in an annotation is told once, and again when it comes back; what counted before goes on", () => {
  const { cache, put, lines, mistakes } = world();
  const annotated = (rate?: string) =>
    put(application("a", rate ? { annotations: { "inbound/rate-limit": rate } } : {}));
  annotated("5/s");
  annotated("fast");
  annotated("faster");
  expect(cache.get("a")?.settings.rateLimit).toEqual({ perSecond: 5, burst: 5 });
  expect(cache.get("a")?.mistakes).toHaveLength(1);
  expect(mistakes).toEqual(["a inbound/rate-limit"]);
  expect(lines.filter((line) => line.includes("annotation"))).toHaveLength(1);
  annotated();
  expect(cache.get("a")?.mistakes).toEqual([]);
  annotated("fast");
  expect(mistakes).toHaveLength(2);
});

test("names that Eventing takes for one are told, once", () => {
  const { put, mistakes, delete: remove } = world();
  put(application("my-app"));
  put(application("my.app"));
  put(application("my.app", { ids: ["id"] }));
  expect(mistakes).toEqual(["my.app is like my-app"]);
  remove("my-app");
  put(application("myapp"));
  expect(mistakes.slice(1)).toEqual(["myapp is like my.app"]);
});

test("tokens that were spent stay spent when something else changes", () => {
  const { cache, put } = world();
  const rate = { "inbound/rate-limit": "1/m;burst=2" };
  put(application("a", { annotations: rate }));
  const bucket = cache.get("a")?.load.bucket;
  bucket?.take(Date.now());
  put(application("a", { annotations: { ...rate, "inbound/paused": "true" } }));
  expect(cache.get("a")?.load.bucket).toBe(bucket);
  put(application("a", { annotations: { "inbound/rate-limit": "2/m;burst=2" } }));
  expect(cache.get("a")?.load.bucket).not.toBe(bucket);
});

test("the sync period repairs what a lost change left behind", async () => {
  const { cache, put, objects } = world(10);
  put(application("lost"));
  objects.delete("lost");
  objects.set("late", application("late"));
  await expect.poll(() => [cache.get("lost"), cache.get("late")?.name]).toEqual([undefined, "late"]);
});

test("memory keeps nothing that no request asks for", () => {
  const object = {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "a",
      uid: "u",
      resourceVersion: "1",
      annotations: { big: "x", "inbound/paused": "true" },
      labels: { a: "b", "application-type": "shop" },
    },
    spec: { services: [{ id: "1" }], tenant: "t", compassMetadata: { authentication: { clientIds: ["id"] } } },
    status: { x: 1 },
  };
  const kept = keepOfApplication("inbound")(object as unknown as Application);
  expect(kept.metadata).toEqual({
    name: "a",
    uid: "u",
    resourceVersion: "1",
    annotations: { "inbound/paused": "true" },
    labels: { "application-type": "shop" },
  });
  expect(kept.spec).toEqual({ tenant: "t", compassMetadata: { authentication: { clientIds: ["id"] } } });
});
