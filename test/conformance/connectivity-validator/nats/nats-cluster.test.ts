import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, onTestFinished, test } from "vitest";
import { X } from "../certificates.ts";
import { anyBody, binaryEvent } from "../events.ts";
import { startWorld } from "../world.ts";
import { messagesOf, type Nats, natsServer, sap, startNats } from "./nats-server.ts";

describe.skipIf(natsServer === undefined)("a cluster of three", () => {
  test("without a quorum nothing is acknowledged; with it again, all is well", async () => {
    const cluster = (await startNats(3)) as [Nats, Nats, Nats];
    onTestFinished(async () => {
      for (const each of cluster) await each.stop();
    });
    const add = async (): Promise<boolean> => {
      const connection = await cluster[0].client();
      const manager = await jetstreamManager(connection, { timeout: 2_000 });
      await manager.streams.add({ ...sap, num_replicas: 3 });
      await connection.close();
      return true;
    };
    await expect.poll(() => add().catch(() => false), { timeout: 30_000 }).toBe(true);
    const world = await startWorld({ flags: ["--delivery=nats", `--natsUrl=${cluster[0].url}`] });
    onTestFinished(() => world.stop());
    const outcome = async (id: string) => {
      const headers = binaryEvent("std", id);
      const response = await world.call("/std/events", { xfcc: X("compat", "CN=std"), headers, body: anyBody });
      return [response.status, response.header("target-system-status")];
    };
    await expect.poll(() => outcome("1"), { timeout: 15_000 }).toEqual([204, undefined]);
    await Promise.all([cluster[1].kill(), cluster[2].kill()]);
    expect(await outcome("2")).toEqual([502, "504"]);
    await Promise.all([cluster[1].start(), cluster[2].start()]);
    await expect.poll(() => outcome("3"), { timeout: 30_000 }).toEqual([204, undefined]);
    const ids = () => messagesOf(cluster[0]).then((messages) => messages.map(({ headers }) => headers["ce-id"]));
    await expect.poll(() => ids().catch(() => []), { timeout: 30_000 }).toEqual(expect.arrayContaining(["1", "3"]));
  }, 120_000);
});
