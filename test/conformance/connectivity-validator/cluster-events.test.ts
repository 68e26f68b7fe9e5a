import { X509Certificate } from "node:crypto";
import { createAuthority } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { encodePem, GW } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { application, reference, startWorld, type World } from "./world.ts";

const prefix = "inbound.applicationconnector.kyma-project.io";
const day = 86_400_000;

async function started(...options: Parameters<typeof startWorld>): Promise<World> {
  const world = await startWorld(...options);
  onTestFinished(() => world.stop());
  return world;
}

interface ClusterEvent {
  reason: string;
  note: string;
  type: string;
  regarding: { kind: string; name: string };
}
const eventsIn = ({ kubeApi }: World) =>
  kubeApi.list({ apiVersion: "events.k8s.io/v1", kind: "Event" }) as unknown as ClusterEvent[];
const told = (world: World) =>
  eventsIn(world).map(({ reason, regarding, note }) => `${regarding.kind}/${regarding.name} ${reason}: ${note}`);

test("an annotation that cannot be used, and names that Eventing takes for one, are Events of the Application", async () => {
  const bad = application("my-app", {}, { annotations: { [`${prefix}/rate-limit`]: "fast" } });
  const world = await started({ applications: [bad, application("my.app")] });
  await expect
    .poll(() => told(world).toSorted(), { timeout: 10_000 })
    .toEqual([
      expect.stringMatching(/^Application\/my-app AnnotationUnusable: annotation .*rate-limit must be a rate/),
      expect.stringMatching(/^Application\/my[.-]app NameCollision: /),
    ]);
  expect(eventsIn(world).map(({ type }) => type)).toEqual(["Warning", "Warning"]);
  world.kubeApi.patchObject(reference("my-app"), { metadata: { annotations: { [`${prefix}/rate-limit`]: "5/s" } } });
  await expect.poll(async () => (await world.health("/metrics")).text).not.toContain("annotation_mistakes{");
});

test("a client certificate that ends soon is told once, and counts until then", async () => {
  const world = await started({ profile: "strict" });
  const authority = createAuthority({ subject: "CN=CA" });
  const call = (notAfter: Date) => {
    const { certificate } = authority.issue({ subject: "CN=std", usage: ["client"], notAfter });
    const hash = new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();
    const xfcc = `Hash=${hash};Cert="${encodePem(certificate)}";Subject="CN=std";URI=${GW}`;
    return () => world.call("/std/events", { xfcc, headers: binaryEvent("std"), body: anyBody });
  };
  const fresh = call(new Date(Date.now() + 20 * day));
  const old = call(new Date(Date.now() + 13 * day));
  for (const send of [fresh, old, old, old]) expect((await send()).status).toBe(200);
  await expect
    .poll(() => told(world), { timeout: 10_000 })
    .toEqual([
      expect.stringMatching(/^Application\/std ClientCertificateExpires: the client certificate of std expires at /),
    ]);
});

test("nobody writes Events when they are not wanted", async () => {
  const bad = application("std", {}, { annotations: { [`${prefix}/paused`]: "no" } });
  const world = await started({ applications: [bad], flags: ["--applicationEvents=false"] });
  expect(told(world)).toEqual([]);
});
