import { X509Certificate } from "node:crypto";
import { formatName, parseXfcc, readSubject } from "@application-connector/x509";
import { afterAll, beforeAll, expect, test } from "vitest";
import { subjects } from "../conformance/connectivity-validator/subjects.ts";
import { application, ucl } from "../conformance/connectivity-validator/world.ts";
import { type Mesh, startMesh, type Way } from "./mesh.ts";

// The same certificate by every way: what Envoy says in a header must mean what the certificate itself means.

const trusted: readonly Way[] = ["sanitizing", "appending", "single", "builtIn"];
const rows = subjects.map((subject, index) => ({ ...subject, application: `row-${index}` }));

let mesh: Mesh;
beforeAll(async () => {
  const named = rows.map(({ application: name, is }) => application(name, ucl(is ?? "victim")));
  mesh = await startMesh({ applications: [...named, application("other"), application("victim")] });
});
afterAll(() => mesh.stop());

/** 0: the connection ended without an answer. */
const statusOf = (way: Way, name: string, client: Parameters<Mesh["call"]>[2]): Promise<number> =>
  mesh.call(way, `/${name}/events`, client).then(
    ({ status }) => status,
    () => 0,
  );

test("the table is long enough to mean something", () => {
  expect(rows.length).toBeGreaterThanOrEqual(60);
});

test.each(rows)("$title: $is", async ({ subject, is, application: own }) => {
  const client = mesh.clients.issue({ subject, usage: ["client"] });
  const byWay = async (name: string) =>
    Object.fromEntries(
      await Promise.all(trusted.map(async (way) => [way, await statusOf(way, name, client)] as const)),
    );
  const all = (status: number) => Object.fromEntries(trusted.map((way) => [way, status]));
  expect(await byWay(own)).toEqual(all(is === undefined ? 403 : 200));
  expect(await byWay("other")).toEqual(all(403));
  expect(await statusOf("evil", own, client)).toBe(403);
});

test.each(rows)("Envoy's header about $title is what we make of the certificate", async ({ subject }) => {
  const client = mesh.clients.issue({ subject, usage: ["client"] });
  const { raw, fingerprint256 } = new X509Certificate(client.certificate);
  const [element, ...more] = parseXfcc(await mesh.headerOf(client));
  expect(more).toEqual([]);
  expect(element?.subject).toBe(formatName(readSubject(raw)));
  expect(element?.hash).toBe(fingerprint256.replaceAll(":", "").toLowerCase());
  expect(new X509Certificate(decodeURIComponent(element?.cert ?? "")).raw).toEqual(raw);
});
