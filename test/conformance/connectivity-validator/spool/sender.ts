import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { X } from "../certificates.ts";
import { binaryEvent } from "../events.ts";

export interface Sender {
  readonly application: string;
  /** Ids of the events that were acknowledged, in order. */
  readonly acknowledged: readonly string[];
  /** How many of these acknowledgements said that the event is queued. */
  readonly queued: number;
  stop(): Promise<void>;
}

/** So many events by themselves, and then a batch of as many as fit between them. */
const inBatch = 3;
const untilBatch = 6;

/**
 * Sends events of an Application one after the other, and now and then a batch, as senders are asked to: what is not
 * acknowledged is sent again with the same ids, to the next of the ports.
 */
export function startSender(application: string, ports: readonly number[]): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const acknowledged: string[] = [];
  const data = { order: 1, text: "x".repeat(600) };
  const structured = (id: string) => ({ specversion: "1.0", id, source: application, type: "order.created.v1", data });
  let queued = 0;
  let stopping = false;
  let turn = 0;

  const post = (ids: readonly string[]): Promise<boolean> =>
    new Promise((resolve) => {
      const [first = "", ...more] = ids;
      const isBatch = more.length > 0;
      const event = isBatch ? ["Content-Type: application/cloudevents-batch+json"] : binaryEvent(application, first);
      const lines = [...event, `X-Forwarded-Client-Cert: ${X("compat", `CN=${application}`)}`];
      const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const port = ports[turn % ports.length];
      const call = request(
        { port, host: "127.0.0.1", agent, method: "POST", path: `/${application}/events`, headers, timeout: 5_000 },
        (response) => {
          const isAcknowledged = response.statusCode === 204;
          if (isAcknowledged && response.headers["delivery"] === "queued") queued += ids.length;
          response.on("error", () => undefined).resume();
          response.on("close", () => resolve(isAcknowledged));
        },
      );
      call.on("timeout", () => call.destroy());
      call.on("error", () => resolve(false));
      call.end(JSON.stringify(isBatch ? ids.map(structured) : data));
    });

  const work = async (): Promise<void> => {
    for (let nr = 0; !stopping; ) {
      const count = nr % (untilBatch + inBatch) === untilBatch ? inBatch : 1;
      const ids = Array.from({ length: count }, (_, at) => String(nr + at));
      while (!(await post(ids))) {
        if (stopping) return;
        turn++;
        await sleep(5);
      }
      acknowledged.push(...ids);
      nr += count;
      turn++;
      // The rest of the machine wants to run, too.
      await sleep(1);
    }
  };
  const ended = work();
  return {
    application,
    acknowledged,
    get queued() {
      return queued;
    },
    async stop() {
      stopping = true;
      await ended;
      agent.destroy();
    },
  };
}
