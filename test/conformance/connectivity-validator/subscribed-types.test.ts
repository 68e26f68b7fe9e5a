import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { expect, onTestFinished, test } from "vitest";
import { X } from "./certificates.ts";
import { otherValidator } from "./other/other-validator.ts";
import { subscription, subscriptionDefinition } from "./subscriptions.ts";
import { application, startWorld, type WorldOptions } from "./world.ts";

const xfcc = X("strict", "CN=std");
const path = "/std/v1/events/subscribed";

/** A validator that publishes to a stream. There is none, so that it is ready because it can keep events until there is. */
async function started(options: WorldOptions) {
  const folder = await mkdtemp(join(tmpdir(), "subscribed-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const flags = ["--delivery=nats", "--natsUrl=nats://127.0.0.1:1", `--spoolDir=${folder}`, ...(options.flags ?? [])];
  const world = await startWorld({ profile: "strict", applications: [application("std")], ...options, flags });
  onTestFinished(() => world.stop());
  const ask = async () => {
    const response = await world.call(path, { xfcc, method: "GET" });
    return [response.status, response.header("content-type"), JSON.parse(response.text)];
  };
  return { ...world, ask };
}

test.skipIf(otherValidator !== undefined)(
  "B-08 without a publisher proxy, subscribed types are read from Subscriptions, as they come and go",
  async () => {
    const { ask, kubeApi, echo, call } = await started({
      crds: [...customResourceDefinitions, subscriptionDefinition],
      applications: [
        application("std"),
        subscription("one", { source: "std", types: ["order.created.v1"] }),
        subscription("exact", { source: "", typeMatching: "exact", types: ["sap.kyma.custom.std.order.paid.v2"] }),
        subscription("other", { source: "other", types: ["other.created.v1"] }),
      ],
    });
    const one = { name: "order.created", version: "v1" };
    const two = { name: "order.paid", version: "v2" };
    // In any order.
    const answer = (...eventsInfo: object[]) => [
      200,
      "application/json",
      { eventsInfo: expect.arrayContaining(eventsInfo) },
    ];
    await expect.poll(ask).toEqual(answer(one, two));
    expect((await ask())[2].eventsInfo).toHaveLength(2);
    kubeApi.create(subscription("late", { source: "std", types: ["late.v1"] }));
    await expect.poll(async () => (await ask())[2].eventsInfo).toContainEqual({ name: "late", version: "v1" });
    for (const name of ["one", "exact", "late"])
      kubeApi.delete({
        apiVersion: "eventing.kyma-project.io/v1alpha2",
        kind: "Subscription",
        name,
        namespace: "default",
      });
    await expect.poll(ask).toEqual([200, "application/json", { eventsInfo: [] }]);
    // Nobody but the Application itself is told, and Eventing is not asked.
    expect((await call(path, { xfcc: X("strict", "CN=other"), method: "GET" })).status).toBe(403);
    expect(echo.seen).toEqual([]);
  },
);

test.skipIf(otherValidator !== undefined)("where Subscriptions cannot be read, Eventing is asked", async () => {
  const { ask } = await started({});
  expect(await ask()).toMatchObject([200, "application/json", { method: "GET", path }]);
});
