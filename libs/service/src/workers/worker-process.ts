import cluster, { type Worker } from "node:cluster";
import type { Readable, Writable } from "node:stream";
import type { LogLevel } from "../log/log-level.ts";
import type { ApiAnswer, ApiRequest, FromWorker, ToWorker } from "./messages.ts";
import { logLevelVariable, slotVariable } from "./worker.ts";

/** How long a worker may take to answer for its part of an API. */
const answerMs = 5_000;

export interface WorkerEvents {
  onApi(worker: WorkerProcess, api: number, port: number, host: string | undefined): void;
  onStarted(worker: WorkerProcess): void;
  onExit(worker: WorkerProcess, code: number | null, signal: string | null): void;
}

/** One of the processes that a program consists of, as the first one sees it. */
export class WorkerProcess {
  readonly number: number;
  readonly pid: number | undefined;
  readonly startedAt = performance.now();
  isStarted = false;
  /** It has read its files, and does something. */
  isAlive = false;
  private readonly worker: Worker;
  private readonly asked = new Map<number, (answer: ApiAnswer | undefined) => void>();
  private lastId = 0;
  /** Pings in a row that it has not answered. */
  private missed = 0;

  constructor(number: number, events: WorkerEvents, logLevel: LogLevel | undefined) {
    const level = logLevel === undefined ? {} : { [logLevelVariable]: logLevel };
    const worker = cluster.fork({ [slotVariable]: String(number), ...level });
    this.number = number;
    this.worker = worker;
    this.pid = worker.process.pid;
    const { stdout, stderr } = worker.process;
    if (stdout !== null) passLines(stdout, process.stdout);
    if (stderr !== null) passLines(stderr, process.stderr);
    worker.on("error", () => {
      // It was never there, so that it does not exit either.
      if (this.pid === undefined) events.onExit(this, null, null);
    });
    worker.on("message", (message: FromWorker) => {
      this.missed = 0;
      this.isAlive = true;
      if (message.kind === "pong") return;
      if (message.kind === "answer") this.asked.get(message.id)?.(message.answer);
      else if (message.kind === "api") events.onApi(this, message.api, message.port, message.host);
      else {
        this.isStarted = true;
        events.onStarted(this);
      }
    });
    worker.on("exit", (code: number | null, signal: string | null) => {
      for (const answer of [...this.asked.values()]) answer(undefined);
      events.onExit(this, code, signal);
    });
  }

  send(message: ToWorker): void {
    if (this.worker.isConnected()) this.worker.process.send?.(message, undefined, {}, () => undefined);
  }

  /** Undefined when no answer came in time. */
  ask(api: number, request: ApiRequest): Promise<ApiAnswer | undefined> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      const done = (answer: ApiAnswer | undefined): void => {
        clearTimeout(timer);
        this.asked.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(done, answerMs, undefined);
      this.asked.set(id, done);
      this.send({ kind: "request", id, api, request });
    });
  }

  /** Asks for a sign of life; how many it owes. */
  ping(): number {
    this.send({ kind: "ping" });
    return this.missed++;
  }

  kill(): void {
    this.worker.process.kill("SIGKILL");
  }
}

const newline = 0x0a;
/** A line longer than this may be torn. */
const maxLineBytes = 1024 * 1024;

/** Passes whole lines on, so that those of several processes don't get into each other, as fast as they are taken. */
function passLines(from: Readable, to: Writable): void {
  let rest: Buffer = Buffer.alloc(0);
  from.on("data", (chunk: Buffer) => {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = all.length > maxLineBytes ? all.length : all.lastIndexOf(newline) + 1;
    rest = Buffer.from(all.subarray(end));
    if (end === 0 || to.write(all.subarray(0, end))) return;
    from.pause();
    to.once("drain", () => from.resume());
  });
  from.on("end", () => void (rest.length > 0 && to.write(rest)));
  from.on("error", () => undefined);
}
