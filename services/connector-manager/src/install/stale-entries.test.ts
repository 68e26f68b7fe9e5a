import { expect, test } from "vitest";
import { staleEntriesPatch } from "./stale-entries.ts";

const metadata = { name: "x", resourceVersion: "7" };
const service = (...ports: object[]) => ({ metadata, spec: { ports } });
const wanted = service({ name: "http", port: 80 }, { name: "api", port: 81 });

test("what was renumbered has its number back, what others added stays", () => {
  const live = service(
    { name: "http", port: 90, protocol: "TCP" },
    { name: "theirs", port: 99, protocol: "TCP" },
    { name: "api", port: 91, protocol: "TCP" },
  );
  expect(staleEntriesPatch(live, wanted)).toEqual([
    { op: "test", path: "/metadata/resourceVersion", value: "7" },
    { op: "replace", path: "/spec/ports/0", value: { name: "http", port: 80 } },
    { op: "replace", path: "/spec/ports/2", value: { name: "api", port: 81 } },
  ]);
});

test("ports of containers are found, wherever the container stands", () => {
  const pod = (...containers: object[]) => ({ metadata, spec: { template: { spec: { containers } } } });
  const live = pod({ name: "sidecar", ports: [] }, { name: "app", ports: [{ name: "http", containerPort: 1 }] });
  const patch = staleEntriesPatch(live, pod({ name: "app", ports: [{ name: "http", containerPort: 2 }] }));
  expect(patch?.[1]).toEqual({
    op: "replace",
    path: "/spec/template/spec/containers/1/ports/0",
    value: { name: "http", containerPort: 2 },
  });
});

test("nothing is in the way of what an apply can do by itself", () => {
  expect(staleEntriesPatch(service({ name: "http", port: 80, nodePort: 30_000 }), wanted)).toBeUndefined();
  expect(staleEntriesPatch({ metadata }, wanted)).toBeUndefined();
});
