import type { ServerResponse } from "node:http";

/** A client that lets this much news pile up is cut off, so that it cannot take the server's memory. */
const maxWaitingLength = 8 * 1024 * 1024;
/** Small lines travel together: a write for each of ten thousand would cost more than the lines. */
const batchLength = 64 * 1024;

/** Text that is made when its turn has come, since one form of the objects depends on what was sent before. */
export interface Line {
  /** About how long the text is going to be. */
  length: number;
  text: () => string;
}

/**
 * What a watch has yet to send. Written in order and no faster than the client reads: first the beginning, which is
 * made on the way and may be of any length, then the news. Only news counts against the bound.
 */
export class Outbox {
  readonly #response: ServerResponse;
  #beginning: Iterator<string> | undefined;
  #waiting: Line[] = [];
  #waitingLength = 0;
  #isClosing = false;
  #isMuted = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("drain", () => this.#flush());
  }

  get isOpen(): boolean {
    return !this.#isClosing && !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** To be called before anything else is added. */
  begin(lines: Iterable<string>): void {
    this.#beginning = lines[Symbol.iterator]();
    this.#flush();
  }

  add(line: Line): void {
    if (this.#isMuted || !this.isOpen) return;
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#flush();
    if (this.#waitingLength > maxWaitingLength) this.cutOff();
  }

  /** Nothing is sent any more, but the connection stays: a peer that is gone without saying so. */
  mute(): void {
    this.#isMuted = true;
    this.#forget();
  }

  /** Ends the answer behind everything that was added. */
  end(): void {
    if (this.#isMuted) return;
    this.#isClosing = true;
    this.#flush();
  }

  /** Ends the answer now: what the client did not fetch yet, it misses, and can ask for by the last revision it saw. */
  cutOff(): void {
    this.#forget();
    this.end();
  }

  #forget(): void {
    this.#beginning = undefined;
    this.#waiting = [];
    this.#waitingLength = 0;
  }

  #flush(): void {
    if (this.#isMuted) return;
    while (!this.#response.writableNeedDrain) {
      const text = this.#nextBatch();
      if (text === "") break;
      this.#response.write(text);
    }
    const isDone = !this.#beginning && this.#waiting.length === 0;
    if (this.#isClosing && isDone && !this.#response.writableEnded) this.#response.end();
  }

  #nextBatch(): string {
    let batch = "";
    while (this.#beginning && batch.length < batchLength) {
      const { done, value } = this.#beginning.next();
      if (done) this.#beginning = undefined;
      else batch += value;
    }
    let taken = 0;
    for (; batch.length < batchLength && taken < this.#waiting.length; taken += 1) {
      const line = this.#waiting[taken] as Line;
      this.#waitingLength -= line.length;
      batch += line.text();
    }
    if (taken > 0) this.#waiting.splice(0, taken);
    return batch;
  }
}
