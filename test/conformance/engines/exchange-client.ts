import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { type Activity, breakOff, moment } from "./activity.ts";
import { type Messages, readMessages } from "./messages.ts";

/** Where a listener is, and what a client needs for its handshake. */
export interface Address {
  readonly port: number;
  readonly tls?: ConnectionOptions;
}

/** One connection of a client, and all that comes on it. */
export class ExchangeClient {
  state: "open" | "closed" | "reset" = "open";
  private readonly socket: Socket;
  private readonly methods: readonly string[];
  private received = "";

  constructor({ port, tls }: Address, methods: readonly string[], activity: Activity) {
    this.methods = methods;
    const options = { port, host: "127.0.0.1", allowHalfOpen: true };
    this.socket = tls === undefined ? connect(options) : connectTls({ ...options, ...tls } as ConnectionOptions);
    const ends = (how: "closed" | "reset") => (): void => {
      activity.heard();
      if (this.state === "open") this.state = how;
    };
    this.socket.setNoDelay(true);
    this.socket.setEncoding("latin1");
    this.socket.on("data", (text: string) => {
      activity.heard();
      this.received += text;
    });
    this.socket.on("end", ends("closed")).on("error", ends("reset")).on("close", ends("closed"));
  }

  get messages(): Messages {
    return readMessages(this.received, "responses", this.methods, this.state === "closed");
  }

  get bytes(): number {
    return this.received.length;
  }

  async send(text: string, cuts: readonly number[]): Promise<void> {
    let from = 0;
    for (const cut of [...cuts, text.length]) {
      if (from > 0) await moment();
      if (!this.socket.writable) return;
      this.socket.write(text.slice(from, cut), "latin1");
      from = cut;
    }
  }

  end(): void {
    this.socket.end();
  }

  leave(how: "close" | "reset"): void {
    if (how === "close") this.socket.destroy();
    else breakOff(this.socket);
  }
}
