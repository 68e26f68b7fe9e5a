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

/**
 * Sends events of an Application one after the other, as senders are asked to: one that is not acknowledged is sent again
 * with the same id, to the next of the ports.
 */
export function startSender(application: string, ports: readonly number[]): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const acknowledged: string[] = [];
  const body = JSON.stringify({ order: 1, text: "x".repeat(600) });
  let queued = 0;
  let stopping = false;
  let turn = 0;

  const post = (id: string): Promise<boolean> =>
    new Promise((resolve) => {
      const lines = [...binaryEvent(application, id), `X-Forwarded-Client-Cert: ${X("compat", `CN=${application}`)}`];
      const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const port = ports[turn % ports.length];
      const call = request(
        { port, host: "127.0.0.1", agent, method: "POST", path: `/${application}/events`, headers, timeout: 5_000 },
        (response) => {
          const isAcknowledged = response.statusCode === 204;
          if (isAcknowledged && response.headers["delivery"] === "queued") queued++;
          response.on("error", () => undefined).resume();
          response.on("close", () => resolve(isAcknowledged));
        },
      );
      call.on("timeout", () => call.destroy());
      call.on("error", () => resolve(false));
      call.end(body);
    });

  const work = async (): Promise<void> => {
    for (let nr = 0; !stopping; nr++) {
      const id = String(nr);
      while (!(await post(id))) {
        if (stopping) return;
        turn++;
        await sleep(5);
      }
      acknowledged.push(id);
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
